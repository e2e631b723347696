"""The questions a moderator answers before deciding; answers are kept with the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.cases.models import Case

YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = ((YES, _("Có")), (NO, _("Không")), (UNKNOWN, _("Chưa rõ")))


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `kinds` are the kinds of entry it is asked of (none: of all)."""

    code: str
    text: Any
    kinds: tuple[str, ...] = ()


QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "moderation": (
        Question("sender", _("Người gửi là người của tổ chức này")),
        Question("legal", _("Tên, mã số thuế khớp với giấy đăng ký"), ("organisation",)),
        Question("scope", _("Nội dung thuộc phạm vi danh bạ")),
        Question("verifiable", _("Số liệu kiểm chứng được")),
        Question("transferable", _("Không thuộc diện cấm hoặc hạn chế chuyển giao"), ("offer",)),
        Question("public", _("Phần công khai không lộ bí quyết, dữ liệu cá nhân")),
        Question("single", _("Không trùng hồ sơ khác")),
        Question("wording", _("Lời văn rõ, không quảng cáo")),
    ),
    "recognition": (
        Question("seen", _("Đã xem giấy hoặc quyết định")),
        Question("issuer", _("Nơi cấp xác nhận còn hiệu lực")),
    ),
    "report": (
        Question("checked", _("Đã đối chiếu với nguồn khác")),
        Question("asked", _("Đã hỏi chủ hồ sơ")),
    ),
}


def questions(case: Case) -> list[Question]:
    """Return the questions of a case, in order."""
    return [
        question
        for question in QUESTIONS.get(case.kind, ())
        if not question.kinds or case.subject.kind in question.kinds
    ]


def answered(case: Case, payload: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return (question, answer, evidence) of what a decision's payload recorded."""
    words = dict(ANSWERS)
    given = payload.get("checklist") or {}
    return [
        (
            str(question.text),
            str(words.get(given[question.code]["answer"], "")),
            given[question.code]["evidence"],
        )
        for question in QUESTIONS.get(case.kind, ())
        if question.code in given
    ]
