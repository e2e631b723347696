"""What the workspace writes in one go: a step, a first step, an offer with its organisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry.cases.models import Case
from registry.common.mail import queue_mail
from registry.directory import members
from registry.directory.images import PreparedImage, forget_files, keep_image
from registry.directory.models import Content, Entry, Invitation
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import claim_tax_code, create_entry
from registry.moderation.services import save_draft, submit


@dataclass(frozen=True, slots=True)
class Extras:
    """What a step holds beside the content: a new picture, a tax code (None: leave it)."""

    image: PreparedImage | None = None
    tax_code: str | None = None


def save_step(
    entry: Entry,
    actor: Any,
    content: Content,
    *,
    expect_revision: int,
    extras: Extras | None = None,
) -> int:
    """Store a draft with its picture and tax code, or nothing at all; return the revision.

    Raises `Forbidden`, `DraftMoved`, or `DirectoryError` for a tax code of another entry.
    """
    extras = extras or Extras()
    image = None
    try:
        with transaction.atomic():
            if extras.image is not None:
                image = keep_image(entry, actor, extras.image)
                content.image = image
            revision = save_draft(entry, actor, content, expect_revision=expect_revision)
            if extras.tax_code is not None:
                claim_tax_code(entry, actor, extras.tax_code)
    except Exception:
        if image is not None:
            forget_files(image)
        raise
    return revision


@transaction.atomic
def start_entry(
    kind_code: str,
    actor: Any,
    *,
    title: str,
    apply: Callable[[Content], None],
    organisation: Entry | None = None,
    extras: Extras | None = None,
) -> Entry:
    """Create an entry whose first draft holds the first step; return it. Raises as `save_step`."""
    entry = create_entry(kind_code, actor, title=title, organisation=organisation)
    content: Any = draft_of(entry)
    if organisation is not None and content.commune is None:
        content.commune = draft_of(organisation).commune
    apply(content)
    save_step(entry, actor, content, expect_revision=latest_revision_id(entry), extras=extras)
    return entry


@transaction.atomic
def submit_together(entries: list[tuple[Entry, int]], actor: Any) -> list[Case | None]:
    """Submit several drafts (an organisation first, then its offer) or none; return their cases.

    `entries` pairs each entry with the revision its owner saw. Raises as `moderation.submit`.
    """
    return [submit(entry, actor, expect_revision=revision) for entry, revision in entries]


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who has an address and perhaps no account yet."""

    email: str
    full_name: str = ""
    is_active: bool = True
    language: str = ""


@transaction.atomic
def invite_member(entry: Entry, actor: Any, *, email: str, role: str) -> Invitation:
    """Offer a role and mail the link; return the invitation. Raises `Forbidden`, `DirectoryError`."""
    invitation = members.invite(entry, actor, email=email, role=role)
    queue_mail(
        Invitee(invitation.email),
        "invitation",
        {
            "invitation": invitation,
            "inviter": actor.full_name or _("Trung tâm"),
            "organisation": entry.working_title,
        },
    )
    return invitation
