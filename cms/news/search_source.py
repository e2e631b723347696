"""How news is found: kind `news`, by section and year besides its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.news import selectors
from cms.news.kinds import Kind
from cms.pages.search_source import body_of, year_facet
from search import sources
from search.contracts import FacetSpec, SearchDocument

KIND = "news"


def _sections(codes: Iterable[str]) -> Mapping[str, str]:
    return {code: str(Kind(code).plural) for code in codes if code in Kind.values}


def facets() -> list[FacetSpec]:
    """Return the facets of news, in the order of the page."""
    return [
        FacetSpec(
            name="news_kind",
            label=_("Loại tin"),
            kinds=frozenset({KIND}),
            labels=_sections,
            parameter="loai-tin",
            known=lambda code: code in Kind.values,
        ),
        year_facet("news_year", "nam-tin", KIND),
    ]


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the public articles (of those ids); a stand-in in another language is none of its own."""
    articles = selectors.findable()
    if ids is not None:
        articles = articles.filter(pk__in=[int(key) for key in ids if str(key).isdigit()])
    # Of one day's articles a list without words shows what came in last first.
    for page in articles.select_related("locale").order_by("date", "pk").iterator(chunk_size=200):
        if url := page.get_url():
            yield document(page, url)


def document(page: Any, url: str) -> SearchDocument:
    """Return an article as a search document."""
    return SearchDocument(
        kind=KIND,
        id=str(page.pk),
        language=page.locale.language_code,
        collapse_key=f"{KIND}:{page.translation_key}",
        title=page.title,
        url=url,
        summary=page.intro or page.search_description,
        body=body_of(page),
        facets={"news_kind": (page.kind,), "news_year": (str(page.date.year),)},
        confirmed_on=page.date,
        is_demo=page.is_demo,
        payload={"news_kind": page.kind, "date": page.date.isoformat(), "summary": page.intro},
    )


def count() -> int:
    """Return how many articles may be found."""
    return selectors.findable().count()


def register() -> None:
    """Make news findable."""
    sources.register(
        sources.SearchSource(
            kind=KIND,
            label=pgettext_lazy("loại kết quả", "Tin"),
            label_plural=pgettext_lazy("số nhiều", "Tin tức"),
            documents=documents,
            count=count,
            row_template="search/rows/news.html",
            order=70,
            dated=True,
            slug="tin-tuc",
        ),
        facets(),
    )
