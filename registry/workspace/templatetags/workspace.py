"""What the workspace's pages and the registry's mails write in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from registry.moderation.selectors import reason_label

register = template.Library()

register.filter("reason", reason_label)


@register.filter
def days_left(value: datetime | None) -> int:
    """Return the whole days until a moment, 0 once it is past."""
    if value is None:
        return 0
    return max(0, (timezone.localtime(value).date() - timezone.localdate()).days)


@register.filter
def get(mapping: Any, key: str) -> Any:
    """Return a value of a mapping by a key that the template holds."""
    return mapping.get(key) if mapping else None
