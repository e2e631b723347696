"""How the state of a call is written (words.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registry.common.wording import day, deadline
from registry.competitions.models import Call


@dataclass(frozen=True, slots=True)
class Standing:
    """The state as a visitor reads it: tone of the badge, name, one sentence."""

    code: str
    label: str
    sentence: str
    tone: str


def standing(call: Call, now: datetime | None = None) -> Standing:
    """Return how the call stands at a moment: what its header says, and the clock."""
    at = now or timezone.now()
    code = call.state_at(at)
    if code == Call.State.CANCELLED:
        return Standing(code, _("Đã hủy"), _("Đợt này không tổ chức."), "bad")
    if code == Call.State.AWARDED:
        sentence = _("Trao giải ngày {day}.").format(day=day(call.awarded_at))
        return Standing(code, _("Đã trao giải"), sentence, "good")
    if code == Call.State.RESULTS:
        sentence = (
            _("Trao giải ngày {day}.").format(day=day(call.awarded_at)) if call.awarded_at else ""
        )
        return Standing(code, _("Kết quả chính thức"), sentence, "good")
    if code == Call.State.CLOSED:
        coming = call.results_at is not None and call.results_at > at
        sentence = (
            _("Công bố kết quả ngày {day}.").format(day=day(call.results_at)) if coming else ""
        )
        return Standing(code, pgettext("đợt nhận hồ sơ", "Đã đóng"), sentence, "wait")
    if code == Call.State.OPEN:
        sentence = _("Bạn nộp {deadline}.").format(deadline=deadline(call.closes_at))
        return Standing(code, _("Đang nhận hồ sơ"), sentence, "good")
    sentence = _("Nhận hồ sơ từ {day}.").format(day=day(call.opens_at)) if call.opens_at else ""
    return Standing(code, _("Sắp mở"), sentence, "neutral")
