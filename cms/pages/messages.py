"""Taking messages in, telling the centre, forgetting them in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from cms.pages.contact import KEPT_DAYS, ContactMessage
from cms.pages.contact_form import CONSENT
from registry.common.mail import send_text
from registry.common.ratelimit import client, hit, retry_after

if TYPE_CHECKING:
    from cms.pages.contact import ContactPage

HOUR, DAY = 3600, 86_400
#: A person who forgot something may write again; a script may not (per asker, and for all together).
PER_HOUR = 5
ALL_PER_DAY = 500
RECEIPT, SALT = "da-nhan", "cms.pages.receipt"


def too_many(request: HttpRequest) -> int:
    """Count one message of this asker; return the seconds to wait when there were too many, or 0."""
    if not hit(f"contact:{client(request)}", PER_HOUR, HOUR):
        return retry_after(HOUR)
    if not hit("contact:all", ALL_PER_DAY, DAY):
        return retry_after(DAY)
    return 0


@transaction.atomic
def receive(page: ContactPage, data: Mapping[str, Any]) -> ContactMessage:
    """Keep a message, with the words that were consented to, and queue the mail to the centre."""
    message = ContactMessage.objects.create(
        topic=data["topic"],
        subject=data["subject"],
        text=data["text"],
        name=data["name"],
        email=data["email"],
        language=translation.get_language() or settings.LANGUAGE_CODE,
        consent=str(CONSENT),
    )
    if page.notify:
        with translation.override(settings.LANGUAGE_CODE):
            text = render_to_string(
                "emails/contact_message.txt",
                {"message": message, "site_url": settings.WAGTAILADMIN_BASE_URL},
            ).strip()
        subject, _, body = text.partition("\n")
        send_text(page.notify, subject, body.strip() + "\n")
    return message


def receipt(message: ContactMessage) -> str:
    """Return the query string that lets the page say which number the message got."""
    return urlencode({RECEIPT: signing.dumps(message.pk, salt=SALT)})


def read_receipt(asked: Mapping[str, str]) -> str:
    """Return the number of the message just sent; empty without a receipt of ours."""
    try:
        pk = signing.loads(asked.get(RECEIPT, ""), salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        return ""
    return f"LN {pk:04d}" if isinstance(pk, int) else ""


def forget_old(now: datetime | None = None) -> int:
    """Delete the messages older than `KEPT_DAYS`; return how many. Run by the worker once a day."""
    old = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    deleted, _by_model = ContactMessage.objects.filter(created_at__lt=old).delete()
    return deleted
