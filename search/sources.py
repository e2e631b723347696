"""Where searchable kinds declare themselves, once each, from their app's `search_source.py`.

An app registers its source in `apps.py` (`ready()`); `search` never imports a model of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import translate_url
from django.utils import translation

from search.contracts import FacetSpec, SearchDocument


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One searchable kind.

    `documents(ids)` yields the documents of the given ids, or of everything public when ids is None
    (through `iterator()`, related rows prefetched in batches). An id that yields nothing is deleted.
    """

    kind: str
    label: Any
    label_plural: Any
    documents: Callable[[Iterable[str] | None], Iterator[SearchDocument]]
    count: Callable[[], int]
    #: The template that renders a result row of this kind.
    row_template: str = "search/rows/default.html"
    #: The name of the address where chosen results of this kind stand side by side; empty for none.
    compare_view: str = ""
    order: int = 100
    #: The kind in an address (`loai=cong-nghe`), the same in every language.
    slug: str = ""
    #: Whether its pages have one address in every language, but for the language's prefix.
    in_every_language: bool = False
    #: Whether its day is the one it came out (a page may have none), not one on which somebody confirmed
    #: it anew. Such a day orders lists; nothing gains or is filtered by its age.
    dated: bool = False
    #: Codes in the payload that are no facet: name → what returns their labels in the active language.
    labels: Mapping[str, Callable[[Iterable[str]], Mapping[str, str]]] = field(default_factory=dict)


_sources: dict[str, SearchSource] = {}
_facets: dict[str, FacetSpec] = {}


def register(source: SearchSource, facets: Iterable[FacetSpec] = ()) -> None:
    """Add a kind and its facets. Called once per kind from an `AppConfig.ready()`."""
    _sources[source.kind] = source
    for facet in facets:
        known = _facets.get(facet.name)
        if known is not None and known.parameter == facet.parameter:
            merged = known.kinds | facet.kinds
            _facets[facet.name] = FacetSpec(
                **{
                    name: getattr(known, name)
                    for name in FacetSpec.__dataclass_fields__
                    if name != "kinds"
                },
                kinds=merged,
            )
        else:
            _facets[facet.name] = facet


def address(kind: str, url: str, language: str) -> str:
    """Return where a result leads a reader of `language`, whatever language it was found in."""
    found = _sources.get(kind)
    written_in = translation.get_language_from_path(url) or settings.LANGUAGE_CODE
    if found is None or not found.in_every_language or written_in == language:
        return url
    with translation.override(written_in):
        return translate_url(url, language)


def source(kind: str) -> SearchSource:
    """Return the source of a kind; raise `KeyError` for an unknown one."""
    return _sources[kind]


def sources() -> list[SearchSource]:
    """Return every source, in display order."""
    return sorted(_sources.values(), key=lambda item: (item.order, item.kind))


def is_known(kind: str) -> bool:
    """Whether a kind has a source: an index may still hold documents of one that is gone."""
    return kind in _sources


def is_dated(kind: str) -> bool:
    """Whether the day of a kind is the one it came out, not one of confirmation."""
    found = _sources.get(kind)
    return found is not None and found.dated


def facet(name: str) -> FacetSpec:
    """Return a facet by its name; raise `KeyError` for an unknown one."""
    return _facets[name]


def facets(kinds: Iterable[str] | None = None) -> list[FacetSpec]:
    """Return the facets that all (or the given) kinds carry, in order of registration."""
    wanted = None if kinds is None else set(kinds)
    return [spec for spec in _facets.values() if wanted is None or spec.kinds & wanted]
