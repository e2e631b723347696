"""What only an offer's page shows: evidence per level, economics, rights, price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registry.common.wording import money, number
from registry.directory.disclosure import Disclosure
from registry.directory.presenters import Subject, labels, more_of_sectors, paragraphs
from registry.taxonomy import selectors as taxonomy
from registry.taxonomy.models import Term

#: IP statuses drawn as settled, waiting, over.
TONES = {"da_cap_bang": "good", "chua_dang_ky": "neutral", "het_hieu_luc": "neutral"}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What proves one level, and what the level means."""

    level: int
    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class IpRow:
    """One right as this viewer may read it."""

    type: str
    status: str
    tone: str
    number: str
    number_withheld: bool
    office: str
    filed_on: Any
    expires_on: Any


@dataclass(frozen=True, slots=True)
class Price:
    """The price type, and the range for those who may read it."""

    label: str
    range: str
    withheld: bool


def price_of(fields: Disclosure) -> Price | None:
    """Return how the offer is priced; the range only when it was disclosed."""
    if not isinstance(fields.price_type, Term):
        return None
    low, high = fields.price_low, fields.price_high
    if low and high and low != high:
        # “1.000–2.000 ₫”, “VND 1,000–2,000”: the unit stands once, on its own side.
        unit_last = money(high).endswith("₫")
        span = f"{number(low)}–{money(high)}" if unit_last else f"{money(low)}–{number(high)}"
    elif low or high:
        span = money(low or high)
    else:
        span = ""
    withheld = bool({"price_low", "price_high"} & fields.withheld)
    return Price(fields.price_type.label, span, withheld)


def evidence_rows(fields: Disclosure) -> list[EvidenceRow]:
    """Return the evidence, the highest level first, each with what its level means."""
    meanings = taxonomy.term_labels("trl")
    rows = sorted(fields.evidence, key=lambda row: -int(row.level or 0))
    return [EvidenceRow(row.level, meanings.get(str(row.level), ""), row.text_vi) for row in rows]


def ip_rows(fields: Disclosure) -> list[IpRow]:
    """Return the rights of intellectual property."""
    return [
        IpRow(
            type=row.type.label if row.type else "",
            status=row.status.label if row.status else "",
            tone=TONES.get(row.status.code, "wait") if row.status else "neutral",
            number=row.number,
            number_withheld="number" in row.withheld,
            office=row.office,
            filed_on=row.filed_on or None,
            expires_on=row.expires_on or None,
        )
        for row in fields.ip_items
    ]


def transfer_rows(fields: Disclosure) -> list[dict[str, Any]]:
    """Return the terms of transfer as label and value, in the order of the form."""
    rights = labels(fields.rights)
    if fields.territory:
        rights.append(fields.territory)
    rows: list[tuple[str, Any]] = [
        (_("Đối tượng"), "; ".join(labels(fields.objects_of_transfer))),
        (_("Hình thức"), "; ".join(labels(fields.forms))),
        (_("Phương thức"), "; ".join(labels(fields.methods))),
        (_("Quyền"), "; ".join(rights)),
        (_("Hợp tác"), "; ".join(labels(fields.cooperation))),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def after_rows(fields: Disclosure) -> list[dict[str, Any]]:
    """Return what comes after the price: support, site, where the money for it came from."""
    funding = fields.funding_origin.label if isinstance(fields.funding_origin, Term) else ""
    if funding and fields.task_code:
        funding = f"{funding} ({fields.task_code})"
    rows: list[tuple[str, Any]] = [
        (_("Hỗ trợ sau"), fields.support_vi),
        (_("Điều kiện nơi lắp"), fields.site_conditions_vi),
        (_("Nguồn kinh phí"), funding),
        (_("Mục tiêu phát triển bền vững (SDG)"), "; ".join(labels(fields.sdgs))),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def offer_context(subject: Subject) -> Mapping[str, Any]:
    """Return what only an offer shows."""
    fields = subject.fields
    return {
        "problem": paragraphs(fields.problem_vi),
        "how": paragraphs(fields.how_it_works_vi),
        "advantages": paragraphs(fields.advantages_vi),
        "evidence": evidence_rows(fields),
        "economics": list(fields.economics),
        "transfer": transfer_rows(fields),
        "after": after_rows(fields),
        "price": price_of(fields),
        "ip_status": fields.ip_status.label if isinstance(fields.ip_status, Term) else "",
        "ip_items": ip_rows(fields),
        "more": [] if subject.preview else more_of_sectors(subject.entry, fields.sectors),
    }
