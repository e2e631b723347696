"""What pages of the registry show of awards."""

from __future__ import annotations

from typing import Any

from django import template

from registry.competitions import selectors

register = template.Library()


@register.simple_tag
def award_row(row: Any) -> selectors.CallRow:
    """Return a search result of kind `award` as `components/row_award.html` takes it."""
    return selectors.found_row(row)


@register.simple_tag
def awards_of(entry: Any) -> list[selectors.WinnerRow]:
    """Return what a public entry won, latest year first."""
    return selectors.awards_of(entry)
