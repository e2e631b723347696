"""iCalendar (RFC 5545): one file to add to a calendar, or a feed to subscribe to.

Rooms whose rows have a day (events, rounds of awards) give their items; the writing is here alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Vinh Long Innovation Hub//Events//VI"
ZONE = "Asia/Ho_Chi_Minh"
REFRESH = timedelta(hours=6)
#: How long a feed keeps what is over, so that a late reader still sees a cancellation.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a calendar. Its `uid` never changes, its `sequence` only grows."""

    uid: str
    created: datetime
    revised: datetime
    sequence: int
    #: A day without an hour, or a moment; without an end it lasts that day, or no time at all.
    starts: date | datetime
    ends: datetime | None
    summary: str
    description: str
    location: str
    url: str
    cancelled: bool
    categories: tuple[str, ...] = ()
    #: Whether it fills the hours of who takes it over; a deadline does not.
    busy: bool = True


def one(items: Iterable[Item]) -> bytes:
    """Return the calendar of one thing; where all is cancelled, it tells calendars to strike it off."""
    taken = list(items)
    cancelled = bool(taken) and all(item.cancelled for item in taken)
    return _written(Calendar(), "CANCEL" if cancelled else "PUBLISH", taken)


def feed(items: Iterable[Item], name: str) -> bytes:
    """Return a calendar to subscribe to; what is cancelled stays in it, marked as such."""
    calendar = Calendar()
    # The library knows no such property, and would leave its commas as they are.
    calendar.add("x-wr-calname", vText(name), encode=False)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return _written(calendar, "PUBLISH", list(items))


def _written(calendar: Calendar, method: str, items: list[Item]) -> bytes:
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if any(isinstance(item.starts, datetime) for item in items):
        calendar.add_component(_zone())
    for item in items:
        calendar.add_component(_entry(item))
    written: bytes = calendar.to_ical()
    return written


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


def _entry(item: Item) -> Event:
    entry = Event()
    entry.add("uid", item.uid)
    entry.add("dtstamp", item.revised)
    entry.add("last-modified", item.revised)
    entry.add("created", item.created)
    entry.add("sequence", item.sequence)
    entry.add("dtstart", _local(item.starts))
    if item.ends is not None:
        entry.add("dtend", _local(item.ends))
    entry.add("summary", item.summary)
    if item.location:
        entry.add("location", item.location)
    entry.add("description", item.description)
    entry.add("url", item.url)
    entry.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    if item.categories:
        entry.add("categories", list(item.categories))
    if not item.busy:
        entry.add("transp", "TRANSPARENT")
    return entry


def _local(day: date | datetime) -> date | datetime:
    return timezone.localtime(day) if isinstance(day, datetime) else day
