"""The offers and demands of the home page: what editors chose, then the newest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from registry.common.fields import kinds
from search import service, sources
from search.contracts import Hit, SearchDocument, SearchPage, SearchQuery, Sort

READ = 16


def exists(kind: str) -> bool:
    """Whether the catalogue has this kind of entry."""
    return any(item.code == kind for item in kinds())


def cards(kind: str, chosen: Iterable[Any], shown: int) -> list[dict[str, Any]]:
    """Return up to `shown` entries of a kind as `components/card.html` wants them.

    First the chosen ones that are public, in the editors' order; then the newest ones, those of
    sectors not seen yet first, so that the row shows the province.
    """
    language = translation.get_language() or "vi"
    first = _chosen(kind, [entry for entry in chosen if entry.is_public], language)[:shown]
    if len(first) == shown:
        return first
    seen = {card["url"] for card in first}
    rest = [card for card in _newest(kind, language) if card["url"] not in seen]
    return [*first, *rest][:shown]


def _chosen(kind: str, entries: list[Any], language: str) -> list[dict[str, Any]]:
    ids = [str(entry.pk) for entry in entries]
    if not ids:
        return []
    by_entry: dict[str, SearchDocument] = {}
    for document in sources.source(kind).documents(ids):
        key = document.collapse_key or document.id
        if key not in by_entry or document.language == language:
            by_entry[key] = document
    numbered = {document.payload.get("number"): document for document in by_entry.values()}
    found = [numbered[entry.number] for entry in entries if entry.number in numbered]
    return [
        _card(
            item.title, sources.address(kind, item.url, language), item.payload, item.confirmed_on
        )
        for item in found
    ]


def _newest(kind: str, language: str) -> list[dict[str, Any]]:
    page = _search(kind, language)
    if not page.hits and language != "vi":
        page = _search(kind, "vi")
    seen: set[str] = set()
    first: list[Hit] = []
    rest: list[Hit] = []
    for hit in page.hits:
        sector = str(hit.payload.get("sector", ""))
        (rest if sector in seen else first).append(hit)
        seen.add(sector)
    return [_card(hit.title, hit.url, hit.payload, hit.confirmed_on) for hit in [*first, *rest]]


def _card(title: str, url: str, payload: dict[str, Any], confirmed_on: Any) -> dict[str, Any]:
    return {"url": url, "title": title, **payload, "confirmed_on": confirmed_on}


def _search(kind: str, language: str) -> SearchPage:
    # The page is kept: an engine outside the database may still find what was hidden a moment ago.
    return service.latest(
        SearchQuery(
            kinds=(kind,),
            language=language,
            sort=Sort.CONFIRMED,
            page_size=READ,
            highlight=False,
        )
    )
