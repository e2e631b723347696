"""What the owner and the desk read about a listing: its state, who acts next, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from registry.cases.machine import machine_of
from registry.cases.models import Case, CaseEvent, CaseQuerySet
from registry.common.wording import deadline
from registry.directory.models import Entry
from registry.directory.selectors import is_stale
from registry.moderation.canned import REASONS
from registry.moderation.machine import MODERATION, RECOGNITION, REPORT

#: The kinds of case that are settled at the desk.
DESK_KINDS = (MODERATION.kind, RECOGNITION.kind, REPORT.kind)


@dataclass(frozen=True, slots=True)
class ListingState:
    """A listing's state as its owner reads it: derived, never stored (registry.md §3.3)."""

    code: str
    label: str
    sentence: str
    tone: str = ""
    waits_for: str = ""
    due_at: datetime | None = None


def reason_label(code: str) -> str:
    """Return the words of a reason code."""
    return str(REASONS.get(code, ""))


def case_sentence(case: Case) -> str:
    """Return the state's sentence with its deadline and reason filled in."""
    return _sentence(case, case.events.order_by("-seq").first())


def _sentence(case: Case, last: CaseEvent | None) -> str:
    return str(case.state_info.sentence) % {
        "deadline": deadline(case.due_at),
        "reason": reason_label(last.reason) if last else "",
    }


def latest_review(entry: Entry) -> Case | None:
    """Return the newest moderation case of an entry, open or closed."""
    return entry.cases.filter(kind=MODERATION.kind).order_by("-pk").first()


def listing_state(entry: Entry) -> ListingState:
    """Return the state of a listing from its lifecycle, its cases and its dates."""
    return listing_states([entry])[entry.pk]


def listing_states(entries: Sequence[Entry]) -> dict[int, ListingState]:
    """Return the states of listings by entry, in as many queries for twenty as for one."""
    reviews = Case.objects.filter(kind=MODERATION.kind, subject__in=[item.pk for item in entries])
    newest = reviews.order_by().values("subject").annotate(newest=Max("pk")).values("newest")
    latest = {case.subject_id: case for case in Case.objects.filter(pk__in=newest)}
    events = CaseEvent.objects.filter(case__in=list(latest.values()), seq=F("case__seq"))
    last = {event.case_id: event for event in events}
    reports = Case.objects.open().filter(
        kind=REPORT.kind,
        subject__in=[item.pk for item in entries if item.lifecycle == Entry.Lifecycle.LIVE],
    )
    reported = set(reports.values_list("subject", flat=True))
    return {
        entry.pk: _state(
            entry,
            case := latest.get(entry.pk),
            "" if case is None else _sentence(case, last.get(case.pk)),
            reported=entry.pk in reported,
        )
        for entry in entries
    }


def _state(entry: Entry, case: Case | None, said: str, *, reported: bool) -> ListingState:
    if entry.lifecycle == Entry.Lifecycle.LIVE and not entry.is_public:
        sentence = _("Ẩn cùng hồ sơ tổ chức; hiện lại khi hồ sơ tổ chức hiện lại.")
        return ListingState("on_hold", _("Tạm ẩn"), sentence)
    if entry.lifecycle == Entry.Lifecycle.LIVE:
        return _live_state(entry, case, said, reported=reported)
    if entry.lifecycle == Entry.Lifecycle.DRAFT:
        return _draft_state(entry, case, said)
    if entry.lifecycle == Entry.Lifecycle.REJECTED and case is not None:
        return ListingState("rejected", _("Không được duyệt"), said, "bad")
    if entry.lifecycle == Entry.Lifecycle.ON_HOLD and entry.held_by_centre:
        sentence = _("Trung tâm đã tạm ẩn hồ sơ này; chỉ Trung tâm hiện lại được.")
        return ListingState("on_hold", _("Tạm ẩn"), sentence, "bad")
    sentences = {
        Entry.Lifecycle.ON_HOLD: (_("Chỉ nhóm của bạn thấy."), ""),
        Entry.Lifecycle.EXPIRED: (_("Đã ẩn; bạn xác nhận để đăng lại."), "bad"),
        Entry.Lifecycle.ARCHIVED: (_("Bạn có thể tạo bản sao."), ""),
    }
    sentence, tone = sentences.get(Entry.Lifecycle(entry.lifecycle), ("", ""))
    return ListingState(entry.lifecycle, str(entry.get_lifecycle_display()), sentence, tone)


def _draft_state(entry: Entry, case: Case | None, said: str) -> ListingState:
    edited_since = case is not None and not case.is_open and entry.updated_at > case.closed_at
    if case is None or edited_since:
        return ListingState("draft", _("Bản nháp"), _("Chỉ nhóm của bạn thấy."))
    info = case.state_info
    return ListingState(info.code, str(info.label), said, info.tone, info.waits_for, case.due_at)


def _live_state(entry: Entry, case: Case | None, said: str, *, reported: bool) -> ListingState:
    if case is not None and case.is_open:
        if case.state == "changes_requested":
            info = case.state_info
            return ListingState(info.code, str(info.label), said, info.tone, "owner", case.due_at)
        sentence = _("Bản cũ vẫn hiển thị. Trung tâm trả lời %(deadline)s.") % {
            "deadline": deadline(case.due_at)
        }
        return ListingState(
            "revision_pending", _("Bản sửa chờ duyệt"), sentence, "wait", "centre", case.due_at
        )
    if reported:
        return ListingState(
            "flagged", _("Đang kiểm tra lại"), _("Trung tâm đang xem một báo cáo."), "att", "centre"
        )
    if is_stale(entry):
        sentence = _("Xếp sau hồ sơ còn mới đến khi bạn xác nhận.")
        return ListingState("stale", _("Chưa xác nhận lại"), sentence, "att", "owner")
    sentence = _("Bạn xác nhận lại %(deadline)s.") % {"deadline": deadline(entry.expires_at)}
    return ListingState("published", _("Đang hiển thị"), sentence, "good", due_at=entry.expires_at)


def open_cases() -> CaseQuerySet:
    """Return the open cases of the desk's kinds, whoever acts next, the nearest deadline first."""
    return (
        Case.objects.open()
        .filter(kind__in=DESK_KINDS)
        .select_related("subject", "subject__owner", "assignee", "opener", "review")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )


def queue() -> CaseQuerySet:
    """Return what waits for the desk's next step, the nearest deadline first.

    A granted certificate stays open and an approved offer may wait for its organisation: neither
    has a clock, so neither is in the queue.
    """
    turn = Q(pk__in=[])
    for kind in DESK_KINDS:
        states = machine_of(kind).states
        codes = [item.code for item in states if item.waits_for == "centre" and item.deadline]
        turn |= Q(kind=kind, state__in=codes)
    return open_cases().filter(turn)


def next_in_queue(user: Any, after: Case) -> Case | None:
    """Return the next case the user may decide, by deadline, wrapping round to the first.

    What a colleague took is left to the colleague.
    """
    own = Entry.objects.of_member(user).values("pk")
    waiting = (
        queue()
        .filter(Q(assignee__isnull=True) | Q(assignee=user))
        .exclude(subject__in=own)
        .exclude(pk=after.pk)
    )
    if after.is_open and after.due_at is not None:
        due = after.due_at
        later = waiting.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=after.pk)).first()
        if later is not None:
            return later
    return waiting.first()
