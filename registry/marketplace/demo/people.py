"""The two accounts behind fictional entries. Nobody logs in to them: they have no password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from registry.accounts.services import create_account

#: Address and name of who manages the fictional organisations, and of who asks about one.
MANAGER = ("ben-giao@minh-hoa.example", "Bên Giao (minh họa)")
ASKER = ("nguoi-hoi@minh-hoa.example", "Người Hỏi (minh họa)")


def manager() -> Any:
    """Return the account that manages the fictional organisations, so that they take enquiries."""
    return _account(*MANAGER)


def asker() -> Any:
    """Return the account that sent the demo owner an enquiry."""
    return _account(*ASKER)


def forget() -> None:
    """Delete both accounts; an enquiry sent by one to a real entry stays, without a sender."""
    get_user_model().objects.filter(email__in=[MANAGER[0], ASKER[0]]).delete()


def _account(email: str, name: str) -> Any:
    found = get_user_model().objects.filter(email=email).first()
    return found or create_account(email, name)
