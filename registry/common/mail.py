"""Mails as rows of the business transaction; the worker sends them (architecture §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from post_office import mail


def queue_mail(recipient: Any, template: str, context: Mapping[str, Any]) -> None:
    """Queue one mail to a user, in the user's language.

    `templates/emails/<template>.txt` has the subject on its first line, then an empty line,
    then the body.
    """
    if not recipient.email or not recipient.is_active:
        return
    language = getattr(recipient, "language", "") or settings.LANGUAGE_CODE
    with translation.override(language):
        text = render_to_string(
            f"emails/{template}.txt",
            {"user": recipient, "site_url": settings.WAGTAILADMIN_BASE_URL, **context},
        ).strip()
    subject, _, body = text.partition("\n")
    mail.send(
        recipients=[recipient.email],
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=" ".join(subject.split()),
        message=body.strip() + "\n",
    )


def queue_mails(recipients: Iterable[Any], template: str, context: Mapping[str, Any]) -> None:
    """Queue the same mail to several users, each in their own language."""
    for recipient in recipients:
        queue_mail(recipient, template, context)
