"""Who on the Centre's staff may do what. Groups are made by the `sync_roles` command."""

from __future__ import annotations

from typing import Any

ADMINISTRATOR = "administrator"
EDITOR = "editor"
CONTRIBUTOR = "contributor"
MODERATOR = "moderator"
BROKER = "broker"


def _roles(user: Any) -> frozenset[str]:
    """Return the staff roles of a user, read once for each user object."""
    if not (user and user.is_authenticated and user.is_active and user.is_staff):
        return frozenset()
    roles = user.__dict__.get("_staff_roles")
    if roles is None:
        names = user.groups.values_list("name", flat=True)
        roles = frozenset(role for role in map(role_of_group, names) if role)
        user.__dict__["_staff_roles"] = roles
    return roles


#: Role → name of its group (words.md §2).
GROUPS = {
    ADMINISTRATOR: "Quản trị viên",
    EDITOR: "Biên tập viên",
    CONTRIBUTOR: "Cộng tác viên",
    MODERATOR: "Chuyên viên xem xét",
    BROKER: "Chuyên viên kết nối",
}
_BY_GROUP = {name: role for role, name in GROUPS.items()}


def role_of_group(name: str) -> str:
    """Return the role behind a group's name; "" for a group that is not ours."""
    return _BY_GROUP.get(name, "")


def is_administrator(user: Any) -> bool:
    """Whether the user runs the site: a superuser or a member of the administrators."""
    if not (user and user.is_authenticated and user.is_active):
        return False
    return bool(user.is_superuser) or ADMINISTRATOR in _roles(user)


def is_centre_staff(user: Any) -> bool:
    """Whether the user has one of the Centre's roles, all of which may enter the administration."""
    return bool(_roles(user)) or is_administrator(user)


def is_moderator(user: Any) -> bool:
    """Whether the user may review entries at the desk."""
    return MODERATOR in _roles(user) or is_administrator(user)


def is_broker(user: Any) -> bool:
    """Whether the user may follow enquiries of both sides."""
    return BROKER in _roles(user) or is_administrator(user)


def is_editor(user: Any) -> bool:
    """Whether the user may write pages and news."""
    return EDITOR in _roles(user) or is_administrator(user)


def is_contributor(user: Any) -> bool:
    """Whether the user may write pages that somebody else publishes."""
    return CONTRIBUTOR in _roles(user) or is_administrator(user)


def is_staff(user: Any) -> bool:
    """Whether the user works for the Centre, in any role."""
    return bool(
        user and user.is_authenticated and user.is_active and (user.is_staff or user.is_superuser)
    )
