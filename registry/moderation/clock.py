"""How much time a case has left, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.cases.calendar import overrides_between, working_days_until
from registry.cases.models import Case

#: On the last day of a long deadline the clock calls; a deadline of one day would always call.
SOON_DAYS, LONG_DAYS = 1, 3


@dataclass(frozen=True, slots=True)
class Clock:
    """A sentence and its tone: `bad` when late, `att` on the last days."""

    text: str
    tone: str = ""
    due_at: datetime | None = None


def clock(case: Case, now: datetime, overrides: dict[date, bool]) -> Clock:
    """Return “còn 2 ngày làm việc”, “hết hạn hôm nay” or “quá hạn”."""
    due = case.due_at
    if due is None:
        return Clock("")
    if due < now:
        return Clock(_("quá hạn"), "bad", due)
    deadline = case.state_info.deadline
    if deadline is not None and not deadline.working:
        left = (timezone.localtime(due).date() - timezone.localtime(now).date()).days
        words = ngettext("còn %(days)s ngày", "còn %(days)s ngày", left)
    else:
        left = working_days_until(due, now, overrides)
        words = ngettext("còn %(days)s ngày làm việc", "còn %(days)s ngày làm việc", left)
    if left == 0:
        return Clock(_("hết hạn hôm nay"), "att", due)
    soon = left <= SOON_DAYS and deadline is not None and deadline.days >= LONG_DAYS
    return Clock(words % {"days": left}, "att" if soon else "", due)


def clocks(cases: Iterable[Case]) -> dict[int, Clock]:
    """Return case → clock, asking for the overrides once."""
    found = list(cases)
    now = timezone.now()
    ends = [case.due_at for case in found if case.due_at is not None]
    overrides = overrides_between(now.date(), max(ends).date() + timedelta(days=1)) if ends else {}
    return {case.pk: clock(case, now, overrides) for case in found}
