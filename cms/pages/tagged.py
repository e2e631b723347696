"""What belongs to a programme: its documents, its events and its awards."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from cms.documents import selectors as documents
from cms.documents.screen import row_of
from cms.events.screen import rows_of
from registry.events import selectors as events

SHOWN = 6


def of_programme(term: Any) -> dict[str, Any]:
    """Return {documents, events, past_events, calls} of a term; empty lists without a term."""
    if term is None:
        return {"documents": [], "events": [], "past_events": [], "calls": []}
    return {
        "documents": [row_of(page) for page in documents.for_programme(term)[:SHOWN]],
        "events": rows_of(events.upcoming_of_programme(term, SHOWN)),
        "past_events": rows_of(events.past_of_programme(term, SHOWN)),
        "calls": calls_of(term),
    }


def calls_of(term: Any) -> list[Any]:
    """Return the calls tagged with the term, as the room of awards gives them."""
    found = _awards("for_programme")
    return list(found(term)) if found else []


def open_calls() -> list[Any]:
    """Return the calls that stand open or open soon, soonest deadline first."""
    found = _awards("home_calls")
    return list(found()) if found else []


def _awards(name: str) -> Any:
    # The room of awards may be left out of a site.
    if not apps.is_installed("cms.awards"):
        return None
    from importlib import import_module

    return getattr(import_module("cms.awards.selectors"), name, None)
