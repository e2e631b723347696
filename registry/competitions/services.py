"""Writing calls. The only writer of headers; each call locks, logs and keeps the index true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from registry.competitions.models import Call, CallText, Winner
from registry.competitions.permissions import may_publish
from registry.directory.services import next_number
from search import service as search_service

PREFIX = "GT"
KIND = "award"


class CallError(Exception):
    """Something a person can be told; `message` is that sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(CallError):
    """The person may not change calls."""


class Facts(TypedDict):
    """What is the same in every language."""

    cancelled: bool
    series: UUID | None
    kind: str
    year: int
    opens_at: datetime | None
    closes_at: datetime | None
    results_at: datetime | None
    awarded_at: datetime | None
    sector_id: int | None
    organiser_id: int | None
    programmes: Sequence[int]
    is_demo: bool


class Words(TypedDict):
    """What the page of one language says."""

    url: str
    title: str
    summary: str
    body: str
    organiser: str
    award: str
    award_url: str


class Won(TypedDict):
    """One line of the results."""

    prize: str
    category: str
    name: str
    work: str
    note: str
    entry_id: int | None
    offer_id: int | None


@transaction.atomic
def open_call(uid: UUID) -> int:
    """Return the id of the header with that UID, made with a number when it is new."""
    known = Call.objects.filter(uid=uid).values_list("pk", flat=True).first()
    if known is not None:
        return known
    return Call.objects.create(uid=uid, number=next_number(PREFIX)).pk


@transaction.atomic
def publish_call(
    uid: UUID,
    *,
    language: str,
    page_id: int,
    facts: Facts,
    words: Words,
    winners: Sequence[Won],
    actor: Any = None,
) -> Call:
    """Bring the header in line with a page that was published; return it.

    Facts follow the Vietnamese page, and another one only while there is none. Raises `Forbidden`,
    and `CallError` when another page speaks for the call in that language.
    """
    if not may_publish(actor):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    call = _lock(open_call(uid))
    texts = {text.language: text for text in call.texts.all()}
    held = texts.get(language)
    if held is not None and held.page_id != page_id:
        raise CallError(_("Đợt này đã có trang ở ngôn ngữ này."))
    old = call.state
    _say(call, held, language, page_id, words)
    _give(call, language, winners)
    if language == settings.LANGUAGE_CODE or settings.LANGUAGE_CODE not in texts:
        _take(call, facts)
    call.is_public = True
    call.has_results = call.winners.exists()
    call.revised_at = timezone.now()
    _turn(call, old, actor, cancelled=call.state == Call.State.CANCELLED)
    call.save()
    log(instance=call, action="registry.call.published", user=actor, data={"language": language})
    search_service.reindex(KIND, [call.pk])
    return call


@transaction.atomic
def withdraw(uid: UUID, *, language: str) -> None:
    """Forget what a page said that was taken off; without any page the call is not public."""
    known = Call.objects.filter(uid=uid).values_list("pk", flat=True).first()
    if known is None:
        return
    call = _lock(known)
    gone, _rows = call.texts.filter(language=language).delete()
    if not gone:
        return
    call.winners.filter(language=language).delete()
    call.is_public = call.texts.exists()
    call.has_results = call.winners.exists()
    call.save(update_fields=["is_public", "has_results"])
    log(instance=call, action="registry.call.withdrawn", data={"language": language})
    search_service.reindex(KIND, [call.pk])


def advance_due(now: datetime | None = None) -> int:
    """Turn the calls whose dates have come; return how many. The worker's job, harmless twice."""
    at = now or timezone.now()
    come = (
        Q(opens_at__lte=at, state=Call.State.ANNOUNCED)
        | Q(closes_at__lte=at, state__in=[Call.State.ANNOUNCED, Call.State.OPEN])
        | Q(results_at__lte=at, has_results=True)
    )
    settled = [Call.State.CANCELLED, Call.State.AWARDED]
    due = Call.objects.filter(come, is_public=True).exclude(state__in=settled)
    count = 0
    for identity in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            call = _lock(identity)
            if call.state == call.state_at(at):
                continue
            _turn(call, call.state, None, cancelled=False, at=at)
            call.save(update_fields=["state"])
            search_service.reindex(KIND, [call.pk])
        count += 1
    return count


def _lock(identity: int) -> Call:
    return Call.objects.select_for_update(of=("self",), no_key=True).get(pk=identity)


def _take(call: Call, facts: Facts) -> None:
    call.state = Call.State.CANCELLED if facts["cancelled"] else Call.State.ANNOUNCED
    call.series = facts["series"]
    call.kind = facts["kind"]
    call.year = facts["year"]
    call.opens_at = facts["opens_at"]
    call.closes_at = facts["closes_at"]
    call.results_at = facts["results_at"]
    call.awarded_at = facts["awarded_at"]
    call.sector_id = facts["sector_id"]
    call.organiser_id = facts["organiser_id"]
    call.is_demo = facts["is_demo"]
    call.programmes.set(facts["programmes"])


def _turn(call: Call, old: str, actor: Any, *, cancelled: bool, at: datetime | None = None) -> None:
    """Set the state that the dates make, and log a change."""
    if not cancelled:
        call.state = call.state_at(at)
    if call.state != old:
        log(
            instance=call,
            action=f"registry.call.{call.state}",
            user=actor,
            data={"from": str(old), "to": str(call.state)},
        )


def _say(call: Call, held: CallText | None, language: str, page_id: int, words: Words) -> None:
    text = held or CallText(call=call, language=language, page_id=page_id)
    text.url = words["url"]
    text.title = words["title"]
    text.summary = words["summary"]
    text.body = words["body"]
    text.organiser = words["organiser"]
    text.award = words["award"]
    text.award_url = words["award_url"]
    text.save()


def _give(call: Call, language: str, winners: Sequence[Won]) -> None:
    """Put the results of one language in the place of those it had."""
    call.winners.filter(language=language).delete()
    Winner.objects.bulk_create(
        Winner(call=call, language=language, position=position, **won)
        for position, won in enumerate(winners, start=1)
    )
