"""How a found event becomes a row."""

from __future__ import annotations

from typing import Any

from django import template

from registry.events import selectors

register = template.Library()


@register.simple_tag
def event_row(row: Any) -> dict[str, Any]:
    """Return a search result of kind `event` as `components/row_event.html` takes it."""
    return selectors.found_row(row)
