"""What the page of one event shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from cms.events.models import EventPage
from registry.common import wording
from registry.events import selectors

SCHEMA_STATES = {
    "announced": "EventScheduled",
    "finished": "EventScheduled",
    "cancelled": "EventCancelled",
}
ATTENDANCE = {
    "tai_cho": "OfflineEventAttendanceMode",
    "truc_tuyen": "OnlineEventAttendanceMode",
    "ket_hop": "MixedEventAttendanceMode",
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person, with a link to the organisation where it is public."""

    name: str
    role: str
    organisation: selectors.Link | None


def build(page: EventPage, request: HttpRequest, *, preview: bool = False) -> dict[str, Any]:
    """Return the template's context. What operates comes from the header, once it is public."""
    event = page.header
    if preview or event is None or not event.is_public:
        event = selectors.sketch(event, _facts(page))
    link = selectors.link_of(event.organiser)
    starts = event.starts_at or event.planned_starts_at
    context = {
        "event": event,
        "standing": selectors.standing(event),
        "preview": preview,
        "day": timezone.localtime(starts) if starts else None,
        "weekday": wording.weekday(timezone.localtime(starts)) if starts else "",
        "month": wording.month(timezone.localtime(starts)) if starts else "",
        "when": wording.span(event.starts_at, event.ends_at),
        "planned": wording.span(event.planned_starts_at, event.planned_ends_at)
        if event.state == "postponed"
        else "",
        "note": page.status_note if event.state in {"postponed", "cancelled"} else "",
        "place": selectors.place(event, page.venue),
        "online": event.entrance,
        "registration": event.registration_url if selectors.takes_registrations(event) else "",
        "audiences": selectors.labels(selectors.audiences_of(event)),
        "programmes": selectors.labels(selectors.programmes_of(event)),
        "seats": selectors.seats(event),
        "organiser": link,
        "organiser_name": link.name if link else page.organiser_name,
        "speakers": _speakers(page),
        "calendar_url": reverse("feeds:event", args=[event.number_slug])
        if event.is_public and starts
        else "",
        "feed_url": reverse("feeds:calendar"),
    }
    return context | {"structured": structured(page, context, request)}


def _facts(page: EventPage) -> dict[str, Any]:
    from cms.events.publishing import facts_of

    return facts_of(page)


def _speakers(page: EventPage) -> list[Speaker]:
    return [
        Speaker(row.name, row.role, selectors.link_of(row.organisation))
        for row in page.speakers.all()
    ]


def structured(page: EventPage, shown: dict[str, Any], request: HttpRequest) -> SafeString:
    """Return the event as schema.org data, safe inside a script element; empty without a day."""
    event = shown["event"]
    starts = event.starts_at or event.planned_starts_at
    if starts is None:
        return mark_safe("")
    ends = event.ends_at or event.planned_ends_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "identifier": event.number,
        "name": page.title,
        "description": page.intro,
        "url": page.get_full_url(request),
        "inLanguage": page.locale.language_code,
        "startDate": _iso(starts),
        "endDate": _iso(ends),
        "eventStatus": f"https://schema.org/{_schema_state(event)}",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[event.mode]}",
        "location": _locations(
            event, shown["place"], shown["online"] or page.get_full_url(request)
        ),
    }
    if event.state == "postponed" and event.starts_at and event.planned_starts_at:
        data["previousStartDate"] = _iso(event.planned_starts_at)
    if shown["organiser_name"]:
        data["organizer"] = {"@type": "Organization", "name": shown["organiser_name"]}
    if shown["speakers"]:
        data["performer"] = [
            {"@type": "Person", "name": speaker.name} for speaker in shown["speakers"]
        ]
    if event.capacity:
        data["maximumAttendeeCapacity"] = event.capacity
    text = json.dumps(data, ensure_ascii=False)
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    return mark_safe(text.translate(escapes))


def _schema_state(event: Any) -> str:
    if event.state == "postponed":
        return "EventRescheduled" if event.starts_at else "EventPostponed"
    return SCHEMA_STATES[event.state]


def _locations(event: Any, place: str, online: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.is_on_site:
        found.append({"@type": "Place", "name": place, "address": place})
    if event.is_online:
        found.append({"@type": "VirtualLocation", "url": online})
    return found


def _iso(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""
