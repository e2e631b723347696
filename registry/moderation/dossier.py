"""What the desk knows around a case: identifiers, likenesses, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from registry.cases.models import Case, CaseEvent
from registry.cases.selectors import timeline
from registry.common.crypto import decrypt
from registry.directory.models import Entry, Identifier
from registry.directory.permissions import role_of
from registry.directory.selectors import members_of, similar_entries
from registry.moderation.checklist import answered
from registry.moderation.models import CORRECT
from registry.moderation.selectors import DESK_KINDS, reason_label

HISTORY = 15
SHOWN_DIGITS = 3


@dataclass(frozen=True, slots=True)
class NumberRow:
    """An identifier as the desk reads it, and the other entries that state the same number."""

    label: str
    number: str
    state: str
    tone: str
    others: list[Entry]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the timeline."""

    event: CaseEvent
    title: str
    reason: str
    answers: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything beside the comparison."""

    numbers: list[NumberRow]
    similar: list[Entry]
    history: list[Case]
    reports: int
    rejected: int
    events: list[EventRow]
    members: list[Any]
    own: bool


def dossier(case: Case, user: Any, title: str) -> Dossier:
    """Return what the desk should see before it decides."""
    entry = case.subject
    organisation = entry.organisation_entry
    others = (
        Case.objects.filter(kind__in=DESK_KINDS)
        .filter(Q(subject=organisation) | Q(subject__owner=organisation))
        .exclude(pk=case.pk)
        .select_related("subject")
    )
    counted: dict[str, int] = others.aggregate(
        reports=Count("pk", filter=Q(kind="report")),
        rejected=Count("pk", filter=Q(kind="moderation", state="rejected")),
    )
    return Dossier(
        numbers=numbers_of(organisation),
        similar=similar_entries(entry, title),
        history=list(others.order_by("-created_at", "-pk")[:HISTORY]),
        **counted,
        events=event_rows(case),
        members=list(members_of(entry)),
        own=bool(role_of(user, entry)),
    )


def event_rows(case: Case) -> list[EventRow]:
    """Return the whole timeline of a case, hidden steps too, oldest first."""
    names = {item.code: item.done or item.label for item in case.machine.transitions}
    opened = {
        "open": _("Mở việc"),
        "submit": _("Chủ hồ sơ gửi"),
        CORRECT: _("Trung tâm sửa"),
        "grant": _("Trung tâm xác nhận giấy chứng nhận"),
    }
    return [
        EventRow(
            event,
            str(names.get(event.transition) or opened.get(event.transition, event.transition)),
            reason_label(event.reason),
            answered(case, event.payload),
        )
        for event in timeline(case, everything=True)
    ]


def numbers_of(organisation: Entry) -> list[NumberRow]:
    """Return the identifiers of an organisation, duplicates beside each.

    The desk reads a tax code in full; a personal one is shown by its last digits only.
    """
    found = list(organisation.identifiers.order_by("-created_at"))
    twins = (
        Identifier.objects.filter(
            key_hash__in=[item.key_hash for item in found],
            state__in=[Identifier.State.CLAIMED, Identifier.State.VERIFIED],
        )
        .exclude(entry=organisation)
        .select_related("entry")
    )
    by_key: dict[tuple[str, str], list[Entry]] = {}
    for twin in twins:
        by_key.setdefault((twin.scheme, twin.key_hash), []).append(twin.entry)
    return [
        NumberRow(
            item.get_scheme_display(),
            shown_number(item),
            item.get_state_display(),
            _TONES.get(item.state, ""),
            by_key.get((item.scheme, item.key_hash), []),
        )
        for item in found
    ]


_TONES: dict[str, str] = {
    Identifier.State.CLAIMED: "wait",
    Identifier.State.VERIFIED: "good",
    Identifier.State.REVOKED: "bad",
}


def shown_number(identifier: Identifier) -> str:
    """Return the number, a personal one as dots and its last three digits."""
    number = decrypt(bytes(identifier.encrypted))
    if identifier.scheme != Identifier.Scheme.PERSONAL_TAX_CODE:
        return number
    return "•" * (len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]
