"""Who may move a review: the `who` of its transitions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from registry.accounts.permissions import ADMINISTRATOR, GROUPS, MODERATOR, is_moderator
from registry.cases.models import Case
from registry.directory.permissions import may_edit, may_review


def moderators() -> QuerySet[Any]:
    """Return the people who may sit at the desk."""
    groups = [GROUPS[MODERATOR], GROUPS[ADMINISTRATOR]]
    return (
        get_user_model()
        .objects.filter(is_active=True, is_staff=True)
        .filter(Q(groups__name__in=groups) | Q(is_superuser=True))
        .distinct()
    )


def moderator(actor: Any, case: Case) -> bool:
    """A moderator with no stake in the entry."""
    return actor is not None and may_review(actor, case.subject)


def second_person(actor: Any, case: Case) -> bool:
    """A moderator with no stake in the entry who did not write what is under review.

    Two-person rule (registry.md §3.3): approver and editor are never the same.
    """
    if not moderator(actor, case):
        return False
    return case.opener_id != actor.pk


def writer(actor: Any, case: Case) -> bool:
    """An owner or editor of the entry, or the moderator who entered or corrected it.

    A correction by the desk is the desk's own: its owner answers by editing, not by withdrawing it.
    """
    if actor is None:
        return False
    if case.review.is_correction:
        return case.opener_id == actor.pk
    if may_edit(actor, case.subject):
        return True
    return case.opener_id == actor.pk and is_moderator(actor)
