"""The searches of one question: the page with its facets, and the frequencies of its words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from elasticsearch.dsl import Search, aggs, function
from elasticsearch.dsl import query as q

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

_NEWEST = ("-confirmed", "key")
_BEST = ("_score", *_NEWEST)
#: What the autocomplete shows of a title, shorter ones first: made once, as it is asked with every letter.
_SHORTEST = (
    Search()
    .source(includes=["kind", "shown.title", "shown.url"])
    .sort("title_length", *_NEWEST)
    .extra(track_total_hits=False)
)
_ORDERS = {
    Sort.RELEVANCE: _NEWEST,
    Sort.CONFIRMED: _NEWEST,
    Sort.READINESS: ("-readiness", *_NEWEST),
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
    selections: dict[str, q.Query] = field(default_factory=dict)

    @property
    def ranked(self) -> bool:
        """Whether the order is that of scores."""
        return self.query.sort is Sort.RELEVANCE and bool(self.words)

    @property
    def scope(self) -> list[q.Query]:
        """The documents of the kinds asked for that a reader of the language meets."""
        return [*visible(self.query.language), *of_kinds(self.query.kinds)]


def question(query: SearchQuery, plan: Plan, today: date) -> Question:
    """Return what a query asks; filters of a higher audience are left out."""
    asked = Question(query, plan, today, [Taken(word) for word in plan.words])
    for name, codes in query.filters.items():
        if codes and may_see(name, query.audience):
            asked.selections[name] = _selection(name, codes, today)
    return asked


def visible(language: str) -> list[q.Query]:
    """Return the filter that shows one language of each object; none for no language."""
    return [~q.Term(hidden_for=language)] if language else []


def of_kinds(kinds: Sequence[str]) -> list[q.Query]:
    """Return the filter of the kinds, none for all."""
    return [q.Terms(kind=list(kinds))] if kinds else []


def _selection(name: str, codes: Iterable[str], today: date) -> q.Query:
    spec = spec_of(name)
    if spec is None:
        return q.MatchNone()
    if spec.ages is None:
        return q.Terms(f"facets.{name}", [code for code in codes if _sendable(code)])
    spans = [aged(spec.ages[code], today) for code in codes if code in spec.ages]
    return q.Bool(should=spans) if spans else q.MatchNone()


def _sendable(code: str) -> bool:
    """Whether a code can stand in UTF-8; one that cannot is nobody's."""
    return code.encode("utf-8", "ignore").decode("utf-8") == code


def aged(days: tuple[int, int | None], today: date) -> q.Query:
    """Return the documents confirmed between the least and the most days before today."""
    least, most = days
    bounds: Body = {}
    if least > 0:
        bounds["lte"] = (today - timedelta(days=least)).isoformat()
    if most is not None:
        bounds["gte"] = (today - timedelta(days=most)).isoformat()
    return q.Range(confirmed_on=bounds) if bounds else q.Exists(field="confirmed_on")


# Frequencies --------------------------------------------------------------------------------------


def frequencies(words: Sequence[Taken]) -> Body:
    """Return the search that counts the documents of each word and substitution, index-wide."""
    filters: dict[str, q.Query] = {}
    for place, taken in enumerate(words):
        filters[f"{place}"] = holds_own(taken)
        for other, item in enumerate(taken.word.substitutions):
            filters[f"{place}.{other}"] = holds(item.term)
    search = Search().extra(size=0, track_total_hits=True)
    search.aggs.bucket("words", aggs.Filters(filters=filters))
    return _body(search)


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


def every(words: Sequence[Taken]) -> q.Query:
    """Return the documents that hold every word."""
    return q.Bool(filter=[holds_word(taken) for taken in words])


def shares(words: Sequence[Taken]) -> list[int]:
    """Return what each word counts when documents with most words are looked for."""
    if len(words) <= SHORT_QUERY:
        return [1] * len(words)
    largest = max(taken.rarity for taken in words)
    return [1 + round(3 * taken.rarity / largest) for taken in words]


def _tally(words: Sequence[Taken]) -> list[q.Query]:
    return [
        q.ConstantScore(filter=holds_word(taken, f"w{place}"), boost=float(share))
        for place, (taken, share) in enumerate(zip(words, shares(words), strict=True))
    ]


def most_words(asked: Question) -> Body:
    """Return the search for the largest share of the words that a document of the scope holds."""
    query = q.Bool(filter=asked.scope, should=_tally(asked.words), minimum_should_match=1)
    return _body(Search().query(query).source(False).extra(size=1, track_total_hits=False))


def with_most_words(asked: Question, most: int) -> q.Query:
    """Return the documents with every word and those of the scope with most words."""
    short = len(asked.words) <= SHORT_QUERY
    least = most if short else max(1, math.ceil(most * COVERAGE))
    enough = q.FunctionScore(query=q.Bool(should=_tally(asked.words)), min_score=float(least))
    wider = q.Bool(filter=[*of_kinds(asked.query.kinds), enough])
    return q.Bool(should=[every(asked.words), wider])


# Titles -------------------------------------------------------------------------------------------


def titles(
    words: Sequence[str], kinds: Sequence[str], language: str, limit: int
) -> tuple[Body, Body]:
    """Return the searches for titles that begin with the words, and for the others that have them.

    The last word is a beginning; shorter titles go first. Two searches, as each is in the order of one
    field then: the cluster passes over titles longer than those it holds already.
    """
    *whole, last = words
    begun = q.Prefix(title_start={"value": " ".join(words)[:START_CHARS]})
    holding = [*(q.Term(title=word) for word in whole), q.Prefix(title={"value": last})]
    wanted = [*holding, *visible(language), *of_kinds(kinds)]
    first = _SHORTEST.query(q.Bool(filter=[begun, *wanted])).to_dict()
    others = _SHORTEST.query(q.Bool(filter=wanted, must_not=[begun])).to_dict()
    return {**first, "size": limit}, {**others, "size": limit}


# Pages --------------------------------------------------------------------------------------------


def page(asked: Question, texts: q.Query | None) -> Body:
    """Return the search for the hits, facets and counts of a page.

    `texts` are the documents the words find, None when there are no words. Named queries `w0`, `w1` …
    tell which words a hit holds.
    """
    query = asked.query
    kinds = of_kinds(query.kinds)
    search = _found(asked, texts, [] if query.count_kinds else kinds)
    outer = kinds if query.count_kinds else []
    first = (query.page - 1) * query.page_size
    narrowed = [*outer, *asked.selections.values()]
    if narrowed:
        search = search.post_filter(q.Bool(filter=narrowed))
    order = _BEST if asked.ranked else _ORDERS[query.sort]
    reachable = max(0, min(query.page_size, MAX_DEPTH - first))
    search = search.sort(*order).source(includes=ROW)
    search = search.extra(
        track_total_hits=True, size=reachable, **{"from": first if reachable else 0}
    )
    if asked.words and asked.selections:
        search.aggs.bucket("matched", _narrow(outer))
    for place, name in enumerate(query.facets):
        if may_see(name, query.audience):
            others = [found for other, found in asked.selections.items() if other != name]
            _count_facet(search, f"f{place}", name, [*outer, *others], asked.today)
    if query.count_kinds:
        _count_kinds(search, asked)
    return _body(search)


def apart(body: Body) -> tuple[Body, Body]:
    """Return the search of a page as two: its hits, and its counts.

    A cluster keeps what it answered to a search without hits until the index changes. Worth the second
    search where many ask the same, as for all there is. A change that becomes findable between the two
    shows in one of them.
    """
    counts = {"query": body["query"], "aggs": body["aggs"], "size": 0, "track_total_hits": False}
    hits = {name: part for name, part in body.items() if name not in {"aggs", "post_filter"}}
    if "post_filter" in body:
        hits["query"] = {"bool": {"filter": [body["query"], body["post_filter"]]}}
    return hits, counts


def best(asked: Question, texts: q.Query) -> Body:
    """Return the search for the one hit that goes before all others by relevance."""
    narrowed = [*of_kinds(asked.query.kinds), *asked.selections.values()]
    query = _scored(asked, q.Bool(filter=[texts, *visible(asked.query.language), *narrowed]))
    search = Search().query(query).sort(*_BEST).source(False)
    return _body(search.extra(size=1, track_total_hits=False))


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


def _found(asked: Question, texts: q.Query | None, kinds: list[q.Query]) -> Search[Any]:
    parts = [*visible(asked.query.language), *kinds]
    if texts is not None:
        parts.append(texts)
    query = q.Bool(filter=parts)
    return Search().query(_scored(asked, query) if asked.ranked else query)


def _scored(asked: Question, found: q.Bool) -> q.Query:
    """Return the documents with their scores: what the words are worth, gently more when fresh and checked."""
    query = q.Bool(filter=[found], should=worth(asked.plan, asked.words))
    return q.FunctionScore(
        query=query,
        functions=[
            function.BoostFactor(weight=1.0),
            function.Linear(
                filter=q.Exists(field="confirmed_on"),
                weight=FRESH,
                confirmed_on={
                    "origin": asked.today.isoformat(),
                    "offset": f"{FRESH_DAYS}d",
                    # At the scale half is lost, at twice the scale all.
                    "scale": f"{(STALE_DAYS - FRESH_DAYS) * 12}h",
                    "decay": 0.5,
                },
            ),
            function.BoostFactor(
                weight=VERIFIED,
                filter=q.Bool(filter=[q.Term(verified=True), aged((0, FRESH_DAYS), asked.today)]),
            ),
        ],
        score_mode="sum",
        boost_mode="multiply",
    )


def _narrow(parts: Sequence[q.Query]) -> aggs.Filter:
    return aggs.Filter(q.Bool(filter=list(parts)))


def _count_facet(
    search: Search[Any], label: str, name: str, parts: Sequence[q.Query], today: date
) -> None:
    spec = spec_of(name)
    if spec is None:
        return
    place = search.aggs.bucket(label, _narrow(parts)) if parts else search.aggs
    if spec.ages is None:
        place.bucket("values" if parts else label, aggs.Terms(field=f"facets.{name}", size=VALUES))
    else:
        filters = {code: aged(days, today) for code, days in spec.ages.items()}
        place.bucket("values" if parts else label, aggs.Filters(filters=filters))


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


def _count_kinds(search: Search[Any], asked: Question) -> None:
    place = search.aggs.bucket("kinds", aggs.Terms(field="kind", size=KINDS))
    for number, names in enumerate(signatures(asked)):
        if names:
            place.bucket(f"s{number}", _narrow([asked.selections[name] for name in sorted(names)]))


def _body(search: Search[Any]) -> Body:
    made: Body = search.to_dict()
    return made
