"""Opening cases and moving them: one compare-and-set, one event, one effect."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.cases.calendar import deadline_after
from registry.cases.machine import Deadline, State, Transition, machine_of, machines
from registry.cases.models import Case, CaseEvent
from registry.directory.services import lock

logger = logging.getLogger("hub.cases")


class CaseError(Exception):
    """Something about a case that its person can be told; `message` is that sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyOpen(CaseError):
    """A case with the same dedupe key is open."""


class Moved(CaseError):
    """Somebody else acted first, or the page was stale. Nothing was changed."""


class NotAllowed(CaseError):
    """The actor may not make this transition."""


class Refused(CaseError):
    """A guard objects; `messages` says why."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


def due_of(state: State, since: datetime) -> datetime | None:
    """Return when the state's deadline ends, or None."""
    if state.deadline is None:
        return None
    return deadline_after(since, state.deadline.days, working=state.deadline.working)


@transaction.atomic
def open_case(
    kind: str,
    *,
    subject: Any,
    opener: Any,
    state: str = "",
    transition: str = "open",
    side: str = "",
    number: str = "",
    dedupe_key: str = "",
    note: str = "",
    payload: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Case:
    """Open a case and write its first event; raise `AlreadyOpen` when its dedupe key is taken."""
    machine = machine_of(kind)
    start = machine.state(state or machine.starts[0])
    if start.code not in machine.starts:
        raise ValueError(f"{kind} cannot start in {start.code}")
    at = now or timezone.now()
    try:
        with transaction.atomic():
            case = Case.objects.create(
                kind=kind,
                number=number,
                state=start.code,
                subject=subject,
                opener=opener,
                created_at=at,
                state_since=at,
                due_at=due_of(start, at),
                dedupe_key=dedupe_key,
            )
    except IntegrityError as error:
        raise AlreadyOpen(_("Đã có một vụ việc đang mở cho hồ sơ này.")) from error
    CaseEvent.objects.create(
        case=case,
        seq=case.seq,
        transition=transition,
        to_state=start.code,
        actor=opener,
        side=side,
        note=note,
        payload=dict(payload or {}),
        at=at,
    )
    return case


@transaction.atomic
def act(
    case: Case,
    code: str,
    actor: Any,
    *,
    expect: int,
    side: str = "",
    reason: str = "",
    note: str = "",
    payload: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> CaseEvent:
    """Make one transition as a compare-and-set on (state, seq); return its event.

    `case` is refreshed. Raises `Moved` when the case is no longer where the caller saw it,
    `NotAllowed`, `Refused`, and whatever the effect raises; then nothing has changed.
    """
    transition = case.machine.transition(code)
    context = context or {}
    at = now or timezone.now()
    # Before the case, in the order of everything that writes an entry and then its cases.
    lock(case.subject)
    case.refresh_from_db()
    if case.seq != expect or case.state not in transition.sources or not case.is_open:
        raise Moved(_("Vụ việc đã được xử lý ở nơi khác. Xem lại trạng thái mới nhất."))
    _check(case, transition, actor, reason, note, context)
    before = case.state
    target = case.machine.state(transition.target or before)
    changes: dict[str, Any] = {"state": target.code, "seq": expect + 1}
    if transition.target:
        changes |= {"state_since": at, "due_at": due_of(target, at), "warned_at": None}
    if target.terminal:
        changes |= {"closed_at": at, "due_at": None}
    won = Case.objects.filter(pk=case.pk, state=before, seq=expect, closed_at__isnull=True).update(
        **changes
    )
    if not won:
        raise Moved(_("Vụ việc đã được xử lý ở nơi khác. Xem lại trạng thái mới nhất."))
    case.refresh_from_db()
    event = CaseEvent.objects.create(
        case=case,
        seq=case.seq,
        transition=code,
        from_state=before,
        to_state=target.code,
        actor=actor,
        side=side or ("hub" if actor is None else ""),
        reason=reason,
        note=note,
        payload=dict(payload or {}),
        at=at,
    )
    transition.effect(case, event, context)
    return event


def _check(
    case: Case,
    transition: Transition,
    actor: Any,
    reason: str,
    note: str,
    context: Mapping[str, Any],
) -> None:
    if not transition.who(actor, case):
        raise NotAllowed(_("Bạn chưa có quyền làm việc này."))
    if transition.reasons and reason not in transition.reasons:
        raise Refused([_("Chọn lý do.")])
    if transition.note_required and not note.strip():
        raise Refused([_("Ghi rõ nội dung.")])
    if objections := list(transition.guard(case, context)):
        raise Refused(objections)


def advance_due(now: datetime | None = None, limit: int = 500) -> int:
    """Make the transitions whose deadline has passed and send due warnings; return how many.

    Idempotent: each case moves by compare-and-set, each warning is sent once per state.
    """
    at = now or timezone.now()
    done = 0
    overdue = Case.objects.open().filter(_in_states(lambda item: bool(item.then)), due_at__lt=at)
    for case in overdue.order_by("due_at", "pk")[:limit]:
        deadline = case.state_info.deadline
        if deadline is None:
            continue
        try:
            act(case, deadline.then, None, expect=case.seq, now=at)
        except Moved:
            continue
        except Exception:
            # One case that cannot move must not hold up every other, at every turn of the worker.
            logger.exception("Vụ việc %s không chuyển được khi quá hạn", case.pk)
            continue
        done += 1
    return done + _warn(at, limit)


def _in_states(wanted: Callable[[Deadline], bool]) -> Q:
    # Only the states whose deadline does something, so that merely late cases never crowd them out.
    condition = Q(pk__in=[])
    for machine in machines():
        codes = [item.code for item in machine.states if item.deadline and wanted(item.deadline)]
        condition |= Q(kind=machine.kind, state__in=codes)
    return condition


def _warn(at: datetime, limit: int) -> int:
    sent = 0
    waiting = Case.objects.open().filter(
        _in_states(lambda item: item.warn is not None), warned_at__isnull=True, due_at__gte=at
    )
    for case in waiting.order_by("due_at", "pk")[:limit]:
        deadline = case.state_info.deadline
        if deadline is None or deadline.warn is None or case.due_at is None:
            continue
        if case.due_at - timedelta(days=deadline.warn_days) > at:
            continue
        with transaction.atomic():
            won = Case.objects.filter(pk=case.pk, seq=case.seq, warned_at__isnull=True).update(
                warned_at=at
            )
            if won:
                deadline.warn(case)
                sent += 1
    return sent
