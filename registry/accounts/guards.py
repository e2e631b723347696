"""Rules about groups that hold however a group is changed: by a command, a form or a shell."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from registry.accounts.models import User
from registry.accounts.permissions import GROUPS

#: Apps whose rows change only through their services, never by a permission in the admin.
CLOSED_APPS = ("directory", "marketplace", "moderation", "cases", "events")
CLOSED_VERBS = ("add_", "change_", "delete_", "publish_", "lock_", "unlock_")


def closed_permissions() -> QuerySet[Permission]:
    """Return the permissions nobody may hold: they would go around review (architecture §5)."""
    verbs = Q()
    for verb in CLOSED_VERBS:
        verbs |= Q(codename__startswith=verb)
    return Permission.objects.filter(verbs, content_type__app_label__in=CLOSED_APPS)


def refuse_closed(sender: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Refuse to hand a closed permission to a group or a person."""
    if action != "pre_add" or not pk_set:
        return
    wanted = {kwargs["instance"].pk} if kwargs["reverse"] else pk_set
    if closed_permissions().filter(pk__in=wanted).exists():
        raise PermissionDenied("Content of the registry changes only through its services.")


def follow_staff(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    """Mark as staff whoever has a staff role, and no longer whoever lost the last one."""
    if action not in {"post_add", "post_remove", "pre_clear", "post_clear"}:
        return
    people: list[int]
    if isinstance(instance, Group):
        people = list(kwargs.get("pk_set") or instance.user_set.values_list("pk", flat=True))
        if action == "pre_clear":
            User.objects.filter(pk__in=people, is_superuser=False).exclude(
                groups__in=Group.objects.filter(name__in=GROUPS.values()).exclude(pk=instance.pk)
            ).update(is_staff=False)
            return
    else:
        people = [instance.pk]
    with_role = User.objects.filter(pk__in=people, groups__name__in=GROUPS.values())
    ids = set(with_role.values_list("pk", flat=True))
    User.objects.filter(pk__in=ids, is_staff=False).update(is_staff=True)
    if action in {"post_remove", "post_clear"}:
        User.objects.filter(pk__in=set(people) - ids, is_superuser=False).update(is_staff=False)
    if isinstance(instance, User):
        instance.__dict__.pop("_staff_roles", None)
        if instance.pk in ids:
            instance.is_staff = True
        elif action in {"post_remove", "post_clear"} and not instance.is_superuser:
            instance.is_staff = False
