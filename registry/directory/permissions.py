"""Who may do what with an entry. Services ask these; templates only mirror the answers."""

from __future__ import annotations

from typing import Any

from registry.accounts.permissions import is_moderator
from registry.directory.models import Entry, Membership

WRITERS = {Membership.Role.OWNER, Membership.Role.EDITOR}


def role_of(user: Any, entry: Entry) -> str:
    """Return the person's role in the organisation behind the entry, or an empty text."""
    if not getattr(user, "is_authenticated", False):
        return ""
    organisation_id = entry.owner_id or entry.pk
    role = (
        Membership.objects.filter(entry_id=organisation_id, user_id=user.pk)
        .values_list("role", flat=True)
        .first()
    )
    return role or ""


def may_read_draft(user: Any, entry: Entry) -> bool:
    """Whether the person may see what is not public: any member, and the desk."""
    return bool(role_of(user, entry)) or is_moderator(user)


def may_edit(user: Any, entry: Entry) -> bool:
    """Whether the person is an owner or editor of the entry."""
    return role_of(user, entry) in WRITERS


def entered_by_desk(user: Any, entry: Entry) -> bool:
    """Whether a moderator looks after an organisation that the Centre entered."""
    return entry.organisation_entry.source == Entry.Source.STAFF and is_moderator(user)


def may_write(user: Any, entry: Entry) -> bool:
    """Whether the person may write drafts: its editors, and the desk on behalf of its own entries."""
    return may_edit(user, entry) or entered_by_desk(user, entry)


def may_manage(user: Any, entry: Entry) -> bool:
    """Whether the person may invite and remove members."""
    return role_of(user, entry) == Membership.Role.OWNER


def may_review(user: Any, entry: Entry) -> bool:
    """Whether the person may decide on the entry: a moderator of no stake in it.

    Two-person rule (registry.md §3.3): nobody approves an entry of their own organisation.
    """
    return is_moderator(user) and not role_of(user, entry)
