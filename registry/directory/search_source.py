"""How organisations and laboratories are found. The marketplace builds its offers on the same parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.directory.disclosure import ANYONE, Disclosure, disclose, public_recognitions
from registry.directory.loading import public_contents
from registry.directory.models import Content, Entry, Lab, Recognition
from registry.directory.presenters import OWNER_FIELDS, first_sector, is_verified
from registry.directory.roles import current_roles
from registry.taxonomy import selectors as taxonomy
from registry.taxonomy.models import AdminUnit, Term
from search import sources
from search.contracts import FacetSpec, SearchDocument
from search.sources import SearchSource

LANGUAGES = ("vi", "en")
YES = "co"

#: Days since the last confirmation: each band holds the ones before it, but the last.
AGES: Mapping[str, tuple[int, int | None]] = {"30": (0, 30), "180": (0, 180), "cu-hon": (181, None)}
AGE_LABELS = {
    "30": _("Trong 30 ngày"),
    "180": _("Trong 180 ngày"),
    "cu-hon": _("Lâu hơn 180 ngày"),
}


# --- facets -----------------------------------------------------------------------------------


def term_facet(
    name: str, label: Any, parameter: str, vocabulary: str, kind: str, **shape: Any
) -> FacetSpec:
    """Return a facet whose codes are terms of a vocabulary."""
    return FacetSpec(
        name=name,
        label=label,
        kinds=frozenset({kind}),
        labels=partial(taxonomy.term_labels, vocabulary),
        parameter=parameter,
        known=lambda code: code in taxonomy.term_order(vocabulary),
        **shape,
    )


def tree_facet(name: str, label: Any, parameter: str, vocabulary: str, kind: str) -> FacetSpec:
    """Return a facet whose terms roll up along their vocabulary's tree."""
    return term_facet(
        name,
        label,
        parameter,
        vocabulary,
        kind,
        parent_of=partial(taxonomy.parents, vocabulary),
        display="tree",
    )


def choice_facet(
    name: str, label: Any, parameter: str, choices: Mapping[str, Any], kind: str, **shape: Any
) -> FacetSpec:
    """Return a facet of a few fixed codes."""

    def labels(codes: Iterable[str]) -> Mapping[str, str]:
        return {code: str(choices[code]) for code in codes if code in choices}

    return FacetSpec(
        name=name,
        label=label,
        kinds=frozenset({kind}),
        labels=labels,
        parameter=parameter,
        known=lambda code: code in choices,
        **shape,
    )


def sector_facet(kind: str) -> FacetSpec:
    """Return the sectors, rolled up from the second level."""
    return tree_facet("sector", _("Lĩnh vực"), "linh-vuc", "sector", kind)


def value_chain_facet(kind: str) -> FacetSpec:
    """Return the value chains of the province."""
    return term_facet("value_chain", _("Chuỗi giá trị"), "chuoi-gia-tri", "value_chain", kind)


def commune_facet(kind: str) -> FacetSpec:
    """Return the communes of today."""
    return FacetSpec(
        name="commune",
        label=_("Xã, phường"),
        kinds=frozenset({kind}),
        labels=taxonomy.commune_labels,
        parameter="xa-phuong",
        known=lambda code: code in taxonomy.commune_labels(),
        display="searchable",
        aliases=taxonomy.search_names_of,
    )


def freshness_facet(kind: str) -> FacetSpec:
    """Return how long ago an entry was confirmed, as of the day of the question."""
    return choice_facet(
        "freshness",
        _("Ngày xác nhận"),
        "ngay-xac-nhan",
        AGE_LABELS,
        kind,
        order="value",
        ages=AGES,
    )


def organisation_facets() -> list[FacetSpec]:
    """Return the facets of organisations, in the order of the page."""
    kind = "organisation"
    return [
        sector_facet(kind),
        commune_facet(kind),
        tree_facet("role", _("Vai trò"), "vai-tro", "role", kind),
        choice_facet(
            "recognition",
            _("Giấy chứng nhận"),
            "giay-chung-nhan",
            dict(Recognition.Type.choices),
            kind,
        ),
        value_chain_facet(kind),
        term_facet("size_band", _("Quy mô"), "quy-mo", "size_band", kind),
        choice_facet(
            "verified", _("Đã xác minh"), "da-xac-minh", {YES: _("Tổ chức đã xác minh")}, kind
        ),
        term_facet("looking_for", _("Đang tìm"), "dang-tim", "looking_for", kind),
        freshness_facet(kind),
    ]


def lab_facets() -> list[FacetSpec]:
    """Return the facets of laboratories, in the order of the page."""
    kind = "lab"
    return [
        sector_facet(kind),
        commune_facet(kind),
        value_chain_facet(kind),
        choice_facet("open_to", _("Ai được dùng"), "ai-duoc-dung", dict(Lab.OpenTo.choices), kind),
        choice_facet(
            "accreditation",
            _("Công nhận"),
            "cong-nhan",
            {YES: _("Có công nhận ISO/IEC 17025")},
            kind,
        ),
        freshness_facet(kind),
    ]


# --- documents --------------------------------------------------------------------------------


def codes(terms: list[Term] | str) -> tuple[str, ...]:
    """Return the codes of disclosed terms."""
    return tuple(term.code for term in terms if isinstance(term, Term))


def code_of(term: Term | str) -> tuple[str, ...]:
    """Return the code of one disclosed term, or nothing."""
    return (term.code,) if isinstance(term, Term) else ()


def commune_code(commune: AdminUnit | str) -> tuple[str, ...]:
    """Return the code of a disclosed commune, or nothing."""
    return (commune.code,) if isinstance(commune, AdminUnit) else ()


def labels_in_both(terms: Iterable[Term]) -> str:
    """Return the labels of terms in both languages, as words for the index."""
    return " ".join(f"{term.label_vi} {term.label_en}" for term in terms)


def centre_of(commune: AdminUnit | str) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of a disclosed commune, when they are known."""
    if not isinstance(commune, AdminUnit) or commune.lat is None or commune.lon is None:
        return None
    return commune.lat, commune.lon


def place_words(commune: AdminUnit | str) -> str:
    """Return a commune's names of today and of before July 2025, as words for the index."""
    if not isinstance(commune, AdminUnit):
        return ""
    return f"{commune.full_name_vi} {commune.full_name_en} {taxonomy.search_names(commune)}"


def shared_facets(fields: Disclosure) -> dict[str, tuple[str, ...]]:
    """Return the codes of what all kinds share."""
    return {
        "sector": codes(fields.sectors),
        "value_chain": codes(fields.value_chains),
        "commune": commune_code(fields.commune),
    }


def shared_payload(entry: Entry, fields: Disclosure) -> dict[str, Any]:
    """Return what every result row shows; labels in the active language, codes beside them."""
    commune = fields.commune if isinstance(fields.commune, AdminUnit) else None
    sector = first_sector(fields.sectors)
    return {
        "number": entry.number,
        "place": commune.label if commune else "",
        "commune": commune.code if commune else "",
        "sector": sector.code if sector else "",
        "confirmed_on": confirmed_on(entry),
        "is_demo": entry.is_demo,
    }


def confirmed_on(entry: Entry) -> str:
    """Return the day of the last confirmation as ISO text, or an empty one."""
    at = entry.last_confirmed_at
    return timezone.localtime(at).date().isoformat() if at else ""


def owner_fields(entry: Entry) -> Disclosure:
    """Return what anyone may read of the owner; nothing when it is not public."""
    owner = entry.owner
    if owner is None or not owner.is_public:
        return Disclosure({}, ())
    return disclose(owner.content, ANYONE, OWNER_FIELDS)


def number_words(entry: Entry) -> str:
    """Return the number as people type it: “CN 0412”, “CN0412”."""
    return f"{entry.number} {entry.number.replace(' ', '')}"


def bilingual(
    content: Content, build: Callable[[Entry, Disclosure], SearchDocument]
) -> Iterator[SearchDocument]:
    """Yield the Vietnamese document, and an English one when the title was translated."""
    fields = disclose(content, ANYONE)
    entry = content.entry
    english = entry.kind_info.title_field.removesuffix("_vi") + "_en"
    for language in LANGUAGES:
        if language == "vi" or fields.get(english):
            with translation.override(language):
                found = build(entry, fields)
            yield found


def assemble(
    entry: Entry,
    fields: Disclosure,
    *,
    title: str,
    summary: str,
    body: Iterable[str],
    keywords: Iterable[str],
    facets: Mapping[str, tuple[str, ...]],
    payload: Mapping[str, Any],
    readiness: int | None = None,
) -> SearchDocument:
    """Return a document in the active language from its parts."""
    at = entry.last_confirmed_at
    return SearchDocument(
        kind=entry.kind,
        id=str(entry.pk),
        language=translation.get_language() or "vi",
        title=title,
        url=entry.get_absolute_url(),
        summary=summary,
        body="\n".join(part for part in body if part),
        keywords=" ".join(part for part in (number_words(entry), *keywords) if part),
        facets={name: values for name, values in facets.items() if values},
        confirmed_on=timezone.localtime(at).date() if at else None,
        readiness=readiness,
        location=centre_of(fields.commune),
        verified=_is_checked(entry),
        is_demo=entry.is_demo,
        collapse_key=f"{entry.kind}:{entry.pk}",
        payload=payload,
    )


def _is_checked(entry: Entry) -> bool:
    """Whether the Centre verified the organisation, or the public one behind the entry."""
    owner = entry.owner or entry
    return owner.is_public and is_verified(owner)


def _organisation(entry: Entry, fields: Disclosure) -> SearchDocument:
    roles = current_roles(fields)
    recognitions = public_recognitions(entry)
    verified = is_verified(entry)
    return assemble(
        entry,
        fields,
        title=fields.text("name"),
        summary=fields.text("summary"),
        body=(
            fields.text("description"),
            *(f"{item.get_type_display()} {item.number} {item.scope}" for item in recognitions),
        ),
        keywords=(
            fields.name_vi,
            fields.name_en,
            fields.short_name,
            place_words(fields.commune),
            labels_in_both([*fields.sectors, *fields.value_chains, *roles, *fields.looking_for]),
        ),
        facets={
            **shared_facets(fields),
            "role": codes(roles),
            "recognition": tuple(dict.fromkeys(str(item.type) for item in recognitions)),
            "size_band": code_of(fields.size_band),
            "verified": (YES,) if verified else (),
            "looking_for": codes(fields.looking_for),
        },
        payload={
            **shared_payload(entry, fields),
            "role": list(codes(roles)),
            "roles": [term.label for term in roles],
            "legal_form": fields.legal_form.code if fields.legal_form else "",
            "verified": verified,
            "source": entry.source_note if entry.source == Entry.Source.REGISTER else "",
        },
    )


def _lab(entry: Entry, fields: Disclosure) -> SearchDocument:
    accredited = [
        item for item in public_recognitions(entry) if item.type == Recognition.Type.ACCREDITATION
    ]
    open_to = str(entry.content.open_to) if fields.open_to else ""  # type: ignore[attr-defined]
    owner = owner_fields(entry)
    return assemble(
        entry,
        fields,
        title=fields.text("name"),
        summary=fields.text("summary"),
        body=(fields.services_vi, fields.methods_vi, fields.text("description")),
        keywords=(
            fields.name_vi,
            fields.name_en,
            owner.name_vi,
            owner.name_en,
            place_words(fields.commune),
            labels_in_both([*fields.sectors, *fields.value_chains, *fields.st_fields]),
            *(f"{item.number} ISO/IEC 17025" for item in accredited),
        ),
        facets={
            **shared_facets(fields),
            "open_to": (open_to,) if open_to else (),
            "accreditation": (YES,) if accredited else (),
        },
        payload={
            **shared_payload(entry, fields),
            "owner": owner.text("name"),
            "accreditation": accredited[0].number or "ISO/IEC 17025" if accredited else "",
            "open_to": str(fields.open_to),
        },
    )


def organisation_documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the public organisations (of those ids)."""
    for content in public_contents("organisation", ids):
        yield from bilingual(content, _organisation)


def lab_documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the public laboratories (of those ids)."""
    for content in public_contents("lab", ids):
        yield from bilingual(content, _lab)


def count_of(kind: str) -> int:
    """Return how many public entries of the kind there are."""
    return Entry.objects.public().filter(kind=kind).count()


def register() -> None:
    """Make organisations and laboratories findable."""
    sources.register(
        SearchSource(
            kind="organisation",
            label=_("Tổ chức"),
            label_plural=pgettext_lazy("số nhiều", "Tổ chức"),
            documents=organisation_documents,
            count=partial(count_of, "organisation"),
            row_template="search/rows/organisation.html",
            order=20,
            slug="to-chuc",
            in_every_language=True,
            labels={"legal_form": partial(taxonomy.term_labels, "legal_form")},
        ),
        organisation_facets(),
    )
    sources.register(
        SearchSource(
            kind="lab",
            label=_("Phòng thí nghiệm"),
            label_plural=pgettext_lazy("số nhiều", "Phòng thí nghiệm"),
            documents=lab_documents,
            count=partial(count_of, "lab"),
            row_template="search/rows/lab.html",
            order=30,
            slug="phong-thi-nghiem",
            in_every_language=True,
        ),
        lab_facets(),
    )
