"""Audit verbs of events."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "registry.event.published": (_("Đăng sự kiện"), _("Đăng thời gian, nơi diễn ra của sự kiện")),
    "registry.event.announced": (_("Báo lại sự kiện"), _("Báo lại sự kiện")),
    "registry.event.postponed": (_("Dời ngày"), _("Dời ngày sự kiện")),
    "registry.event.cancelled": (_("Hủy sự kiện"), _("Hủy sự kiện")),
    "registry.event.finished": (_("Sự kiện kết thúc"), _("Sự kiện đã kết thúc")),
    "registry.event.withdrawn": (_("Gỡ sự kiện"), _("Gỡ trang của sự kiện")),
}


@hooks.register("register_log_actions")
def register_event_actions(actions: Any) -> None:
    """Tell Wagtail's audit log the verbs of events."""
    for action, (label, message) in ACTIONS.items():
        actions.register_action(action, label, message)
