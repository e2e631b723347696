"""Writes of accounts and consents."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from registry.accounts.consents import ACCOUNT, PURPOSES
from registry.accounts.models import Consent, User
from registry.accounts.permissions import GROUPS

#: Sent with `user` before an account is closed, inside the transaction. Whoever builds on accounts
#: raises `StillNeeded` when something of theirs would be left without anybody.
account_closing = Signal()


class StillNeeded(Exception):
    """The account cannot be closed yet; `message` says in the person's language why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def give_consent(user: User, purpose: str, language: str) -> Consent:
    """Record that the person agrees to today's text of a purpose, and return the open consent.

    `language` is the one the text was read in. Agreeing twice to the same version changes nothing;
    agreeing to a newer version closes the older consent. Raises `KeyError` for an unknown purpose.
    """
    version = PURPOSES[purpose].current.version
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        given = user.consents.filter(purpose=purpose, withdrawn_at__isnull=True).first()
        if given is not None and given.text_version == version:
            return given
        if given is not None:
            given.withdrawn_at = timezone.now()
            given.save(update_fields=["withdrawn_at"])
        return Consent.objects.create(
            user=user, purpose=purpose, text_version=version, text_language=language
        )


def withdraw_consent(user: User, purpose: str) -> bool:
    """Close the open consent to a purpose and return whether there was one.

    The consent an account rests on is withdrawn only by closing the account.
    """
    if purpose == ACCOUNT:
        return False
    return bool(
        Consent.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now()
        )
    )


def update_profile(user: User, *, full_name: str, language: str) -> None:
    """Change the name others read and the language of mails."""
    user.full_name = full_name
    user.language = language
    user.save(update_fields=["full_name", "language"])


def close_account(user: User) -> bool:
    """Close an account at its owner's wish and return whether it was closed.

    Every consent is withdrawn and nobody can log in any more; what the person published for an
    organisation stays the organisation's. Accounts of the Centre's staff are closed by an
    administrator. Raises `StillNeeded` while something rests on this person alone.
    """
    if user.is_staff or user.is_superuser:
        return False
    with transaction.atomic():
        account_closing.send(sender=User, user=user)
        Consent.objects.filter(user=user, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now()
        )
        User.objects.filter(pk=user.pk).update(is_active=False)
    return True


def create_account(
    email: str, full_name: str, *, password: str | None = None, role: str = ""
) -> User:
    """Create an account with a verified address, outside the public sign-up, and return it.

    `role` is one of the staff roles of `permissions.py`, or "" for an account without staff
    rights. Without a password the person sets one by the “forgotten password” mail.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, full_name=full_name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if role:
            user.groups.add(Group.objects.get(name=GROUPS[role]))
            user.refresh_from_db(fields=["is_staff"])
    return user
