"""Reading the pages of events."""

from __future__ import annotations

from django.apps import apps


def event_index_url(language: str) -> str:
    """Return the address of the live list of events in a language; empty where there is none."""
    pages = apps.get_model("eventpages.EventIndexPage").objects.live().public()
    index = pages.filter(locale__language_code=language).order_by("path").first()
    return (index.get_url() or "") if index else ""
