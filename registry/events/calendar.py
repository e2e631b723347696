"""Events as iCalendar (RFC 5545): one, or a feed. The UID of an event never changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar import Event as Entry

from registry.events import wording
from registry.events.models import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Vinh Long Innovation Hub//Events//VI"
ZONE = "Asia/Ho_Chi_Minh"
REFRESH = timedelta(hours=6)


def one(event: Event, base: str) -> bytes:
    """Return the calendar of one event; a cancelled one tells the calendar to strike it off."""
    cancelled = event.state == Event.State.CANCELLED
    calendar = _calendar("CANCEL" if cancelled else "PUBLISH")
    _add(calendar, event, base)
    return calendar.to_ical()


def feed(events: Iterable[Event], base: str, name: str) -> bytes:
    """Return a calendar to subscribe to; cancelled events stay in it, marked as such."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for event in events:
        _add(calendar, event, base)
    return calendar.to_ical()


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


def _zone() -> Timezone:
    """Return Vietnam's time: one offset, without summer time, since 1975."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


def _add(calendar: Calendar, event: Event, base: str) -> None:
    starts = event.starts_at or event.planned_starts_at
    ends = event.ends_at or event.planned_ends_at
    text = event.words
    if starts is None or ends is None or text is None:
        return
    entry = Entry()
    entry.add("uid", str(event.uid))
    entry.add("dtstamp", event.revised_at)
    entry.add("last-modified", event.revised_at)
    entry.add("created", event.created_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", timezone.localtime(starts))
    entry.add("dtend", timezone.localtime(ends))
    entry.add("summary", text.title)
    entry.add("location", wording.place(event, text.venue))
    entry.add("description", _description(event, text.summary, text.note, base + text.url))
    entry.add("url", base + text.url)
    entry.add("status", _status(event))
    if event.type:
        entry.add("categories", [event.type.label])
    calendar.add_component(entry)


def _status(event: Event) -> str:
    """A day given up is struck off, also while the new one is not known."""
    if event.state == Event.State.CANCELLED or event.starts_at is None:
        return "CANCELLED"
    return "CONFIRMED"


def _description(event: Event, summary: str, note: str, address: str) -> str:
    standing = wording.standing(event)
    first = f"{standing.label}. {note}".strip() if note else ""
    online = event.online_url if event.is_online else ""
    return "\n\n".join(part for part in (first, summary, online, address) if part)
