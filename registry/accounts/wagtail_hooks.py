"""What Wagtail's user pages may not do in bulk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks

from registry.accounts.models import User


@hooks.register("before_bulk_action")
def keep_superusers(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> None:
    """Leave a superuser's account to superusers, as the page of one account does.

    Raises `PermissionDenied`. Wagtail asks this only when accounts are deleted.
    """
    editor: Any = request.user
    touched = any(isinstance(item, User) and item.is_superuser for item in objects)
    if touched and not editor.is_superuser:
        raise PermissionDenied
