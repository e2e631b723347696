"""The states of an enquiry (marketplace.md §3.8, words.md §3).

The broker's pipeline will grow out of `introduced`, which therefore is no end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.cases.machine import Deadline, Machine, State, Transition, register, system_only
from registry.marketplace import effects
from registry.marketplace.permissions import answerer, sender

ANSWER_DAYS = 10
NUDGED_DAYS = 5

DECLINE_REASONS: Mapping[str, Any] = {
    "too_early": _("Còn quá sớm"),
    "benefit_unclear": _("Lợi ích chưa rõ"),
    "route_unclear": _("Hướng thương mại chưa rõ"),
    "description_unclear": _("Mô tả chưa rõ"),
    "science_doubtful": _("Cơ sở khoa học chưa chắc"),
    "price": _("Giá"),
    "not_our_field": _("Không đúng lĩnh vực"),
    "capacity": _("Chưa đủ nguồn lực"),
    "other": _("Khác"),
}
#: States in which the owner has yet to answer.
WAITING = ("forwarded", "no_answer")

ENQUIRY = register(
    Machine(
        kind="enquiry",
        label=_("Đề nghị kết nối"),
        prefix="ĐN",
        starts=("forwarded",),
        states=(
            State(
                "forwarded",
                _("Đã chuyển"),
                sentence=_("Chủ hồ sơ trả lời %(deadline)s."),
                tone="wait",
                waits_for="owner",
                deadline=Deadline(ANSWER_DAYS, then="nudge"),
            ),
            State(
                "no_answer",
                _("Chưa có trả lời"),
                sentence=_("Trung tâm đã nhắc; tự đóng %(moment)s."),
                tone="att",
                waits_for="owner",
                deadline=Deadline(NUDGED_DAYS, then="close"),
            ),
            State(
                "introduced",
                _("Đã kết nối"),
                sentence=_("Hai bên thấy liên hệ của nhau tại đây."),
                tone="good",
            ),
            State(
                "owner_declined",
                _("Bị từ chối"),
                sentence=_("Lý do: %(reason)s."),
                tone="bad",
                terminal=True,
            ),
            State("closed_lost", _("Không thành"), sentence=_("Đã đóng."), terminal=True),
            State("withdrawn", _("Đã rút"), sentence=_("Đã đóng."), terminal=True),
        ),
        transitions=(
            Transition(
                "accept",
                _("Chấp nhận"),
                WAITING,
                "introduced",
                answerer,
                guard=effects.contacts_ready,
                effect=effects.introduce,
                done=_("Chủ hồ sơ chấp nhận; liên hệ hai bên đã hiện"),
            ),
            Transition(
                "decline",
                _("Từ chối"),
                WAITING,
                "owner_declined",
                answerer,
                reasons=DECLINE_REASONS,
                effect=effects.tell_declined,
                done=_("Chủ hồ sơ từ chối"),
            ),
            Transition(
                "nudge",
                _("Nhắc chủ hồ sơ"),
                ("forwarded",),
                "no_answer",
                system_only,
                effect=effects.nudge,
                done=_("Trung tâm nhắc chủ hồ sơ"),
            ),
            Transition(
                "close",
                _("Đóng vì không có trả lời"),
                ("no_answer",),
                "closed_lost",
                system_only,
                effect=effects.tell_closed,
                done=_("Tự đóng vì không có trả lời"),
            ),
            Transition(
                "lose_subject",
                _("Đóng vì hồ sơ đã rút"),
                WAITING,
                "closed_lost",
                system_only,
                effect=effects.tell_closed,
                done=_("Đóng vì hồ sơ không còn hiển thị"),
            ),
            Transition(
                "withdraw",
                _("Rút đề nghị"),
                WAITING,
                "withdrawn",
                sender,
                done=_("Bên gửi rút đề nghị"),
            ),
        ),
    )
)
