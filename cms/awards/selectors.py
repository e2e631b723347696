"""Reading calls and winners, for the other pages of the site."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from registry.competitions import selectors


def home_calls(limit: int = 3) -> list[selectors.CallRow]:
    """Return the calls open or soon to open, soonest deadline first, as rows."""
    return selectors.rows_of(selectors.current()[:limit])


def latest_winners(limit: int = 6) -> list[selectors.WinnerRow]:
    """Return the first winners of the results announced last."""
    return selectors.latest_winners(limit)


def for_programme(term: Any, limit: int = 6) -> list[selectors.CallRow]:
    """Return the calls tagged with a term of the programmes, latest first, as rows."""
    return selectors.rows_of(selectors.of_programme(term)[:limit])


def award_index_url(language: str) -> str:
    """Return the address of the live list of awards in a language; empty where there is none."""
    pages = apps.get_model("awardpages.AwardIndexPage").objects.live().public()
    index = pages.filter(locale__language_code=language).order_by("path").first()
    return (index.get_url() or "") if index else ""
