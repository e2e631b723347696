"""What the registry knows of an organisation, as answers to the eight questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from registry.directory.disclosure import (
    Disclosure,
    Viewer,
    disclose,
    public_recognitions,
    viewer_of,
)
from registry.directory.models import Entry
from registry.directory.permissions import role_of
from registry.directory.selectors import draft_of
from registry.support import facts
from registry.support.rules import Answer
from registry.taxonomy import selectors as taxonomy

#: Legal form of the registry → who the applicant is.
FORMS = {
    **dict.fromkeys(("tnhh_1tv", "tnhh_2tv", "co_phan", "hop_danh", "tu_nhan"), "doanh_nghiep"),
    "htx": "htx",
    "tht": "htx",
    "hkd": "hkd",
    "ca_nhan_nhom": "ca_nhan",
    "truong": "khcn",
    "to_chuc_khcn": "khcn",
    **dict.fromkeys(("co_quan", "dvsn", "hiep_hoi", "quy"), "khac"),
}
FIELDS = {"legal_form", "founded_year", "size_band", "stage", "sectors", "commune"}
#: Protected object of an offer → kind of result.
RIGHTS = {
    **dict.fromkeys(("sang_che", "giai_phap_huu_ich"), "sang_che"),
    **dict.fromkeys(
        ("kieu_dang", "mach_tich_hop", "chuong_trinh_may_tinh", "giong_cay_trong"), "quyen_khac"
    ),
    **dict.fromkeys(
        ("nhan_hieu", "nhan_hieu_tap_the", "nhan_hieu_chung_nhan", "chi_dan_dia_ly"), "nhan_hieu"
    ),
}
GRANTED = "da_cap_bang"


def answers_of(entry: Entry, user: Any) -> dict[str, Answer]:
    """Return what the registry knows of an organisation that this member may read.

    Their own latest draft counts, not only what the public sees. A list is never complete: what
    is not in the registry may exist all the same.
    """
    viewer = viewer_of(user, entry)
    fields = disclose(draft_of(entry), viewer, FIELDS)
    found = {
        facts.APPLICANT: _one(FORMS.get(_code(fields.legal_form), "")),
        facts.SIZE: _one(_code(fields.size_band)),
        facts.STAGE: _one(_code(fields.stage)),
        facts.PLACE: _one(str(fields.commune.type) if fields.commune else ""),
        facts.AGE: _age(fields),
        facts.SECTOR: _many(
            taxonomy.with_ancestors("sector", [term.code for term in fields.sectors or []])
        ),
        facts.CERTIFICATE: _many(
            str(item.type)
            for item in public_recognitions(entry)
            if str(item.type) in facts.CERTIFICATES
        ),
        facts.RESULT: _many(_results(entry, viewer)),
    }
    return {code: answer for code, answer in found.items() if answer is not None}


def _one(value: str) -> Answer | None:
    return Answer(frozenset({value}), complete=True) if value else None


def _many(values: Iterable[str]) -> Answer | None:
    found = frozenset(values)
    return Answer(found) if found else None


def _code(term: Any) -> str:
    return str(term.code) if term else ""


def _age(fields: Disclosure) -> Answer | None:
    if not fields.founded_year:
        return None
    return Answer(number=max(0, timezone.localdate().year - int(fields.founded_year)))


def _results(entry: Entry, viewer: Viewer) -> Iterable[str]:
    """Yield what the organisation's public offers say is protected."""
    offers = entry.owned.filter(kind="offer", is_public=True).select_related("offer")
    for offer in offers:
        for item in disclose(offer.content, viewer, {"ip_items"}).ip_items or []:
            kind = RIGHTS.get(_code(item.type))
            if kind and _code(item.status) == GRANTED:
                yield kind


def own_organisations(user: Any) -> list[Entry]:
    """Return the organisations whose profile a person may take answers from, by name."""
    entries = (
        Entry.objects.of_member(user)
        .filter(kind="organisation")
        .exclude(lifecycle__in=(Entry.Lifecycle.MERGED, Entry.Lifecycle.REJECTED))
    )
    return list(entries.order_by("working_title", "pk"))


def own_organisation(user: Any, number_slug: str) -> Entry | None:
    """Return one's own organisation by its number as in an address; `None` for anybody else's."""
    number = number_slug.upper().replace("-", " ")
    entry = Entry.objects.filter(kind="organisation", number=number).first()
    return entry if entry is not None and role_of(user, entry) else None
