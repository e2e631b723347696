"""How events are found: kind `event`, from what their pages published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.directory.search_source import (
    centre_of,
    choice_facet,
    commune_facet,
    sector_facet,
    term_facet,
)
from registry.events import selectors, wording
from registry.events.models import Event, EventText
from registry.taxonomy import selectors as taxonomy
from search import sources
from search.contracts import FacetSpec, SearchDocument

KIND = "event"
UPCOMING, PAST, OPEN = "sap_toi", "da_qua", "co"
WHEN: Mapping[str, Any] = {UPCOMING: _("Sắp tới"), PAST: _("Đã qua")}


def facets() -> list[FacetSpec]:
    """Return the facets of events, in the order of the page (words.md §6)."""
    return [
        term_facet("event_type", _("Loại sự kiện"), "loai-su-kien", selectors.TYPES, KIND),
        choice_facet("event_when", _("Ngày"), "ngay", WHEN, KIND, order="value"),
        choice_facet(
            "event_mode",
            pgettext_lazy("sự kiện", "Hình thức"),
            "cach-du",
            dict(Event.Mode.choices[:2]),
            KIND,
        ),
        term_facet("audience", _("Ai nên đến"), "ai-nen-den", selectors.AUDIENCES, KIND),
        choice_facet(
            "registration",
            _("Đăng ký tham dự"),
            "dang-ky",
            {OPEN: _("Đang nhận đăng ký")},
            KIND,
        ),
        commune_facet(KIND),
        sector_facet(KIND),
    ]


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the public events (of those ids), one for each language."""
    events = selectors.public_events().prefetch_related("programmes")
    if ids is not None:
        events = events.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    for event in events.order_by("pk").iterator(chunk_size=200):
        for text in event.texts.all():
            with translation.override(text.language):
                found = document(event, text)
            yield found


def document(event: Event, text: EventText) -> SearchDocument:
    """Return an event, as the page of one language tells it, as a search document."""
    commune = event.commune.code if event.commune else ""
    there = event.commune if event.is_on_site else None
    terms = [*event.audiences.all(), *event.programmes.all()]
    return SearchDocument(
        kind=KIND,
        id=str(event.pk),
        language=text.language,
        collapse_key=f"{KIND}:{event.pk}",
        title=text.title,
        url=text.url,
        summary=text.summary,
        body=text.body,
        keywords=" ".join(
            part
            for part in (
                event.number,
                text.venue,
                text.organiser,
                taxonomy.place(event.commune) if event.commune else "",
                taxonomy.search_names(event.commune) if event.commune else "",
                *_type_words(event),
                *selectors.labels(terms),
            )
            if part
        ),
        facets={
            "event_type": (event.type.code,) if event.type else (),
            "event_when": (PAST if event.is_over() else UPCOMING,),
            "event_mode": _modes(event),
            "audience": tuple(term.code for term in event.audiences.all()),
            "registration": (OPEN,) if wording.standing(event).code == "registration" else (),
            "commune": (commune,) if commune and event.is_on_site else (),
            "sector": (event.sector.code,) if event.sector else (),
        },
        confirmed_on=_announced_on(event),
        location=centre_of(there) if there else None,
        is_demo=event.is_demo,
        payload={
            "number": event.number,
            "state": event.state,
            "starts_at": event.starts_at.isoformat() if event.starts_at else "",
            "ends_at": event.ends_at.isoformat() if event.ends_at else "",
            "registration": bool(event.registration_url),
            "place": text.venue if event.is_on_site else "",
            "mode": str(event.mode),
            "commune": commune if event.is_on_site else "",
            "event_type": event.type.code if event.type else "",
        },
    )


def _announced_on(event: Event) -> date:
    """Return the day it was announced: its own where it was written down afterwards."""
    starts = event.starts_at or event.planned_starts_at
    return timezone.localdate(min(event.created_at, starts) if starts else event.created_at)


def _type_words(event: Event) -> list[str]:
    return [event.type.label, *event.type.synonyms] if event.type else []


def _modes(event: Event) -> tuple[str, ...]:
    if event.mode == Event.Mode.BOTH:
        return (Event.Mode.ON_SITE.value, Event.Mode.ONLINE.value)
    return (str(event.mode),)


def count() -> int:
    """Return how many events are public."""
    return Event.objects.public().count()


def register() -> None:
    """Make events findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=_("Sự kiện"),
            label_plural=pgettext_lazy("số nhiều", "Sự kiện"),
            documents=documents,
            count=count,
            row_template="search/rows/event.html",
            order=40,
            dated=True,
            slug="su-kien",
            in_every_language=True,
        ),
        facets(),
    )
