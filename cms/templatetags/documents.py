"""How a found document becomes a row."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from cms.documents import selectors

register = template.Library()


@register.simple_tag
def document_row(row: Any) -> dict[str, Any]:
    """Return a search result of kind `document` as `components/row_document.html` takes it.

    Whether it counts is said as of today, not as of the day it was indexed.
    """
    payload = row.payload
    return {
        "number": payload["number"],
        "url": row.url,
        "title_html": row.title_html,
        "summary_html": row.summary_html,
        "type": row.labels.get("document_type", ""),
        "issuer": row.labels.get("issuer", ""),
        "signed_on": _day(payload["signed_on"]),
        "standing": selectors.standing(
            payload["status"],
            _day(payload["effective_on"]),
            _day(payload["expires_on"]),
            _day(payload["checked_on"]),
        ),
    }


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
