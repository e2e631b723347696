"""From a query to one page: sets by bitmaps, order by scores or by an index, texts for 20 hits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from pyroaring import BitMap

from search.contracts import FacetValue, Hit, Reason, SearchQuery, Sort
from search.engines import facets
from search.engines.embedded import ranking, spelling, tables
from search.engines.embedded.database import PREFIX
from search.engines.embedded.memory import Memory
from search.engines.facets import carries, may_see, spec_of
from search.highlight import Marker
from search.planner import Plan
from search.rules import slips

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_ORDERS = {
    Sort.RELEVANCE: "confirmed DESC, ordinal DESC",
    Sort.CONFIRMED: "confirmed DESC, ordinal DESC",
    Sort.READINESS: "readiness DESC, confirmed DESC, ordinal DESC",
    Sort.TITLE: "sort_title, ordinal",
}
#: Fewer matches than these are sorted by themselves; more, by walking the index of the order.
WALK_FROM = 4_000


@dataclass(slots=True)
class Answer:
    """What was decided under the lock: sets and orders, no texts yet."""

    ordered: list[tuple[int, float]]
    total: int
    facets: dict[str, tuple[FacetValue, ...]]
    kind_counts: dict[str, int]
    synonyms: tuple[str, ...]
    partial: bool
    prefixed: bool
    missing: tuple[str, ...]
    suggestion: str
    slipped: tuple[str, ...]
    table_set: str
    #: Per row number of the page asked for, why it stands there.
    explanations: Mapping[int, tuple[Reason, ...]]


def scope_of(memory: Memory, language: str, kinds: Sequence[str]) -> BitMap:
    """Return the documents of the kinds (all when none is named) that a reader of the language meets."""
    scope = memory.visible(language)
    if kinds:
        scope = scope & BitMap().union(*(memory.kinds.get(kind, BitMap()) for kind in kinds))
    return scope


def decide(
    cursor: CursorWrapper,
    query: SearchQuery,
    asked: Plan,
    memory: Memory,
    fetch: ranking.Fetch,
    depth: int,
) -> Answer:
    """Return the sets, counts and order of a query; nothing here reads a text."""
    everything = memory.visible(query.language)
    scope = scope_of(memory, query.language, query.kinds)
    partial = False
    lookup = None
    texts = everything
    if not asked.empty:

        def near(word: str) -> list[str]:
            return spelling.known_words(cursor, memory, slips(word))

        lookup = ranking.look_up(asked, memory, fetch, None if query.verbatim else near)
        texts = lookup.every & everything
        if not query.verbatim and ranking.too_few(lookup, texts & scope):
            wider = ranking.with_most_words(lookup, scope)
            partial = not wider <= texts
            texts = texts | wider
    matched = texts & scope
    selections = _selections(query, memory)
    filtered = matched
    for documents in selections.values():
        filtered = filtered & documents
    if lookup is not None and query.sort is Sort.RELEVANCE:
        ordered = ranking.order(lookup, filtered, memory, timezone.localdate(), depth)
    else:
        ordered = _sorted(query.sort, filtered, memory.name, depth)
    missing: tuple[str, ...] = ()
    if partial and lookup and filtered:
        ranked = ordered
        if query.sort is not Sort.RELEVANCE:
            ranked = ranking.order(lookup, filtered, memory, timezone.localdate(), 1)
        missing = lookup.missing_in(ranked[0][0])
    suggestion = ""
    if lookup and not query.verbatim and (partial or not matched or lookup.slipped):
        suggestion = spelling.suggestion(cursor, asked, lookup, memory, fetch)
    return Answer(
        ordered=ordered,
        total=len(filtered),
        facets=_facet_values(query, memory, matched, filtered, selections),
        kind_counts=_kind_counts(query, memory, texts, selections) if query.count_kinds else {},
        synonyms=tuple(lookup.synonyms) if lookup else (),
        partial=partial,
        prefixed=lookup is not None and lookup.prefixed,
        missing=missing,
        suggestion=suggestion,
        slipped=lookup.slipped if lookup else (),
        table_set=memory.name,
        explanations={
            ordinal: ranking.explain(lookup, ordinal, memory, timezone.localdate())
            for ordinal, _score in ordered[depth - query.page_size : depth]
        }
        if query.explain and lookup
        else {},
    )


def _selections(query: SearchQuery, memory: Memory) -> dict[str, BitMap]:
    """Return the documents each filtered facet lets through; facets of a higher audience, none."""
    chosen = {}
    for name, codes in query.filters.items():
        if codes and may_see(name, query.audience):
            values = values_of(name, memory)
            chosen[name] = BitMap().union(*(values.get(code, BitMap()) for code in codes))
    return chosen


def values_of(name: str, memory: Memory) -> Mapping[str, BitMap]:
    """Return code → documents of a facet; those of a facet of age are as of today."""
    spec = spec_of(name)
    if spec is None or spec.ages is None:
        return memory.facets.get(name, {})
    today = timezone.localdate()
    return {code: memory.aged(days, today) for code, days in spec.ages.items()}


def _facet_values(
    query: SearchQuery,
    memory: Memory,
    matched: BitMap,
    filtered: BitMap,
    selections: dict[str, BitMap],
) -> dict[str, tuple[FacetValue, ...]]:
    counted = {}
    for name in query.facets:
        if not may_see(name, query.audience):
            continue
        base = filtered
        if name in selections:
            base = matched
            for other, documents in selections.items():
                if other != name:
                    base = base & documents
        counts = {
            code: documents.intersection_cardinality(base)
            for code, documents in values_of(name, memory).items()
        }
        counted[name] = facets.values(name, counts, query.filters.get(name, ()))
    return counted


def _kind_counts(
    query: SearchQuery, memory: Memory, texts: BitMap, selections: dict[str, BitMap]
) -> dict[str, int]:
    """Count per kind what its tab would show: of the filters, only those the kind carries."""
    counts = {}
    for kind, documents in memory.kinds.items():
        found = texts & documents
        for name, allowed in selections.items():
            if carries(name, kind):
                found = found & allowed
        if found:
            counts[kind] = len(found)
    return counts


def _sorted(sort: Sort, matches: BitMap, table_set: str, depth: int) -> list[tuple[int, float]]:
    """Return the first `depth` matches in an order the tables have an index for."""
    order = _ORDERS[sort]
    database = tables.database(connection)
    table = f"{PREFIX}_doc_{table_set}"
    with connection.cursor() as cursor:
        if len(matches) < WALK_FROM:
            cursor.execute(
                f"SELECT ordinal FROM {table} WHERE ordinal IN {database.among} "
                f"ORDER BY {order} LIMIT %s",
                [json.dumps(matches.to_array().tolist()), depth],
            )
            return [(row[0], 0.0) for row in cursor.fetchall()]
        walked = (item for item in database.walk(cursor, table, order) if item in matches)
        return [(ordinal, 0.0) for ordinal in islice(walked, depth)]


def hits(
    window: list[tuple[int, float]], answer: Answer, asked: Plan, query: SearchQuery
) -> list[Hit]:
    """Read the texts of one page and mark the words found."""
    if not window:
        return []
    scores = dict(window)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.ordinal, d.kind, d.id, d.language, t.title, t.summary, t.body, t.url, "
            "t.confirmed_on, t.is_demo, t.payload "
            f"FROM {PREFIX}_doc_{answer.table_set} AS d "
            f"JOIN {PREFIX}_text_{answer.table_set} AS t ON t.ordinal = d.ordinal "
            f"WHERE d.ordinal IN {tables.database(connection).among}",
            [json.dumps(list(scores))],
        )
        rows = {row[0]: row for row in cursor.fetchall()}
    marker = Marker(
        asked if query.highlight else Plan(), prefix=answer.prefixed and query.highlight
    )
    found = []
    for ordinal, score in window:
        if ordinal in rows:
            _, kind, identity, language, title, summary, body, url, on, demo, payload = rows[
                ordinal
            ]
            found.append(
                Hit(
                    kind=kind,
                    id=identity,
                    language=language,
                    title=title,
                    url=url,
                    title_html=marker.title(title),
                    fragment_html=marker.fragment(summary, body),
                    score=score,
                    payload=json.loads(payload),
                    confirmed_on=date.fromisoformat(on) if on else None,
                    is_demo=bool(demo),
                    explanation=answer.explanations.get(ordinal, ()),
                )
            )
    return found
