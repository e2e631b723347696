"""Who may enter an owner's workspace: members, and the desk for what it entered on their behalf."""

from __future__ import annotations

from typing import Any

from registry.accounts.permissions import is_moderator
from registry.directory.models import Entry
from registry.directory.permissions import may_edit, role_of


def entered_by_desk(user: Any, entry: Entry) -> bool:
    """Whether a moderator looks after an organisation that the Centre entered."""
    return entry.organisation_entry.source == Entry.Source.STAFF and is_moderator(user)


def may_enter(user: Any, entry: Entry) -> bool:
    """Whether the person may see the entry in the workspace, drafts and all."""
    return bool(role_of(user, entry)) or entered_by_desk(user, entry)


def may_write(user: Any, entry: Entry) -> bool:
    """Whether the person may edit and submit the entry."""
    return may_edit(user, entry) or entered_by_desk(user, entry)
