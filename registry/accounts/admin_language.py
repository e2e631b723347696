"""The administration speaks the language of whoever works in it, as the public pages do."""

from __future__ import annotations

from typing import Any

from wagtail.users.models import UserProfile

from registry.accounts.models import User


def follow_language(sender: Any, instance: User, raw: bool = False, **kwargs: Any) -> None:
    """Tell Wagtail, which keeps a choice of its own, the language of a member of staff."""
    if instance.is_staff and not raw:
        UserProfile.objects.update_or_create(
            user=instance, defaults={"preferred_language": instance.language}
        )
