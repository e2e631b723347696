"""Pages of events as an editor makes them: through the page, never through the header."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cms.events.models import EventIndexPage, EventPage
from registry.events.models import Event
from search import service as search
from search.contracts import SearchQuery
from tests.factories import commune, term
from tests.snapshots import load_site

_serial = itertools.count(1)


def at(day: str, clock: str = "08:00") -> datetime:
    """Return a moment in Vietnam."""
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{clock}"))


def new_site() -> EventIndexPage:
    """Load the first pages; return the Vietnamese list of events."""
    load_site()
    return EventIndexPage.objects.get(locale__language_code="vi")


def draft(**values: Any) -> EventPage:
    """Return a page below the list, saved but not published."""
    index = EventIndexPage.objects.get(locale__language_code="vi")
    number = next(_serial)
    starts = timezone.now().replace(microsecond=0, second=0) + timedelta(days=10)
    fields = {
        "title": f"Phiên kết nối công nghệ dừa {number}",
        "slug": f"su-kien-{number}",
        "intro": "Nhà vườn và nhóm chế biến gặp nhau nửa ngày.",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "venue": "Hội trường A",
        "commune": commune("An Bình"),
        "event_type": term("event_type", "ket_noi"),
    }
    page = EventPage(live=False, locale=index.locale, **{**fields, **values})
    page.audiences = [term("audience", "htx_ho")]
    index.add_child(instance=page)
    page.save_revision()
    return page


def published(**values: Any) -> EventPage:
    """Return a page that anyone may read."""
    return publish(draft(**values))


def publish(page: EventPage, **changes: Any) -> EventPage:
    """Change a page, publish it, and return it anew."""
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return EventPage.objects.get(pk=page.pk)


def header(page: EventPage) -> Event:
    """Return the header as the database has it."""
    return Event.objects.get(uid=page.translation_key)


def html_of(client: Client, path: str, status: int = 200) -> str:
    """Return the page at a path, with ordinary spaces."""
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode().replace("\u00a0", " ")


def found(text: str, **filters: tuple[str, ...]) -> list[str]:
    """Return the titles of the events that the one search finds."""
    page = search.search(SearchQuery(text=text, kinds=("event",), filters=filters))
    return [hit.title for hit in page.hits]


def structured(client: Client, page: EventPage) -> dict[str, Any]:
    """Return the schema.org data of a page."""
    html = client.get(page.url).content.decode()
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert match is not None
    data: dict[str, Any] = json.loads(match[1])
    return data
