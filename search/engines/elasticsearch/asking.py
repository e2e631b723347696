"""The searches of one question: the page with its facets, and the frequencies of its words.

The query language of `elasticsearch.dsl` says what the words mean (`terms`). The bodies round it are
plain data: most of a page is facets, and a tree of objects for each took as long as the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from search.contracts import MAX_DEPTH, SearchQuery, Sort
from search.engines.elasticsearch.documents import START_CHARS
from search.engines.elasticsearch.terms import Taken, holds, holds_own, holds_word, parts, worth
from search.engines.facets import carries, may_see, spec_of
from search.planner import Plan
from search.rules import COVERAGE, FRESH, FRESH_DAYS, SHORT_QUERY, STALE_DAYS, VERIFIED

Body = dict[str, Any]

#: Values of one facet, more than any has: an own number, as the cluster's is 10.
VALUES = 10_000
KINDS = 1_000
#: What a result row is made from.
ROW = ["kind", "id", "language", "verified", "shown"]

_NEWEST: tuple[Body | str, ...] = ({"confirmed": {"order": "desc"}}, "key")
_BEST = ("_score", *_NEWEST)
_ORDERS = {
    Sort.RELEVANCE: _NEWEST,
    Sort.CONFIRMED: _NEWEST,
    Sort.READINESS: ({"readiness": {"order": "desc"}}, *_NEWEST),
    Sort.TITLE: ("sort_title", "key"),
}


@dataclass(slots=True)
class Question:
    """A query with all that is the same in each of its searches."""

    query: SearchQuery
    plan: Plan
    today: date
    words: list[Taken]
    #: facet name → the documents its selection lets through.
    selections: dict[str, Body] = field(default_factory=dict)

    @property
    def ranked(self) -> bool:
        """Whether the order is that of scores."""
        return self.query.sort is Sort.RELEVANCE and bool(self.words)

    @property
    def scope(self) -> list[Body]:
        """The documents of the kinds asked for that a reader of the language meets."""
        return [*visible(self.query.language), *of_kinds(self.query.kinds)]


def question(query: SearchQuery, plan: Plan, today: date) -> Question:
    """Return what a query asks; filters of a higher audience are left out."""
    asked = Question(query, plan, today, [Taken(word) for word in plan.words])
    for name, codes in query.filters.items():
        if codes and may_see(name, query.audience):
            asked.selections[name] = _selection(name, codes, today)
    return asked


def visible(language: str) -> list[Body]:
    """Return the filter that shows one language of each object; none for no language."""
    return [{"bool": {"must_not": [{"term": {"hidden_for": language}}]}}] if language else []


def of_kinds(kinds: Sequence[str]) -> list[Body]:
    """Return the filter of the kinds, none for all."""
    return [{"terms": {"kind": list(kinds)}}] if kinds else []


def _all(parts: Iterable[Body]) -> Body:
    return {"bool": {"filter": list(parts)}}


def _any(parts: Iterable[Body]) -> Body:
    return {"bool": {"should": list(parts)}}


def _selection(name: str, codes: Iterable[str], today: date) -> Body:
    spec = spec_of(name)
    if spec is None:
        return {"match_none": {}}
    if spec.ages is None:
        return {"terms": {f"facets.{name}": [code for code in codes if _sendable(code)]}}
    spans = [aged(spec.ages[code], today) for code in codes if code in spec.ages]
    return _any(spans) if spans else {"match_none": {}}


def _sendable(code: str) -> bool:
    """Whether a code can stand in UTF-8; one that cannot is nobody's."""
    return code.encode("utf-8", "ignore").decode("utf-8") == code


def aged(days: tuple[int, int | None], today: date) -> Body:
    """Return the documents confirmed between the least and the most days before today."""
    least, most = days
    bounds: Body = {}
    if least > 0:
        bounds["lte"] = (today - timedelta(days=least)).isoformat()
    if most is not None:
        bounds["gte"] = (today - timedelta(days=most)).isoformat()
    return {"range": {"confirmed_on": bounds}} if bounds else {"exists": {"field": "confirmed_on"}}


# Frequencies --------------------------------------------------------------------------------------


def frequencies(words: Sequence[Taken]) -> Body:
    """Return the search that counts the documents of each word and substitution, index-wide."""
    filters: Body = {}
    for place, taken in enumerate(words):
        filters[f"{place}"] = holds_own(taken).to_dict()
        for other, item in enumerate(taken.word.substitutions):
            filters[f"{place}.{other}"] = holds(item.term).to_dict()
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": {"words": {"filters": {"filters": filters}}},
    }


def take_frequencies(words: Sequence[Taken], answer: Body) -> None:
    """Note what `frequencies` found in the words."""
    total = answer["hits"]["total"]["value"]
    buckets = answer["aggregations"]["words"]["buckets"]
    for place, taken in enumerate(words):
        taken.own = buckets[f"{place}"]["doc_count"]
        taken.substitutes = [
            buckets[f"{place}.{other}"]["doc_count"]
            for other in range(len(taken.word.substitutions))
        ]
        taken.rarity = math.log(1 + (total - taken.own + 0.5) / (taken.own + 0.5))


# Sets ---------------------------------------------------------------------------------------------


def every(words: Sequence[Taken]) -> Body:
    """Return the documents that hold every word."""
    return _all(holds_word(taken).to_dict() for taken in words)


def shares(words: Sequence[Taken]) -> list[int]:
    """Return what each word counts when documents with most words are looked for."""
    if len(words) <= SHORT_QUERY:
        return [1] * len(words)
    largest = max(taken.rarity for taken in words)
    return [1 + round(3 * taken.rarity / largest) for taken in words]


def _tally(words: Sequence[Taken]) -> list[Body]:
    return [
        {
            "constant_score": {
                "filter": holds_word(taken, f"w{place}").to_dict(),
                "boost": float(share),
            }
        }
        for place, (taken, share) in enumerate(zip(words, shares(words), strict=True))
    ]


def most_words(asked: Question) -> Body:
    """Return the search for the largest share of the words that a document of the scope holds."""
    found = {"filter": asked.scope, "should": _tally(asked.words), "minimum_should_match": 1}
    return {"query": {"bool": found}, "_source": False, "size": 1, "track_total_hits": False}


def with_most_words(asked: Question, most: int) -> Body:
    """Return the documents with every word and those of the scope with most words."""
    short = len(asked.words) <= SHORT_QUERY
    least = most if short else max(1, math.ceil(most * COVERAGE))
    tally = {"query": _any(_tally(asked.words)), "functions": [], "min_score": float(least)}
    wider = _all([*of_kinds(asked.query.kinds), {"function_score": tally}])
    return _any([every(asked.words), wider])


# Titles -------------------------------------------------------------------------------------------


def titles(words: Sequence[str], kinds: Sequence[str], language: str, limit: int) -> Body:
    """Return the search for titles with every word, the last one as a beginning.

    Titles that begin with the words go first, then the shorter ones.
    """
    *whole, last = words
    wanted: list[Body] = [{"term": {"title": word}} for word in whole]
    wanted.append({"prefix": {"title": {"value": last}}})
    beginning = {"prefix": {"title_start": {"value": " ".join(words)[:START_CHARS]}}}
    found = {
        "filter": [*wanted, *visible(language), *of_kinds(kinds)],
        "should": [{"constant_score": {"filter": beginning, "boost": 1.0}}],
    }
    return {
        "query": {"bool": found},
        "_source": ["kind", "shown.title", "shown.url"],
        "sort": ["_score", "title_length", *_NEWEST],
        "size": limit,
        "track_total_hits": False,
    }


# Pages --------------------------------------------------------------------------------------------


def page(asked: Question, texts: Body | None) -> Body:
    """Return the search for the hits, facets and counts of a page.

    `texts` are the documents the words find, None when there are no words. Named queries `w0`, `w1` …
    tell which words a hit holds.
    """
    query = asked.query
    kinds = of_kinds(query.kinds)
    outer = kinds if query.count_kinds else []
    first = (query.page - 1) * query.page_size
    reachable = max(0, min(query.page_size, MAX_DEPTH - first))
    made: Body = {
        "query": _found(asked, texts, [] if query.count_kinds else kinds),
        "sort": list(_BEST if asked.ranked else _ORDERS[query.sort]),
        "_source": ROW,
        "track_total_hits": True,
        "size": reachable,
        "from": first if reachable else 0,
        "aggs": {},
    }
    narrowed = [*outer, *asked.selections.values()]
    if narrowed:
        made["post_filter"] = _all(narrowed)
    if asked.words and asked.selections:
        made["aggs"]["matched"] = {"filter": _all(outer)}
    for place, name in enumerate(query.facets):
        if may_see(name, query.audience):
            others = [found for other, found in asked.selections.items() if other != name]
            made["aggs"] |= _counted(f"f{place}", name, [*outer, *others], asked.today)
    if query.count_kinds:
        made["aggs"]["kinds"] = _counted_kinds(asked)
    return made


def best(asked: Question, texts: Body) -> Body:
    """Return the search for the one hit that goes before all others by relevance."""
    narrowed = [*of_kinds(asked.query.kinds), *asked.selections.values()]
    query = _scored(asked, _all([texts, *visible(asked.query.language), *narrowed]))
    return {
        "query": query,
        "sort": list(_BEST),
        "_source": False,
        "size": 1,
        "track_total_hits": False,
    }


def reasons(asked: Question, keys: Sequence[str]) -> Body:
    """Return the search that tells the parts of the scores of some documents, by their keys.

    The named query `i.j` is the j-th way of the i-th part.
    """
    named = []
    for place, ways in enumerate(parts(asked.plan, asked.words)):
        for way, part in enumerate(ways):
            described = part.query.to_dict()
            ((kind, body),) = described.items()
            named.append({kind: {**body, "_name": f"{place}.{way}"}})
    query = {"bool": {"filter": [{"terms": {"key": list(keys)}}], "should": named}}
    return {"query": query, "size": len(keys), "_source": False}


def _found(asked: Question, texts: Body | None, kinds: list[Body]) -> Body:
    parts = [*visible(asked.query.language), *kinds]
    if texts is not None:
        parts.append(texts)
    return _scored(asked, _all(parts)) if asked.ranked else _all(parts)


def _scored(asked: Question, found: Body) -> Body:
    """Return the documents with their scores: what the words are worth, gently more when fresh and checked."""
    checked = [{"term": {"verified": True}}, aged((0, FRESH_DAYS), asked.today)]
    earned = [part.to_dict() for part in worth(asked.plan, asked.words)]
    return {
        "function_score": {
            "query": {"bool": {"filter": [found], "should": earned}},
            "functions": [
                {"weight": 1.0},
                {
                    "filter": {"exists": {"field": "confirmed_on"}},
                    "weight": FRESH,
                    "linear": {
                        "confirmed_on": {
                            "origin": asked.today.isoformat(),
                            "offset": f"{FRESH_DAYS}d",
                            # At the scale half is lost, at twice the scale all.
                            "scale": f"{(STALE_DAYS - FRESH_DAYS) * 12}h",
                            "decay": 0.5,
                        }
                    },
                },
                {"weight": VERIFIED, "filter": _all(checked)},
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _counted(label: str, name: str, parts: Sequence[Body], today: date) -> Body:
    spec = spec_of(name)
    if spec is None:
        return {}
    if spec.ages is None:
        values: Body = {"terms": {"field": f"facets.{name}", "size": VALUES}}
    else:
        filters = {code: aged(days, today) for code, days in spec.ages.items()}
        values = {"filters": {"filters": filters}}
    return {label: {"filter": _all(parts), "aggs": {"values": values}} if parts else values}


def signature(asked: Question, kind: str) -> frozenset[str]:
    """Return the selections that narrow the tab of a kind: those of facets it carries."""
    return frozenset(name for name in asked.selections if carries(name, kind))


def signatures(asked: Question) -> list[frozenset[str]]:
    """Return every such set of selections that some kind may have, in a fixed order."""
    kinds = {""}
    for name in asked.selections:
        spec = spec_of(name)
        kinds |= spec.kinds if spec else frozenset()
    return sorted({signature(asked, kind) for kind in kinds}, key=sorted)


def _counted_kinds(asked: Question) -> Body:
    inside = {
        f"s{number}": {"filter": _all([asked.selections[name] for name in sorted(names)])}
        for number, names in enumerate(signatures(asked))
        if names
    }
    return {"terms": {"field": "kind", "size": KINDS}} | ({"aggs": inside} if inside else {})
