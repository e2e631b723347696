"""What the page of one legal document shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from cms.documents import selectors

#: schema.org knows three states of force; what we do not know is left out.
LEGAL_FORCE = {
    "con": "InForce",
    "mot_phan": "PartiallyInForce",
    "het": "NotInForce",
    "chua": "NotInForce",
}
RELATIONS = {
    "sua_doi": "legislationChanges",
    "thay_the": "legislationChanges",
    "huong_dan": "legislationApplies",
    "can_cu": "isBasedOn",
}


def build(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the template's context."""
    return {
        "standing": selectors.standing_of(page),
        "relations": selectors.relations(page),
        "file_note": selectors.file_state(page),
        "topics": [term.label for term in page.topics.all()],
        "programmes": [term.label for term in page.programmes.all()],
        "dossier_lines": lines(page.dossier),
        "plain": any((page.who_benefits, page.what_to_do, page.dossier, page.deadline)),
    }


def lines(text: str) -> list[str]:
    """Return the lines of a text, without marks of a list at their beginning."""
    return [line.lstrip("-–•* ").strip() for line in text.splitlines() if line.strip("-–•* ")]


def structured(page: Any) -> dict[str, Any]:
    """Return the document as schema.org data; only what is known."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": page.title,
        "legislationIdentifier": page.number,
        "legislationType": page.get_document_type_display(),
        "url": page.get_full_url(),
        "inLanguage": page.locale.language_code,
        "abstract": page.intro,
        "legislationPassedBy": {"@type": "Organization", "name": page.issuer.label}
        if page.issuer
        else None,
        "legislationDate": _day(page.signed_on),
        "legislationDateOfApplicability": _day(page.effective_on),
        "expires": _day(page.expires_on),
        "legislationLegalForce": LEGAL_FORCE.get(selectors.standing_of(page).code),
    }
    for relation in page.relations.select_related("target"):
        name = relation.target.specific.number if relation.target_id else relation.target_text
        data.setdefault(RELATIONS[relation.kind], []).append({"@type": "Legislation", "name": name})
    return {key: value for key, value in data.items() if value}


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
