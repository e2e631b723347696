"""Audit verbs of entries, as stable dotted names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "registry.entry.created": (_("Tạo hồ sơ"), _("Tạo hồ sơ")),
    "registry.entry.published": (_("Đăng"), _("Đăng hồ sơ")),
    "registry.entry.confirmed": (_("Xác nhận còn đúng"), _("Xác nhận hồ sơ còn đúng")),
    "registry.entry.held": (_("Tạm ẩn"), _("Tạm ẩn hồ sơ")),
    "registry.entry.shown": (_("Hiện lại"), _("Hiện lại hồ sơ")),
    "registry.entry.archived": (_("Lưu trữ"), _("Lưu trữ hồ sơ")),
    "registry.entry.expired": (_("Hết hạn"), _("Hồ sơ hết hạn")),
    "registry.entry.discarded": (_("Xóa bản nháp"), _("Xóa bản nháp chưa gửi")),
    "registry.entry.submitted": (_("Gửi xem xét"), _("Gửi hồ sơ xem xét")),
    "registry.entry.corrected": (_("Trung tâm sửa"), _("Trung tâm sửa hồ sơ")),
    "registry.identifier.verified": (_("Xác minh mã"), _("Xác minh mã định danh")),
    "registry.recognition.granted": (_("Xác nhận giấy"), _("Xác nhận giấy chứng nhận")),
    "registry.recognition.revoked": (_("Thu hồi giấy"), _("Thu hồi giấy chứng nhận")),
    "registry.member.invited": (_("Mời thành viên"), _("Mời thành viên")),
    "registry.member.uninvited": (_("Thu hồi lời mời"), _("Thu hồi lời mời")),
    "registry.member.joined": (_("Nhận lời mời"), _("Thành viên nhận lời mời")),
    "registry.member.changed": (_("Đổi quyền"), _("Đổi quyền thành viên")),
    "registry.member.removed": (_("Bỏ thành viên"), _("Bỏ thành viên")),
}


@hooks.register("register_log_actions")
def register_entry_actions(actions: Any) -> None:
    """Tell Wagtail's audit log the verbs of the registry."""
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)
