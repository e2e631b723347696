"""Publishing the invented events through their pages, and taking them away."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail_localize.models import LocaleSynchronization

from cms.events.demo.texts import EVENTS, FEE, MARK, ORGANISER, SPOKEN, VENUE, Told
from cms.events.models import EventIndexPage, EventPage, EventSpeaker
from registry.taxonomy import selectors as taxonomy


@transaction.atomic
def load() -> int:
    """Publish the events that are missing below the Vietnamese list; return how many."""
    index = EventIndexPage.objects.filter(locale__language_code="vi").order_by("path").first()
    if index is None:
        return 0
    made = 0
    for told in EVENTS:
        if not index.get_children().filter(slug=told.slug).exists():
            _tell(index, told)
            made += 1
    # Each Vietnamese page stands in for an English one, as after a page made in the admin.
    for follow in LocaleSynchronization.objects.filter(sync_from=index.locale):
        follow.sync_trees()
    return made


@transaction.atomic
def clear() -> int:
    """Delete the invented events; return how many."""
    own = EventPage.objects.filter(is_demo=True)
    stand_ins, pages = own.filter(alias_of__isnull=False), own.filter(alias_of__isnull=True)
    count = pages.count()
    for page in [*stand_ins, *pages]:
        page.delete()
    apps.get_model("events.Event").objects.filter(is_demo=True).delete()
    return count


def _tell(index: EventIndexPage, told: Told) -> None:
    starts, ends = _times(told)
    page = EventPage(
        title=f"{told.title} {MARK}",
        slug=told.slug,
        intro=told.intro,
        starts_at=starts,
        ends_at=ends,
        mode=told.mode,
        venue=VENUE if told.commune else "",
        commune=taxonomy.current_communes().filter(name_vi=told.commune).first(),
        online_url="https://phong-hop.example/" if told.mode != "tai_cho" else "",
        event_type=taxonomy.terms("event_type").get(code=told.type),
        sector=taxonomy.terms("sector").filter(code=told.sector).first(),
        organiser_name=ORGANISER,
        capacity=told.capacity,
        registration_url="https://dang-ky.example/" if told.registration else "",
        fee=FEE,
        spoken=SPOKEN,
        agenda=json.dumps([_session(*row) for row in told.agenda]),
        body=json.dumps([_block("text", told.text)] if told.text else []),
        is_demo=True,
        live=False,
        locale=index.locale,
    )
    page.audiences = list(taxonomy.terms("audience").filter(code__in=told.audiences))
    page.programmes = list(taxonomy.terms("programme").filter(code=told.programme))
    page.speakers = [EventSpeaker(name=name, role=role) for name, role in told.speakers]
    index.add_child(instance=page)
    page.save_revision().publish()
    if told.status != "announced":
        # First as planned, then what came of it: so the day given up is known.
        page.status, page.status_note = told.status, told.note
        if told.status == "postponed":
            page.starts_at = page.ends_at = None
        page.save_revision().publish()


def _times(told: Told) -> tuple[datetime, datetime]:
    first = timezone.localdate() + timedelta(days=told.in_days)
    last = first + timedelta(days=told.days - 1)
    begin, end = told.hours
    return (
        timezone.make_aware(datetime.combine(first, begin)),
        timezone.make_aware(datetime.combine(last, end)),
    )


def _session(at: str, title: str, note: str) -> dict[str, Any]:
    return _block("session", {"time": at, "title": title, "note": note})


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
