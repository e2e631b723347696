"""From what the cluster answered to a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from search import sources
from search.contracts import FacetValue, Hit, Reason, Suggestion
from search.engines.elasticsearch.asking import Question, signature, signatures
from search.engines.elasticsearch.terms import Reading, parts
from search.engines.facets import may_see, values
from search.highlight import Marker
from search.planner import Plan
from search.rules import FRESH, VERIFIED, freshness, trust

Answer = Mapping[str, Any]


def total(answer: Answer) -> int:
    """Return how many documents pass every filter."""
    return int(answer["hits"]["total"]["value"])


def matched(answer: Answer) -> int:
    """Return how many documents of the kinds the words find, whatever is narrowed."""
    counted = answer.get("aggregations", {}).get("matched")
    return int(counted["doc_count"]) if counted else total(answer)


def hits(
    asked: Question, answer: Answer, earned: Mapping[str, Mapping[str, float]] | None = None
) -> tuple[Hit, ...]:
    """Return the results with the words found marked.

    `earned` (document id → named query of `asking.reasons` → score) explains them.
    """
    highlight = asked.query.highlight
    prefix = bool(asked.words) and asked.words[-1].reading is Reading.BEGINNING
    marker = Marker(asked.plan if highlight else Plan(), prefix=prefix and highlight)
    return tuple(
        _hit(marker, item, _explanation(asked, item, earned[item["_id"]]) if earned else ())
        for item in answer["hits"]["hits"]
    )


def _explanation(
    asked: Question, item: Mapping[str, Any], earned: Mapping[str, float]
) -> tuple[Reason, ...]:
    """Return what adds up to the score, as the embedded engine tells it."""
    found = []
    for place, ways in enumerate(parts(asked.plan, asked.words)):
        values = [earned.get(f"{place}.{way}", 0.0) for way in range(len(ways))]
        best = values.index(max(values))
        found.append(Reason(ways[best].name, ways[best].label, values[best]))
    source = item["_source"]
    on = source["shown"]["confirmed_on"]
    if on and not sources.is_dated(source["kind"]):
        age, texts = (asked.today - date.fromisoformat(on)).days, sum(part.value for part in found)
        checked = trust(age, verified=source["verified"])
        found.append(Reason("fresh", "", FRESH * freshness(age) * texts))
        found.append(Reason("verified", "", VERIFIED * checked * texts))
    return tuple(part for part in found if part.value)


def _hit(marker: Marker, item: Mapping[str, Any], explanation: tuple[Reason, ...]) -> Hit:
    source = item["_source"]
    shown = source["shown"]
    on = shown["confirmed_on"]
    return Hit(
        kind=source["kind"],
        id=source["id"],
        language=source["language"],
        title=shown["title"],
        url=shown["url"],
        title_html=marker.title(shown["title"]),
        fragment_html=marker.fragment(shown["summary"], shown["body"]),
        score=item.get("_score") or 0.0,
        payload=json.loads(shown["payload"]),
        confirmed_on=date.fromisoformat(on) if on else None,
        is_demo=shown["is_demo"],
        explanation=explanation,
    )


def facets(asked: Question, answer: Answer) -> dict[str, tuple[FacetValue, ...]]:
    """Return the counted facets the audience may see."""
    found = answer.get("aggregations", {})
    query = asked.query
    return {
        name: values(name, _counts(found.get(f"f{place}")), query.filters.get(name, ()))
        for place, name in enumerate(query.facets)
        if may_see(name, query.audience)
    }


def _counts(found: Mapping[str, Any] | None) -> dict[str, int]:
    if found is None:
        return {}
    buckets = found.get("values", found)["buckets"]
    if isinstance(buckets, dict):
        return {code: bucket["doc_count"] for code, bucket in buckets.items()}
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def kind_counts(asked: Question, answer: Answer) -> dict[str, int]:
    """Return per kind what its tab would show; kinds that would show nothing are left out."""
    if not asked.query.count_kinds:
        return {}
    numbers = {names: number for number, names in enumerate(signatures(asked))}
    counts = {}
    for bucket in answer["aggregations"]["kinds"]["buckets"]:
        kind = bucket["key"]
        names = signature(asked, kind)
        found = bucket[f"s{numbers[names]}"] if names else bucket
        if found["doc_count"]:
            counts[kind] = found["doc_count"]
    return counts


def missing(asked: Question, hit: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words, as typed, that the hit does not hold."""
    held = set(hit.get("matched_queries", ()))
    return tuple(
        taken.word.shown for place, taken in enumerate(asked.words) if f"w{place}" not in held
    )


def slipped(asked: Question) -> tuple[str, ...]:
    """Return the words, as typed, that are held through a slip of the keys only."""
    return tuple(
        taken.word.shown
        for taken in asked.words
        if taken.reading is Reading.SLIPPED and taken.known
    )


def synonyms(asked: Question) -> tuple[str, ...]:
    """Return what stood for words of the query and is found somewhere, each once."""
    found = {
        item.shown: None
        for taken in asked.words
        for item, count in zip(taken.word.substitutions, taken.substitutes, strict=True)
        if count and item.shown
    }
    return tuple(found)


def suggestions(marker: Marker, found: Sequence[Mapping[str, Any]]) -> list[Suggestion]:
    """Return rows of the autocomplete."""
    return [
        Suggestion(
            group=item["_source"]["kind"],
            text=item["_source"]["shown"]["title"],
            url=item["_source"]["shown"]["url"],
            html=marker.title(item["_source"]["shown"]["title"]),
        )
        for item in found
    ]
