"""How accounts are made: by e-mail, without a user name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import BaseUserManager

if TYPE_CHECKING:
    from registry.accounts.models import User


class UserManager(BaseUserManager["User"]):
    """Creates accounts; e-mail addresses are kept in lower case and found in any case."""

    use_in_migrations = True

    def _create(self, email: str, password: str | None, **fields: Any) -> User:
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new account without staff rights; raise `ValueError` without an e-mail."""
        fields.setdefault("is_staff", False)
        fields.setdefault("is_superuser", False)
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new account with every right."""
        fields.setdefault("is_staff", True)
        fields.setdefault("is_superuser", True)
        return self._create(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account of an e-mail address, in any case; raise `DoesNotExist`."""
        # Compared as kept: PostgreSQL's case-blind comparison takes a dotless ı for an i.
        return self.get(email=self.normalize_email(username))

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address in lower case, as allauth keeps it."""
        return (email or "").strip().lower()
