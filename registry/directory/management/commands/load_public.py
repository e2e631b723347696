"""Load the public institutions of the province, with their sources. Safe to run again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.directory import bulk
from registry.directory.models import Entry
from registry.directory.models.base import new_uid
from registry.taxonomy.models import Term

DATA = Path(__file__).resolve().parents[2] / "data" / "institutions.csv"
#: The day the list was compiled: what the sources said then, nobody has confirmed since.
COMPILED = date(2026, 11, 23)
TEXTS = ("name_vi", "name_en", "short_name", "website", "summary_vi", "summary_en")


class Command(BaseCommand):
    help = "Nạp các tổ chức công của tỉnh, kèm nguồn. Chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the institutions that no entry of a public source bears the name of yet."""
        known = set(
            Entry.objects.filter(kind="organisation", source=Entry.Source.REGISTER).values_list(
                "working_title", flat=True
            )
        )
        missing = [row for row in rows() if row["name_vi"] not in known]
        terms = {
            (vocabulary, code): pk
            for vocabulary, code, pk in Term.objects.filter(
                vocabulary_id__in=("role", "legal_form", "ownership", "sector")
            ).values_list("vocabulary_id", "code", "pk")
        }
        count = sum(len(batch) for batch in bulk.create_live(_item(row, terms) for row in missing))
        if count:
            self.stdout.write(_("Đã nạp %(count)s tổ chức công.") % {"count": count})
        else:
            self.stdout.write(_("Các tổ chức công đã có sẵn."))


def rows() -> Iterator[dict[str, str]]:
    """Yield the rows of the list, as text."""
    with DATA.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _item(row: dict[str, str], terms: dict[tuple[str, str], int]) -> bulk.NewEntry:
    noon = datetime.combine(COMPILED, time(12), tzinfo=timezone.get_default_timezone())
    at = min(noon, timezone.now())
    return bulk.NewEntry(
        kind="organisation",
        values={
            **{name: row[name] for name in TEXTS},
            "description_vi": row["summary_vi"],
            "description_en": row["summary_en"],
            "legal_form_id": terms[("legal_form", row["legal_form"])]
            if row["legal_form"]
            else None,
            "ownership_id": terms[("ownership", row["ownership"])] if row["ownership"] else None,
        },
        confirmed_at=at,
        published_at=at,
        terms={"sectors": [terms[("sector", code)] for code in row["sectors"].split()]},
        children={
            "roles": [
                {
                    "uid": new_uid(),
                    "role_id": terms[("role", row["role"])],
                    "since": date.fromisoformat(row["role_since"]) if row["role_since"] else None,
                }
            ]
        },
        header={
            "source": Entry.Source.REGISTER,
            "source_note": row["source_note"],
            "source_url": row["source_url"],
        },
    )
