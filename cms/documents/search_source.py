"""How legal documents are found: kind `document`, by number, words and the text of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.documents import selectors
from cms.documents.models import DocumentType, LegalDocumentPage
from cms.pages.search_source import year_facet
from registry.taxonomy import selectors as taxonomy
from search import sources
from search.contracts import FacetSpec, SearchDocument

KIND = "document"
TOPICS = "document_topic"


def _facet(
    name: str,
    label: Any,
    parameter: str,
    labels: Callable[[], Mapping[str, str]],
    **shape: Any,
) -> FacetSpec:
    def of(codes: Iterable[str]) -> Mapping[str, str]:
        known = labels()
        return {code: str(known[code]) for code in codes if code in known}

    return FacetSpec(
        name=name,
        label=label,
        kinds=frozenset({KIND}),
        labels=of,
        parameter=parameter,
        known=lambda code: code in labels(),
        **shape,
    )


def facets() -> list[FacetSpec]:
    """Return the facets of documents, in the order of the page (words.md §6)."""
    return [
        _facet("document_type", _("Loại"), "loai-van-ban", lambda: dict(DocumentType.choices)),
        _facet("issuer", _("Cơ quan ban hành"), "co-quan", selectors.issuer_labels),
        year_facet("document_year", "nam", KIND),
        _facet("in_force", _("Hiệu lực"), "hieu-luc", selectors.force_labels, order="value"),
        _facet("topic", _("Chủ đề"), "chu-de", lambda: taxonomy.term_labels(TOPICS)),
    ]


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the public documents (of those ids); a stand-in in another language is none of its own."""
    pages = selectors.public_documents().filter(alias_of__isnull=True)
    if ids is not None:
        pages = pages.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    pages = pages.select_related("issuer", "locale", "file__legal_text")
    pages = pages.prefetch_related("topics", "programmes")
    for page in pages.order_by("pk").iterator(chunk_size=100):
        if url := page.get_url():
            with translation.override(page.locale.language_code):
                found = document(page, url)
            yield found


def document(page: LegalDocumentPage, url: str) -> SearchDocument:
    """Return a legal document, with what could be read of its file, as a search document."""
    standing = selectors.standing_of(page)
    terms = [*page.topics.all(), *page.programmes.all()]
    read = getattr(page.file, "legal_text", None) if page.file_id else None
    words = (
        page.who_benefits,
        page.what_to_do,
        page.dossier,
        page.deadline,
        page.change_note,
        read.text if read else "",
    )
    return SearchDocument(
        kind=KIND,
        id=str(page.pk),
        language=page.locale.language_code,
        collapse_key=f"{KIND}:{page.translation_key}",
        title=page.title,
        url=url,
        summary=page.intro,
        body=" ".join(part for part in words if part),
        keywords=" ".join(
            part
            for part in (
                page.number,
                # “268/2025” finds 268/2025/NĐ-CP, and so does “268”.
                page.number.replace("/", " ").replace("-", " "),
                str(page.get_document_type_display()),
                page.issuer.name if page.issuer else "",
                *(term.label for term in terms),
                *(word for term in terms for word in term.synonyms),
            )
            if part
        ),
        facets={
            "document_type": (page.document_type,),
            "issuer": (page.issuer.code,) if page.issuer else (),
            "document_year": (str(page.signed_on.year),) if page.signed_on else (),
            "in_force": (standing.code,) if standing.code else (),
            "topic": tuple(term.code for term in page.topics.all()),
        },
        confirmed_on=page.signed_on,
        payload={
            "number": page.number,
            "signed_on": _iso(page.signed_on),
            "effective_on": _iso(page.effective_on),
            "expires_on": _iso(page.expires_on),
            "checked_on": _iso(page.status_checked_on),
            "status": page.status,
            "document_type": page.document_type,
            "issuer": page.issuer.code if page.issuer else "",
        },
    )


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def count() -> int:
    """Return how many documents may be found."""
    return selectors.public_documents().filter(alias_of__isnull=True).count()


def register() -> None:
    """Make legal documents findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=_("Văn bản"),
            label_plural=pgettext_lazy("số nhiều", "Văn bản"),
            documents=documents,
            count=count,
            row_template="search/rows/document.html",
            order=60,
            dated=True,
            slug="van-ban",
            in_every_language=True,
        ),
        facets(),
    )
