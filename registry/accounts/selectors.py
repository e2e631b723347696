"""Reads of accounts and consents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.accounts.consents import PURPOSES, Purpose
from registry.accounts.models import Consent, User


def has_consent(user: User, purpose: str) -> bool:
    """Whether the person agrees to this purpose now."""
    return user.consents.filter(purpose=purpose, withdrawn_at__isnull=True).exists()


@dataclass(frozen=True, slots=True)
class ConsentState:
    """One purpose as its owner reads it: the open consent, if any, and what went before."""

    purpose: Purpose
    given: Consent | None
    history: tuple[Consent, ...]

    @property
    def text(self) -> Any:
        """The sentence agreed to, or the one that would be agreed to now."""
        if self.given is not None:
            return self.purpose.text_of(self.given.text_version)
        return self.purpose.current.text


def consent_states(user: User) -> list[ConsentState]:
    """Return every purpose with its state for this person, newest events first."""
    rows: dict[str, list[Consent]] = {}
    for consent in user.consents.all():
        rows.setdefault(consent.purpose, []).append(consent)
    states = []
    for purpose in PURPOSES.values():
        events = rows.get(purpose.code, [])
        given = next((item for item in events if item.withdrawn_at is None), None)
        states.append(ConsentState(purpose, given, tuple(events)))
    return states
