"""From a query to a page: one round trip when the words are found as they stand.

The first asks for the page as if every word were known, and for the frequencies of the words. Words
nobody has are then taken as a beginning or as a slip; few results bring in those with most words.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from elasticsearch import Elasticsearch

from search import text
from search.contracts import (
    EngineUnavailable,
    RequestFailed,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from search.engines.elasticsearch import asking, reading, spelling
from search.engines.elasticsearch.asking import Body, Question
from search.engines.elasticsearch.client import PAGE_TIMEOUT, READ_TIMEOUT, reaching, whole
from search.engines.elasticsearch.mapping import written
from search.engines.elasticsearch.terms import Reading, Taken
from search.highlight import Marker
from search.planner import plan
from search.rules import ENOUGH, SHORT_QUERY, SLIPPING, may_slip

TOO_LONG = "the page took too long"


class Asker:
    """Sends the searches of one page to one alias, in the time of one page."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._alias = alias
        self._until = time.monotonic() + PAGE_TIMEOUT
        self._asked = False

    def ask(self, *bodies: Body) -> list[Body]:
        """Return the answers, in one round trip; raise `EngineUnavailable` when one is missing.

        `RequestFailed` when it is the question that takes too long.
        """
        searches: list[Body] = []
        for body in bodies:
            searches += [{}, body]
        client = self._in_time()
        try:
            with reaching():
                answer = client.msearch(index=self._alias, searches=searches)
        except EngineUnavailable as failure:
            if time.monotonic() < self._until:
                raise
            raise RequestFailed(TOO_LONG) from failure
        return [dict(whole(item)) for item in answer["responses"]]

    def parts_of_scores(self, body: Body) -> dict[str, dict[str, float]]:
        """Return document id → name of a query → what it earned."""
        client = self._in_time()
        with reaching():
            answer = client.search(
                index=self._alias, include_named_queries_score=True, **_arguments(body)
            )
        hits = whole(dict(answer))["hits"]["hits"]
        return {hit["_id"]: hit.get("matched_queries", {}) for hit in hits}

    def _in_time(self) -> Elasticsearch:
        """Return a client that waits no longer than the page may; raise `RequestFailed` after that."""
        if not self._asked:
            # The first search has the client's own time.
            self._asked = True
            return self._client
        left = self._until - time.monotonic()
        if left <= 0:
            raise RequestFailed(TOO_LONG)
        return self._client.options(request_timeout=min(left, READ_TIMEOUT))


def _arguments(body: Body) -> dict[str, Any]:
    return {name.removeprefix("_"): value for name, value in body.items()}


def answer(asker: Asker, query: SearchQuery) -> SearchPage:
    """Return one page of results."""
    started = time.perf_counter()
    asked = asking.question(query, plan(query.text, verbatim=query.verbatim), timezone.localdate())
    partial = False
    missing: tuple[str, ...] = ()
    suggestion = ""
    if not asked.words:
        found = _everything(asker, asked)
    else:
        found = _exactly(asker, asked)
        matched = reading.matched(found)
        if not query.verbatim and _too_few(asked, matched):
            found, partial, missing = _widely(asker, asked, found, matched)
        if not query.verbatim and (partial or not reading.matched(found) or reading.slipped(asked)):
            suggestion = spelling.suggestion(asker.ask, asked)
    parts = None
    if query.explain and asked.words:
        keys = [hit["_id"] for hit in found["hits"]["hits"]]
        parts = asker.parts_of_scores(asking.reasons(asked, keys)) if keys else {}
    return SearchPage(
        hits=reading.hits(asked, found, parts),
        total=reading.total(found),
        page=query.page,
        page_size=query.page_size,
        facets=reading.facets(asked, found),
        kind_counts=reading.kind_counts(asked, found),
        partial=partial,
        relaxed=missing,
        synonyms=reading.synonyms(asked),
        slipped=reading.slipped(asked),
        suggestion=suggestion,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _everything(asker: Asker, asked: Question) -> Body:
    """Return the page of the documents of the scope, whatever their words."""
    body = asking.page(asked, None)
    if "aggs" not in body:
        (found,) = asker.ask(body)
        return found
    found, counted = asker.ask(*asking.apart(body))
    return {**found, "aggregations": counted["aggregations"]}


def _exactly(asker: Asker, asked: Question) -> Body:
    """Return the page of the documents with every word."""
    found, counts = asker.ask(
        asking.page(asked, asking.every(asked.words)), asking.frequencies(asked.words)
    )
    asking.take_frequencies(asked.words, counts)
    if _take_otherwise(asker, asked):
        (found,) = asker.ask(asking.page(asked, asking.every(asked.words)))
    return found


def _take_otherwise(asker: Asker, asked: Question) -> bool:
    """Take unknown words as a beginning (the last one) or as slips; return whether any is known now."""
    last = len(asked.words) - 1
    tries: list[tuple[int, Taken]] = []
    for place, taken in enumerate(asked.words):
        if taken.known:
            continue
        if place == last and len(taken.word.term.words[0]) > 1:
            tries.append((place, Taken(taken.word, Reading.BEGINNING)))
        slipping = sum(other.reading is Reading.SLIPPED for _place, other in tries)
        if not asked.query.verbatim and slipping < SLIPPING and may_slip(taken.word.term):
            tries.append((place, Taken(taken.word, Reading.SLIPPED)))
    if not tries:
        return False
    (counts,) = asker.ask(asking.frequencies([taken for _place, taken in tries]))
    asking.take_frequencies([taken for _place, taken in tries], counts)
    for place, taken in tries:
        if taken.reading is Reading.SLIPPED and not taken.known:
            taken.reading = Reading.NOWHERE
        if not asked.words[place].known:
            asked.words[place] = taken
    return any(taken.known for _place, taken in tries)


def _too_few(asked: Question, matched: int) -> bool:
    count = len(asked.words)
    return count > 1 and matched < (1 if count <= SHORT_QUERY else ENOUGH)


def _widely(
    asker: Asker, asked: Question, found: Body, matched: int
) -> tuple[Body, bool, tuple[str, ...]]:
    """Return the page with those that have most words, whether they add any, and what they lack."""
    (fullest,) = asker.ask(asking.most_words(asked))
    tops = fullest["hits"]["hits"]
    if not tops:
        return found, False, ()
    texts = asking.with_most_words(asked, round(tops[0]["_score"]))
    bodies = [asking.page(asked, texts)]
    if not asked.ranked or asked.query.page > 1:
        bodies.append(asking.best(asked, texts))
    wide, *first = asker.ask(*bodies)
    partial = reading.matched(wide) > matched
    hits = (first[0] if first else wide)["hits"]["hits"]
    missing = reading.missing(asked, hits[0]) if partial and hits else ()
    return wide, partial, missing


def titles(
    asker: Asker, typed: str, kinds: Sequence[str], language: str, limit: int
) -> list[Suggestion]:
    """Return the titles with every word typed, those that begin with them first."""
    words = [written(word) for word in text.folded(text.tokens(typed))]
    if not words or limit < 1:
        return []
    found = asker.ask(*asking.titles(words, kinds, language, limit))
    marker = Marker(plan(typed, verbatim=True), prefix=True)
    rows = [hit for part in found for hit in part["hits"]["hits"]]
    return reading.suggestions(marker, rows[:limit])
