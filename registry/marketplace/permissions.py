"""Who may move an enquiry: the `who` of its transitions."""

from __future__ import annotations

from typing import Any

from registry.cases.models import Case
from registry.directory.permissions import may_edit


def answerer(actor: Any, case: Case) -> bool:
    """An owner or editor of the entry that was asked about."""
    return actor is not None and may_edit(actor, case.subject)


def sender(actor: Any, case: Case) -> bool:
    """The person who asked."""
    return actor is not None and case.opener_id == actor.pk
