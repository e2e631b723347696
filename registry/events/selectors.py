"""Reading events: lists by time, a month, what a calendar takes, the links of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registry.common.calendar import KEPT
from registry.common.wording import span, weekday
from registry.directory.disclosure import ANYONE, disclose
from registry.directory.models import Entry
from registry.events import calendar, wording
from registry.events.models import Event
from registry.taxonomy import selectors as taxonomy
from registry.taxonomy.models import Term

TYPES = "event_type"
AUDIENCES = "audience"
PROGRAMMES = "programme"

standing = wording.standing
place = wording.place
seats = wording.seats
calendar_item = calendar.item
State = Event.State
Mode = Event.Mode


@dataclass(frozen=True, slots=True)
class Filters:
    """Codes that narrow a list; empty ones do not."""

    type: str = ""
    mode: str = ""
    audience: str = ""
    commune: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A public entry behind an event: its number, name and address."""

    number: str
    name: str
    url: str


def public_events() -> QuerySet[Event]:
    """Return the public events with all that a row shows."""
    return (
        Event.objects.public()
        .select_related("type", "sector", "commune__parent", "organiser")
        .prefetch_related("texts", "audiences")
    )


def narrowed(events: QuerySet[Event], filters: Filters) -> QuerySet[Event]:
    """Return the events that have every code of the filters."""
    if filters.type:
        events = events.filter(type__code=filters.type)
    if filters.mode:
        # Who looks for a place to come to, or for a link, is served by an event that has both.
        events = events.filter(mode__in={filters.mode, Mode.BOTH})
    if filters.audience:
        events = events.filter(audiences__code=filters.audience)
    if filters.commune:
        events = events.filter(commune__code=filters.commune)
    return events


def upcoming(now: datetime | None = None, filters: Filters | None = None) -> QuerySet[Event]:
    """Return what is not over, soonest first; postponed ones without a day come last."""
    at = now or timezone.now()
    waiting = Q(state=State.POSTPONED, ends_at__isnull=True)
    events = public_events().filter(Q(ends_at__gt=at) | waiting).exclude(state=State.FINISHED)
    return narrowed(events, filters or Filters()).order_by(
        F("starts_at").asc(nulls_last=True), "pk"
    )


def past(now: datetime | None = None, filters: Filters | None = None) -> QuerySet[Event]:
    """Return what is over, latest first."""
    at = now or timezone.now()
    events = public_events().filter(Q(ends_at__lte=at) | Q(state=State.FINISHED))
    return narrowed(events, filters or Filters()).order_by("-starts_at", "-pk")


def in_month(first: date, filters: Filters | None = None) -> QuerySet[Event]:
    """Return the events that touch the month beginning at `first`, in order of time."""
    begin = timezone.make_aware(datetime(first.year, first.month, 1))
    end = timezone.make_aware(next_month(first))
    events = public_events().filter(starts_at__lt=end, ends_at__gt=begin)
    return narrowed(events, filters or Filters()).order_by("starts_at", "pk")


def next_month(first: date) -> datetime:
    """Return the first moment of the month after that of `first`, without a time zone."""
    return datetime(first.year + first.month // 12, first.month % 12 + 1, 1)


def soonest(limit: int) -> list[Event]:
    """Return the next events that will take place, for the home page."""
    events = upcoming().exclude(state=State.CANCELLED).filter(starts_at__isnull=False)
    return list(events[:limit])


def upcoming_of_programme(term: Term, limit: int) -> list[Event]:
    """Return the events to come of a programme, soonest first."""
    return list(upcoming().filter(programmes=term)[:limit])


def past_of_programme(term: Term, limit: int) -> list[Event]:
    """Return the events of a programme that are over, latest first."""
    return list(past().filter(programmes=term)[:limit])


def for_calendar(now: datetime | None = None, filters: Filters | None = None) -> QuerySet[Event]:
    """Return what a calendar subscribes to: all that is to come, and what ended of late."""
    at = (now or timezone.now()) - KEPT
    waiting = Q(ends_at__isnull=True) & (Q(planned_ends_at__gt=at) | Q(state=State.POSTPONED))
    events = public_events().filter(Q(ends_at__gt=at) | waiting)
    return narrowed(events, filters or Filters()).order_by("starts_at", "pk")


def by_number(number_slug: str) -> Event | None:
    """Return the public event of `sk-0058`; `None` when there is none."""
    return public_events().filter(number=number_slug.upper().replace("-", " ")).first()


def communes_of_events() -> dict[str, str]:
    """Return {code: name} of the communes where public events are or were held."""
    codes = (
        Event.objects.public()
        .filter(commune__isnull=False)
        .order_by("commune__code")
        .values_list("commune__code", flat=True)
        .distinct()
    )
    return taxonomy.commune_labels(codes)


def public_organisations() -> QuerySet[Entry]:
    """Return the organisations an editor may name as organiser or as a speaker's."""
    return Entry.objects.public().filter(kind="organisation").select_related("organisation")


def found_organisations(text: str) -> QuerySet[Entry]:
    """Return the public organisations whose live name or number holds the text."""
    wanted = text.replace("\x00", "").strip()[:200]
    by_name = Q(organisation__name_vi__icontains=wanted) | Q(
        organisation__name_en__icontains=wanted
    )
    return public_organisations().filter(by_name | Q(number__icontains=wanted))


def link_of(entry: Entry | None) -> Link | None:
    """Return the link to an entry; `None` where it is not public (any more)."""
    if entry is None or not entry.is_public:
        return None
    shown = disclose(entry.content, ANYONE)
    return Link(entry.number, shown.text("name"), entry.get_absolute_url())


def labels(terms: Iterable[Any]) -> list[str]:
    """Return the labels of terms in the active language."""
    return [str(term.label) for term in terms]


def takes_registrations(event: Event) -> bool:
    """Whether one may still put one's name down: an address is given, and it has not begun."""
    return wording.standing(event).code in {"registration", "postponed"} and bool(
        event.registration_url
    )


def sketch(event: Event | None, facts: Mapping[str, Any]) -> Event:
    """Return a header, never saved, as the given facts of a draft would make it."""
    made = Event(number=event.number if event else "SK", uid=event.uid if event else None)
    made.planned_starts_at = event.planned_starts_at if event else None
    made.planned_ends_at = event.planned_ends_at if event else None
    if facts["state"] == State.POSTPONED and event is not None and made.planned_starts_at is None:
        made.planned_starts_at, made.planned_ends_at = event.starts_at, event.ends_at
    for name, value in facts.items():
        if name not in {"audiences", "programmes"}:
            setattr(made, name, value)
    made.sketched = {name: list(facts[name]) for name in ("audiences", "programmes")}
    return made


def audiences_of(event: Event) -> list[Term]:
    """Return who should come, of a header or a sketch of one."""
    return _terms(event, "audiences")


def programmes_of(event: Event) -> list[Term]:
    """Return the programmes the event belongs to, of a header or a sketch of one."""
    return _terms(event, "programmes")


def _terms(event: Event, name: str) -> list[Term]:
    if event.sketched is not None:
        return list(Term.objects.filter(pk__in=event.sketched[name]))
    return list(getattr(event, name).all())


def found_row(row: Any) -> dict[str, Any]:
    """Return a search result as a row: its state is that of now, not of the day it was indexed."""
    payload = row.payload
    event = Event(
        number=payload["number"],
        state=payload["state"],
        starts_at=_moment(payload["starts_at"]),
        ends_at=_moment(payload["ends_at"]),
        mode=payload["mode"],
        registration_url="-" if payload["registration"] else "",
    )
    day = timezone.localtime(event.starts_at) if event.starts_at else None
    where = ", ".join(part for part in (payload["place"], row.labels.get("commune")) if part)
    return {
        "number": event.number,
        "url": row.url,
        "title_html": row.title_html,
        "summary_html": row.summary_html,
        "day": day,
        "weekday": weekday(day) if day else "",
        "when": span(event.starts_at, event.ends_at),
        "place": where if event.is_on_site else wording.place(event, ""),
        "type": row.labels.get("event_type", ""),
        "standing": wording.standing(event),
    }


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
