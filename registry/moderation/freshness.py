"""Reminding owners to confirm, and hiding what nobody confirmed (registry.md §3.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.cases.models import Case
from registry.common.mail import queue_mail
from registry.directory.models import Entry
from registry.directory.permissions import may_edit
from registry.directory.selectors import writers_of
from registry.directory.services import DirectoryError, confirm, expire
from registry.moderation import effects

REMIND_DAYS = (30, 14, 3)
SALT = "registry.confirm"
LINK_DAYS = 60


def remind_and_expire(now: datetime | None = None, limit: int = 1_000) -> int:
    """Send the mails due 30, 14 and 3 days before expiry, hide what is over; return how many.

    Idempotent: each threshold is noted on the header, and confirming clears it.
    """
    at = now or timezone.now()
    done = 0
    for entry in Entry.objects.public().filter(expires_at__lt=at).order_by("expires_at")[:limit]:
        expire(entry, now=at)
        done += 1
    horizon = at + timedelta(days=max(REMIND_DAYS))
    ending = Entry.objects.public().filter(expires_at__gte=at, expires_at__lte=horizon)
    for entry in ending.order_by("expires_at")[:limit]:
        done += _remind(entry, at)
    return done


def release_waiting() -> int:
    """Publish what was approved while its organisation was hidden; return how many.

    An organisation that is shown again or confirmed by a link carries its waiting entries along.
    """
    waiting = Case.objects.open().filter(
        kind="moderation", state="approved", subject__owner__is_public=True
    )
    organisations = Entry.objects.filter(owned__cases__in=waiting).distinct()
    return sum(effects.publish_waiting(organisation) for organisation in organisations)


def _remind(entry: Entry, at: datetime) -> int:
    if entry.expires_at is None:
        return 0
    left = (entry.expires_at - at).days
    threshold = min(days for days in REMIND_DAYS if left <= days)
    if entry.reminded_days is not None and entry.reminded_days <= threshold:
        return 0
    with transaction.atomic():
        won = Entry.objects.filter(
            pk=entry.pk, reminded_days=entry.reminded_days, expires_at=entry.expires_at
        ).update(reminded_days=threshold)
        if not won:
            return 0
        for person in writers_of(entry):
            link = reverse("confirm_by_link", args=[confirm_token(entry, person)])
            queue_mail(person, "entry_expiring", {"entry": entry, "days": threshold, "link": link})
    return 1


def confirm_token(entry: Entry, person: Any) -> str:
    """Return a signed token with which this person confirms this entry without signing in."""
    return signing.dumps({"entry": entry.pk, "user": person.pk}, salt=SALT, compress=True)


def read_token(token: str) -> tuple[Entry, Any]:
    """Return the entry and person of a token; raise `DirectoryError` when it is no longer good."""
    expired = DirectoryError(_("Liên kết đã hết hạn. Nhận liên kết mới."))
    try:
        data = signing.loads(token, salt=SALT, max_age=timedelta(days=LINK_DAYS))
    except signing.BadSignature as error:
        raise expired from error
    entry = Entry.objects.select_related("owner").filter(pk=data["entry"]).first()
    person = get_user_model().objects.filter(pk=data["user"], is_active=True).first()
    # Whoever left the organisation since keeps the mail, but not what it opened.
    if entry is None or person is None or not may_edit(person, entry):
        raise expired
    return entry, person


def confirm_by_token(token: str) -> Entry:
    """Confirm the entry of a token as its person; raise `DirectoryError` when that is not possible."""
    entry, person = read_token(token)
    return confirm(entry, person)
