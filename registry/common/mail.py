"""Mails as rows of the business transaction; the worker sends them (architecture §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from post_office import mail

#: post_office reads every subject and body as a template; ours are finished texts, so they pass
#: as values: what people typed is never run.
_AS_IT_IS = "{%% autoescape off %%}{{ %s }}{%% endautoescape %%}"


def send_text(recipient: str, subject: str, body: str, *, html: str = "") -> None:
    """Queue one finished mail to an address; subject, body and HTML are sent as they are."""
    texts = {"subject": " ".join(subject.split()), "body": body, "html": html}
    mail.send(
        recipients=[recipient],
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=_AS_IT_IS % "subject",
        message=_AS_IT_IS % "body",
        html_message=_AS_IT_IS % "html" if html else "",
        context=texts,
    )


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
    send_text(recipient.email, subject, body.strip() + "\n")


def queue_mails(recipients: Iterable[Any], template: str, context: Mapping[str, Any]) -> None:
    """Queue the same mail to several users, each in their own language."""
    for recipient in recipients:
        queue_mail(recipient, template, context)
