"""Audit verbs of calls."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "registry.call.published": (_("Đăng đợt nhận hồ sơ"), _("Đăng đợt nhận hồ sơ")),
    "registry.call.announced": (_("Báo trước đợt"), _("Báo trước đợt nhận hồ sơ")),
    "registry.call.open": (_("Mở đợt"), _("Mở đợt nhận hồ sơ")),
    "registry.call.closed": (_("Đóng đợt"), _("Đóng đợt nhận hồ sơ")),
    "registry.call.results": (_("Công bố kết quả"), _("Công bố kết quả")),
    "registry.call.awarded": (_("Trao giải"), _("Trao giải")),
    "registry.call.cancelled": (_("Hủy đợt"), _("Hủy đợt nhận hồ sơ")),
    "registry.call.withdrawn": (_("Gỡ đợt"), _("Gỡ trang của đợt nhận hồ sơ")),
}


@hooks.register("register_log_actions")
def register_call_actions(actions: Any) -> None:
    """Tell Wagtail's audit log the verbs of calls."""
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)
