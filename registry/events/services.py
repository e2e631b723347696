"""Writing events. The only writer of headers; each call locks, logs and keeps the index true."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from registry.directory.services import next_number
from registry.events.models import Event, EventText
from registry.events.permissions import may_publish
from search import service as search_service

PREFIX = "SK"
KIND = "event"
#: States a person asks for; `finished` is the clock's.
ASKED = frozenset({Event.State.ANNOUNCED, Event.State.POSTPONED, Event.State.CANCELLED})


class EventError(Exception):
    """Something a person can be told; `message` is that sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(EventError):
    """The person may not change events."""


class Facts(TypedDict):
    """What is the same in every language."""

    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    mode: str
    online_url: str
    capacity: int | None
    registration_url: str
    type_id: int | None
    sector_id: int | None
    commune_id: int | None
    organiser_id: int | None
    audiences: Collection[int]
    programmes: Collection[int]
    is_demo: bool


class Words(TypedDict):
    """What the page of one language says."""

    url: str
    title: str
    summary: str
    body: str
    venue: str
    organiser: str
    note: str


#: Facts and words a calendar shows: when one of them changes, subscribers must hear of it.
_CALENDAR_FACTS = (
    "state",
    "starts_at",
    "ends_at",
    "mode",
    "online_url",
    "commune_id",
    "planned_starts_at",
)
_CALENDAR_WORDS = ("url", "title", "summary", "venue", "note")


@transaction.atomic
def open_event(uid: UUID) -> int:
    """Return the id of the header with that UID, made with a number when it is new."""
    known = Event.objects.filter(uid=uid).values_list("pk", flat=True).first()
    if known is not None:
        return known
    return Event.objects.create(uid=uid, number=next_number(PREFIX)).pk


@transaction.atomic
def publish_event(
    uid: UUID,
    *,
    language: str,
    page_id: int,
    facts: Facts,
    words: Words,
    actor: Any = None,
) -> Event:
    """Bring the header in line with a page that was published; return it.

    Facts follow the Vietnamese page, and another one only while there is none. A cancelled event
    stays cancelled, whatever an older version of its page says. Raises `Forbidden`, and
    `EventError` when another page speaks for the event in that language.
    """
    if not may_publish(actor):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    event = _lock(Event.objects.get(pk=open_event(uid)))
    texts = {text.language: text for text in event.texts.all()}
    held = texts.get(language)
    if held is not None and held.page_id != page_id:
        raise EventError(_("Sự kiện này đã có trang ở ngôn ngữ này."))
    before = _calendar(event, held)
    if language == settings.LANGUAGE_CODE or settings.LANGUAGE_CODE not in texts:
        _take(event, facts, actor)
    event.is_public = True
    text = _say(event, held, language, page_id, words)
    return _settle(event, changed=before != _calendar(event, text), actor=actor)


@transaction.atomic
def withdraw(uid: UUID, *, language: str) -> None:
    """Forget the words of a page that was taken off; without any page the event is not public."""
    event = Event.objects.filter(uid=uid).first()
    if event is None:
        return
    event = _lock(event)
    gone, _rows = event.texts.filter(language=language).delete()
    if not gone:
        return
    event.is_public = event.texts.exists()
    event.save(update_fields=["is_public"])
    log(instance=event, action="registry.event.withdrawn", data={"language": language})
    search_service.reindex(KIND, [event.pk])


@transaction.atomic
def cancel(event: Event, actor: Any = None, *, note: str) -> Event:
    """Cancel an event and say why; return it. Final. Raises `Forbidden`, `EventError`."""
    return _turn(event, Event.State.CANCELLED, actor, note=note)


@transaction.atomic
def postpone(
    event: Event,
    actor: Any = None,
    *,
    note: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Event:
    """Move an event to a new time, or to one still open; return it.

    Raises `Forbidden`, and `EventError` when it is over or cancelled, or the times do not fit.
    """
    if (starts_at is None) != (ends_at is None) or (
        starts_at is not None and ends_at is not None and ends_at <= starts_at
    ):
        raise EventError(_("Giờ kết thúc phải sau giờ bắt đầu."))
    return _turn(event, Event.State.POSTPONED, actor, note=note, times=(starts_at, ends_at))


def finish_due(now: datetime | None = None) -> int:
    """Mark as finished what has ended; return how many. The worker's job, harmless twice."""
    at = now or timezone.now()
    due = Event.objects.filter(
        state__in=[Event.State.ANNOUNCED, Event.State.POSTPONED], ends_at__lte=at
    )
    count = 0
    for identity in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            event = _lock(Event(pk=identity))
            if event.state == Event.State.FINISHED or not event.is_over(at):
                continue
            event.state = Event.State.FINISHED
            event.save(update_fields=["state"])
            log(instance=event, action="registry.event.finished")
            search_service.reindex(KIND, [event.pk])
        count += 1
    return count


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def _turn(
    event: Event,
    state: str,
    actor: Any,
    *,
    note: str,
    times: tuple[datetime | None, datetime | None] | None = None,
) -> Event:
    if not may_publish(actor):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    if not note.strip():
        raise EventError(_("Viết điều người dự cần biết."))
    event = _lock(event)
    if event.state in {Event.State.CANCELLED, Event.State.FINISHED}:
        raise EventError(_("Sự kiện đã hủy hoặc đã kết thúc."))
    starts, ends = times or (event.starts_at, event.ends_at)
    _set_state(event, state, starts, ends, actor)
    event.texts.update(note=note)
    return _settle(event, changed=True, actor=actor)


def _take(event: Event, facts: Facts, actor: Any) -> None:
    state = facts["state"] if facts["state"] in ASKED else Event.State.ANNOUNCED
    if event.state == Event.State.CANCELLED:
        state = Event.State.CANCELLED
    _set_state(event, state, facts["starts_at"], facts["ends_at"], actor)
    event.mode = facts["mode"]
    event.online_url = facts["online_url"]
    event.capacity = facts["capacity"]
    event.registration_url = facts["registration_url"]
    event.type_id = facts["type_id"]
    event.sector_id = facts["sector_id"]
    event.commune_id = facts["commune_id"]
    event.organiser_id = facts["organiser_id"]
    event.is_demo = facts["is_demo"]
    event.audiences.set(facts["audiences"])
    event.programmes.set(facts["programmes"])


def _set_state(
    event: Event, state: str, starts: datetime | None, ends: datetime | None, actor: Any
) -> None:
    """Set state and time together: what was planned is kept once an event is postponed."""
    old = event.state
    if state == Event.State.POSTPONED and event.planned_starts_at is None:
        event.planned_starts_at, event.planned_ends_at = event.starts_at, event.ends_at
    if state == Event.State.ANNOUNCED:
        event.planned_starts_at = event.planned_ends_at = None
    event.starts_at, event.ends_at = starts, ends
    event.state = state
    if event.is_over() and state != Event.State.CANCELLED:
        event.state = Event.State.FINISHED
    if event.state != old:
        log(
            instance=event,
            action=f"registry.event.{event.state}",
            user=actor,
            data={"from": old, "to": event.state},
        )


def _say(
    event: Event, held: EventText | None, language: str, page_id: int, words: Words
) -> EventText:
    text = held or EventText(event=event, language=language, page_id=page_id)
    text.url = words["url"]
    text.title = words["title"]
    text.summary = words["summary"]
    text.body = words["body"]
    text.venue = words["venue"]
    text.organiser = words["organiser"]
    text.note = words["note"]
    text.save()
    return text


def _calendar(event: Event, text: EventText | None) -> tuple[object, ...]:
    """Return what a calendar shows. An end alone does not make an entry new."""
    state = Event.State.ANNOUNCED if event.state == Event.State.FINISHED else event.state
    facts = tuple(state if name == "state" else getattr(event, name) for name in _CALENDAR_FACTS)
    return facts + tuple(getattr(text, name, "") for name in _CALENDAR_WORDS)


def _settle(event: Event, *, changed: bool, actor: Any) -> Event:
    if changed:
        event.sequence += 1
        event.revised_at = timezone.now()
    event.save()
    if changed:
        log(
            instance=event,
            action="registry.event.published",
            user=actor,
            data={"sequence": event.sequence},
        )
    search_service.reindex(KIND, [event.pk])
    return event
