"""Reading calls and winners, for the other pages of the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from registry.competitions import selectors


@dataclass(frozen=True, slots=True)
class Told:
    """A round with its days in order, and what its page says of them."""

    call: Any
    days: list[selectors.KeyDay]
    said: selectors.Said


def home_calls(limit: int = 3) -> list[selectors.CallRow]:
    """Return the calls open or soon to open, soonest deadline first, as rows."""
    return selectors.rows_of(selectors.current()[:limit])


def for_programme(term: Any, limit: int = 6) -> list[selectors.CallRow]:
    """Return the calls tagged with a term of the programmes, latest first, as rows."""
    return selectors.rows_of(selectors.of_programme(term)[:limit])


def days_between(begin: datetime, end: datetime | None = None) -> list[Told]:
    """Return the public rounds that have days between two moments (or from one on), with these."""
    found = []
    for told in told_of(selectors.around(begin, end)):
        days = [day for day in told.days if begin <= day.at and (end is None or day.at < end)]
        if days:
            found.append(Told(told.call, days, told.said))
    return found


def told_of(calls: Iterable[Any]) -> list[Told]:
    """Return public rounds with all their days; what only their pages know costs one query for all."""
    speaking = {call: text.page_id for call in calls if (text := call.words) is not None}
    pages = apps.get_model("awardpages.CallPage").objects.live()
    said = {
        page_id: said_by(*rest)
        for page_id, *rest in pages.filter(pk__in=speaking.values()).values_list(
            "pk", "more_dates", "awarded_place", "status_note"
        )
    }
    return [
        Told(call, selectors.days_of(call, own), own)
        for call, page_id in speaking.items()
        for own in [said.get(page_id, selectors.Said())]
    ]


def said_by(more_dates: Any, place: str, note: str) -> selectors.Said:
    """Return what a page of a round, published or drafted, says of its days."""
    more = ((block.id or "", block.value["title"], block.value["day"]) for block in more_dates)
    return selectors.Said(tuple(more), place, note)


def award_index_url(language: str) -> str:
    """Return the address of the live list of awards in a language; empty where there is none."""
    pages = apps.get_model("awardpages.AwardIndexPage").objects.live().public()
    index = pages.filter(locale__language_code=language).order_by("path").first()
    return (index.get_url() or "") if index else ""
