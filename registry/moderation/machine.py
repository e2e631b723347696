"""The states of a review, of a certificate and of a report (registry.md §3.3, words.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.cases.machine import (
    Deadline,
    Machine,
    State,
    Transition,
    register,
    system_only,
)
from registry.cases.models import Case, CaseEvent
from registry.moderation import effects
from registry.moderation.canned import REASONS
from registry.moderation.permissions import moderator, second_person, writer

ASSIGN_DAYS = 1
REVIEW_DAYS = 5
ANSWER_DAYS = 30
WARN_DAYS = 7
REPORT_DAYS = 5

#: What the desk's buttons may do, in their order; the other transitions belong to owners or the hub.
DESK_TRANSITIONS = (
    "take",
    "approve",
    "request_changes",
    "reject",
    "grant",
    "deny",
    "suspend",
    "revoke",
    "fix",
    "dismiss",
    "remove",
)


def _clear_clashes(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    case.review.clashes = []
    case.review.save(update_fields=["clashes"])


MODERATION = register(
    Machine(
        kind="moderation",
        label=_("Xem xét"),
        starts=("submitted",),
        states=(
            State(
                "submitted",
                _("Đã tiếp nhận"),
                sentence=_("Trung tâm phân công %(deadline)s."),
                tone="wait",
                waits_for="centre",
                deadline=Deadline(ASSIGN_DAYS),
            ),
            State(
                "in_review",
                _("Đang xem xét"),
                sentence=_("Trung tâm trả lời %(deadline)s."),
                tone="wait",
                waits_for="centre",
                deadline=Deadline(REVIEW_DAYS),
            ),
            State(
                "changes_requested",
                _("Cần bổ sung"),
                sentence=_("Bạn gửi %(deadline)s. Quá hạn, hồ sơ tự đóng."),
                tone="att",
                waits_for="owner",
                deadline=Deadline(
                    ANSWER_DAYS,
                    working=False,
                    then="lapse",
                    warn_days=WARN_DAYS,
                    warn=effects.warn_owner,
                ),
            ),
            State(
                "approved",
                _("Đã duyệt"),
                sentence=_("Hiển thị khi hồ sơ tổ chức được đăng."),
                tone="good",
                waits_for="centre",
            ),
            State("published", _("Đang hiển thị"), tone="good", terminal=True),
            State(
                "rejected",
                _("Không được duyệt"),
                sentence=_("Lý do: %(reason)s. Bạn sửa bản sao rồi gửi lại."),
                tone="bad",
                terminal=True,
            ),
            State(
                "withdrawn",
                _("Đã rút"),
                sentence=_("Bạn có thể sửa rồi gửi lại."),
                terminal=True,
            ),
            State(
                "lapsed",
                _("Đã đóng vì quá hạn"),
                sentence=_("Bạn có thể sửa rồi gửi lại."),
                terminal=True,
            ),
        ),
        transitions=(
            Transition(
                "take",
                _("Nhận xem xét"),
                ("submitted",),
                "in_review",
                moderator,
                effect=effects.assign,
                done=_("Trung tâm bắt đầu xem xét"),
            ),
            Transition(
                "approve",
                _("Duyệt"),
                ("submitted", "in_review"),
                "approved",
                second_person,
                effect=effects.approve,
                done=_("Trung tâm duyệt"),
            ),
            Transition(
                "publish",
                _("Đăng"),
                ("approved",),
                "published",
                system_only,
                effect=effects.publish,
                done=_("Đã đăng"),
            ),
            Transition(
                "clash",
                _("Trả về bàn xem xét"),
                ("submitted", "in_review", "approved"),
                "in_review",
                lambda actor, case: actor is None or moderator(actor, case),
                effect=effects.note_clash,
                done=_("Hai bên cùng sửa một chỗ"),
                public=False,
            ),
            Transition(
                "request_changes",
                _("Yêu cầu bổ sung"),
                ("submitted", "in_review"),
                "changes_requested",
                moderator,
                reasons=REASONS,
                note_required=True,
                effect=effects.tell_changes,
                done=_("Trung tâm yêu cầu bổ sung"),
            ),
            Transition(
                "reject",
                _("Từ chối"),
                ("submitted", "in_review"),
                "rejected",
                moderator,
                reasons=REASONS,
                note_required=True,
                effect=effects.reject,
                done=_("Trung tâm từ chối"),
            ),
            Transition(
                "resubmit",
                _("Gửi xem xét"),
                ("submitted", "in_review", "changes_requested", "approved"),
                "submitted",
                writer,
                effect=_clear_clashes,
                done=_("Bạn gửi lại"),
            ),
            Transition(
                "repin",
                _("Cập nhật phần đăng ngay"),
                ("submitted", "in_review", "changes_requested", "approved"),
                "",
                writer,
                done=_("Bạn sửa phần đăng ngay"),
            ),
            Transition(
                "withdraw",
                _("Rút hồ sơ"),
                ("submitted", "in_review", "changes_requested", "approved"),
                "withdrawn",
                writer,
                done=_("Bạn rút hồ sơ"),
            ),
            Transition(
                "lapse",
                _("Đóng vì quá hạn"),
                ("changes_requested",),
                "lapsed",
                system_only,
                effect=effects.tell_lapsed,
                done=_("Hồ sơ tự đóng vì quá hạn"),
            ),
        ),
    )
)

RECOGNITION = register(
    Machine(
        kind="recognition",
        label=_("Giấy chứng nhận"),
        starts=("claimed", "granted"),
        states=(
            State(
                "claimed",
                _("Chờ xác nhận"),
                sentence=_("Trung tâm trả lời %(deadline)s."),
                tone="wait",
                waits_for="centre",
                deadline=Deadline(REVIEW_DAYS),
            ),
            State("granted", _("Còn hiệu lực"), tone="good"),
            State("suspended", _("Tạm đình chỉ"), tone="att"),
            State("denied", _("Không được xác nhận"), tone="bad", terminal=True),
            State("revoked", _("Đã thu hồi"), tone="bad", terminal=True),
        ),
        transitions=(
            Transition(
                "grant",
                _("Xác nhận"),
                ("claimed", "suspended"),
                "granted",
                second_person,
                effect=effects.recognition_status,
                done=_("Trung tâm xác nhận giấy chứng nhận"),
            ),
            Transition(
                "deny",
                _("Không xác nhận"),
                ("claimed",),
                "denied",
                moderator,
                note_required=True,
                effect=effects.recognition_status,
                done=_("Trung tâm không xác nhận giấy chứng nhận"),
            ),
            Transition(
                "suspend",
                _("Tạm đình chỉ"),
                ("granted",),
                "suspended",
                moderator,
                note_required=True,
                effect=effects.recognition_status,
                done=_("Trung tâm tạm đình chỉ giấy chứng nhận"),
            ),
            Transition(
                "revoke",
                _("Thu hồi"),
                ("granted", "suspended"),
                "revoked",
                moderator,
                note_required=True,
                effect=effects.recognition_status,
                done=_("Trung tâm thu hồi giấy chứng nhận"),
            ),
        ),
    )
)

REPORT = register(
    Machine(
        kind="report",
        label=_("Báo thông tin sai"),
        starts=("received",),
        states=(
            State(
                "received",
                _("Đã tiếp nhận"),
                sentence=_("Trung tâm trả lời %(deadline)s."),
                tone="wait",
                waits_for="centre",
                deadline=Deadline(REPORT_DAYS),
            ),
            State("fixed", _("Đã sửa"), tone="good", terminal=True),
            State("unfounded", _("Thông tin vẫn đúng"), terminal=True),
            State("removed", _("Đã gỡ hồ sơ"), tone="bad", terminal=True),
        ),
        transitions=(
            Transition(
                "fix",
                _("Đã sửa"),
                ("received",),
                "fixed",
                moderator,
                note_required=True,
                effect=effects.tell_reporter,
                done=_("Trung tâm đã sửa"),
            ),
            Transition(
                "dismiss",
                _("Thông tin vẫn đúng"),
                ("received",),
                "unfounded",
                moderator,
                note_required=True,
                effect=effects.tell_reporter,
                done=_("Trung tâm thấy thông tin vẫn đúng"),
            ),
            Transition(
                "remove",
                _("Gỡ hồ sơ"),
                ("received",),
                "removed",
                moderator,
                note_required=True,
                effect=effects.remove_reported,
                done=_("Trung tâm gỡ hồ sơ"),
            ),
        ),
    )
)
