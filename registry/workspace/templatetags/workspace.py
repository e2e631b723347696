"""What the workspace's pages and the registry's mails write in words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from registry.moderation.selectors import reason_label
from registry.workspace.frame import Frame, frame

register = template.Library()

register.filter("reason", reason_label)


@register.simple_tag(takes_context=True)
def workspace_frame(context: template.Context) -> Frame:
    """Return the head and menu of the workspace for this page: context `room`, perhaps `entry`."""
    return frame(context["request"].user, context.get("room", ""), context.get("entry"))


@register.filter
def days_left(value: datetime | None) -> int:
    """Return the whole days until a moment, 0 once it is past."""
    if value is None:
        return 0
    return max(0, (timezone.localtime(value).date() - timezone.localdate()).days)
