"""How pages are found: kind `page`. What has a kind of its own builds on the same parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms.pages.selectors import plain_text
from search import service, sources
from search.contracts import FacetSpec, SearchDocument

KIND = "page"
#: Pages that are found as another kind, and so not a second time as pages.
_elsewhere: list[type[Page]] = []


def leave_to_another_kind(model: type[Page]) -> None:
    """Leave the pages of a model out: another source makes them findable."""
    if model not in _elsewhere:
        _elsewhere.append(model)


def public_pages() -> QuerySet[Page]:
    """Return what may be found: live, unrestricted pages that are no mere copy in another language."""
    pages: QuerySet[Page] = Page.objects.live().public().filter(depth__gt=2, alias_of__isnull=True)
    if _elsewhere:
        pages = pages.not_exact_type(*_elsewhere)
    return pages


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the given page ids, or of all."""
    pages = public_pages()
    if ids is not None:
        pages = pages.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    for page in pages.select_related("locale").order_by("pk").specific().iterator(chunk_size=200):
        if url := page.get_url():
            yield document(page, url)


def body_of(page: Any) -> str:
    """Return the words of the fields a page is found by, besides its title and lead."""
    names = [name for name in getattr(page, "found_by", ("body",)) if hasattr(page, name)]
    return " ".join(filter(None, (_words(page, name) for name in names)))


def _words(page: Any, name: str) -> str:
    value = getattr(page, name)
    rich = isinstance(page._meta.get_field(name), RichTextField)
    return plain_text(RichText(value) if rich else value)


def year_facet(name: str, parameter: str, kind: str) -> FacetSpec:
    """Return a facet whose codes are years, the most frequent first."""
    return FacetSpec(
        name=name,
        label=_("Năm"),
        kinds=frozenset({kind}),
        labels=_years,
        parameter=parameter,
        known=lambda code: len(code) == 4 and code.isascii() and code.isdigit(),
    )


def _years(codes: Iterable[str]) -> Mapping[str, str]:
    return {code: code for code in codes}


def document(page: Any, url: str) -> SearchDocument:
    """Return a page as a search document."""
    return SearchDocument(
        kind=KIND,
        id=str(page.pk),
        language=page.locale.language_code,
        collapse_key=f"{KIND}:{page.translation_key}",
        title=page.title,
        url=url,
        summary=getattr(page, "intro", "") or page.search_description,
        body=body_of(page),
        payload={"summary": getattr(page, "intro", "")},
    )


def count() -> int:
    """Return how many pages may be found."""
    return public_pages().count()


def register() -> None:
    """Make pages findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=_("Trang"),
            label_plural=pgettext_lazy("số nhiều", "Trang"),
            documents=documents,
            count=count,
            row_template="search/rows/page.html",
            order=90,
            dated=True,
        )
    )


def reindex_below(kind: str, page: Page, model: type[Page] | None = None) -> None:
    """Bring the index in line with a page and those below it (of a model), as things of a kind."""
    with transaction.atomic():
        below = page.get_descendants(inclusive=True)
        if model is not None:
            below = below.type(model)
        # Locked from the top down, so that what somebody hides at this moment is not put back.
        locked = below.select_for_update(of=("self",), no_key=True)
        service.reindex(kind, list(locked.values_list("pk", flat=True)))


def follow(instance: Page, **_kwargs: Any) -> None:
    """Bring the index in line with a page that was published, hidden or moved, and those below it."""
    reindex_below(KIND, instance)


def forget(instance: Page, **_kwargs: Any) -> None:
    """Take a deleted page out of the index, after Wagtail has unpublished it in memory only."""
    service.remove(KIND, [instance.pk])


def follow_restriction(instance: Any, **_kwargs: Any) -> None:
    """Hide or show the pages below one whose readers were restricted or freed."""
    follow(instance.page)
