"""What a visitor may have meant, above the engines: keys of Telex and VNI, slips in known terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search import decoding, synonyms, text
from search.contracts import SearchPage, SearchQuery
from search.rules import LONG_WORD, slips

Find = Callable[[SearchQuery], SearchPage]


def answer(query: SearchQuery, find: Find) -> SearchPage:
    """Return the answer to the words as typed, or as they were meant when those find next to nothing."""
    page = find(query)
    if query.verbatim or not query.text:
        return page
    meant = decoding.decode(query.text)
    if meant is not None and _little(query, page, find):
        decoded = find(replace(query, text=meant))
        if decoded.total or _found_unfiltered(replace(query, text=meant), find):
            return replace(decoded, decoded=meant)
    if not page.total and not page.suggestion and not query.filters:
        return replace(page, suggestion=_term_meant(query, find))
    return page


def _little(query: SearchQuery, page: SearchPage, find: Find) -> bool:
    """Whether the words as typed find next to nothing, whatever the filters hide."""
    if page.partial or page.slipped:
        return True
    return not page.total and not _found_unfiltered(query, find)


def _found_unfiltered(query: SearchQuery, find: Find) -> bool:
    return bool(query.filters) and find(_counting(replace(query, filters={}))).total > 0


def _counting(query: SearchQuery) -> SearchQuery:
    return replace(
        query, facets=(), page=1, page_size=1, count_kinds=False, highlight=False, explain=False
    )


def _term_meant(query: SearchQuery, find: Find) -> str:
    """Return the text with its slips in words of the synonyms mended, if that finds something.

    The index knows the words of its entries only: `cocopeac` is one slip from a word that stands for
    others there.
    """
    known = synonyms.thesaurus().long_words
    cleaned = text.clean(query.text)
    parts = []
    at = 0
    for span in text.spans(cleaned):
        plain = text.fold(span.word)
        if len(plain) >= LONG_WORD and plain.isascii() and plain not in known:
            near = sorted(slips(plain) & known.keys())
            if near:
                parts += [cleaned[at : span.start], known[near[0]]]
                at = span.end
    if not parts:
        return ""
    meant = "".join([*parts, cleaned[at:]])
    return meant if find(_counting(replace(query, text=meant))).total else ""
