"""The first measures, each with its source. What exists is never changed: it is the editors'."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from registry.support.services import document_called, write_first

DATA = Path(__file__).resolve().parent / "data" / "measures.json"
DAYS = ("valid_from", "valid_to", "checked_on")


@transaction.atomic
def load() -> int:
    """Write the measures that are missing; return how many were new."""
    items = json.loads(DATA.read_text(encoding="utf-8"))
    return sum(write(item) is not None for item in items)


def write(item: dict[str, Any]) -> Any:
    """Write one measure of a catalogue; `None` when it is there already."""
    values = {
        name: date.fromisoformat(value) if name in DAYS else value
        for name, value in item["values"].items()
    }
    return write_first(
        item["seed"],
        {
            **values,
            "rule": item["rule"],
            "document": document_called(item["document"]) if item.get("document") else None,
            "is_demo": item.get("is_demo", False),
        },
        item["papers"],
        publish=item["publish"],
    )
