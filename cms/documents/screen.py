"""What the list of legal documents shows, narrowed by what a visitor asks; needs no engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.documents import selectors
from cms.documents.models import DocumentType, LegalDocumentPage
from registry.taxonomy import selectors as taxonomy

PER_PAGE = 20
PAGE = "trang"
TOPICS = "document_topic"
_PAGE = re.compile(r"[0-9]{1,6}")


class BadQuestion(ValueError):
    """A question nobody can answer; the text is for the visitor."""


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a list."""

    number: str
    title: str
    summary: str
    url: str
    type: str
    issuer: str
    signed_on: date | None
    standing: selectors.Standing


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its parameter, label and options (code, label with how many, chosen)."""

    parameter: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the filters look at, of one document."""

    pk: int
    type: str
    issuer: str
    year: str
    force: str
    topics: frozenset[str]


def build(index: Any, asked: Mapping[str, str], address: str) -> dict[str, Any]:
    """Return the template's context; what cannot be answered comes back as `problem`."""
    base = {"list_url": address, "search_url": reverse("search:all")}
    try:
        return base | _answer(index, asked, address)
    except BadQuestion as problem:
        return base | {"problem": str(problem)}


def row_of(page: LegalDocumentPage) -> Row:
    """Return a document as a row."""
    return Row(
        number=page.number,
        title=page.title,
        summary=page.intro,
        url=page.get_url() or "",
        type=str(page.get_document_type_display()),
        issuer=page.issuer.label if page.issuer else "",
        signed_on=page.signed_on,
        standing=selectors.standing_of(page),
    )


def _answer(index: Any, asked: Mapping[str, str], address: str) -> dict[str, Any]:
    documents = selectors.public_documents().child_of(index)
    facts = [_facts_of(page) for page in documents.prefetch_related("topics")]
    choices, chosen = _choices(asked, facts)
    kept = [fact.pk for fact in facts if _fits(fact, chosen)]
    paginator = Paginator(selectors.newest(documents.filter(pk__in=kept)), PER_PAGE)
    number = _page(asked.get(PAGE, ""), paginator.num_pages)
    return {
        "choices": choices,
        "narrowed": bool(chosen),
        "clear_url": address,
        "query": urlencode(chosen),
        "rows": [row_of(page) for page in paginator.page(number).object_list],
        "page_number": number,
        "page_count": paginator.num_pages,
        "total": paginator.count,
    }


def _facts_of(page: LegalDocumentPage) -> _Facts:
    return _Facts(
        pk=page.pk,
        type=page.document_type,
        issuer=page.issuer.code if page.issuer else "",
        year=str(page.signed_on.year) if page.signed_on else "",
        force=selectors.standing_of(page).code,
        topics=frozenset(term.code for term in page.topics.all()),
    )


def _values(fact: _Facts, name: str) -> frozenset[str]:
    value = getattr(fact, name)
    return value if isinstance(value, frozenset) else frozenset({value} - {""})


def _fits(fact: _Facts, chosen: Mapping[str, str]) -> bool:
    return all(code in _values(fact, NAMES[parameter]) for parameter, code in chosen.items())


#: Parameter → what it looks at.
NAMES = {
    "loai": "type",
    "co-quan": "issuer",
    "nam": "year",
    "hieu-luc": "force",
    "chu-de": "topics",
}


def _choices(
    asked: Mapping[str, str], facts: Iterable[_Facts]
) -> tuple[list[Choice], dict[str, str]]:
    counts: dict[str, dict[str, int]] = {name: {} for name in NAMES.values()}
    for fact in facts:
        for name, tally in counts.items():
            for code in _values(fact, name):
                tally[code] = tally.get(code, 0) + 1
    known: dict[str, tuple[str, dict[str, str]]] = {
        "loai": (_("Loại"), {code: str(label) for code, label in DocumentType.choices}),
        "co-quan": (_("Cơ quan ban hành"), selectors.issuer_labels()),
        "nam": (_("Năm"), {year: year for year in sorted(counts["year"], reverse=True)}),
        "hieu-luc": (_("Hiệu lực"), selectors.force_labels()),
        "chu-de": (_("Chủ đề"), taxonomy.term_labels(TOPICS)),
    }
    choices, chosen = [], {}
    for parameter, (label, options) in known.items():
        code = asked.get(parameter, "")
        if code and code not in options and not (parameter == "nam" and _is_year(code)):
            raise BadQuestion(_("Bộ lọc có giá trị không có trong danh mục. Hãy chọn lại."))
        if code:
            chosen[parameter] = code
        tally = counts[NAMES[parameter]]
        listed = [
            (value, f"{text} ({tally[value]})" if value in tally else text, value == code)
            for value, text in options.items()
            if value in tally or value == code
        ]
        if listed:
            choices.append(Choice(parameter, label, listed))
    return choices, chosen


def _is_year(code: str) -> bool:
    return len(code) == 4 and code.isascii() and code.isdigit()


def _page(written: str, count: int) -> int:
    number = int(written) if _PAGE.fullmatch(written) and written.isascii() else 0
    if not written:
        return 1
    if not 1 <= number <= count:
        raise BadQuestion(_("Danh sách này có %(pages)d trang.") % {"pages": count})
    return number
