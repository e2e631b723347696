"""“Did you mean”, from the words the index holds. Offered, never applied.

The rules are those of `embedded.spelling`: a word no document has is replaced by the known one a slip
away that stands beside its neighbours most often, or, when it is long, by the most common one. The
candidates are the words of some documents that hold one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from elasticsearch.dsl import Search, aggs
from elasticsearch.dsl import query as q

from search import text
from search.engines.elasticsearch.asking import Body, Question
from search.engines.elasticsearch.terms import Reading, holds, near
from search.planner import Term
from search.rules import LONG_WORD, LONGEST, MENDING, MOST_MENDED, SHORTEST, slips

#: Documents read for candidates, per unknown word.
READ = 20

Ask = Callable[..., list[Body]]


@dataclass(slots=True)
class Unknown:
    """A word nobody has, its known neighbours, and texts that hold words one slip away."""

    place: int
    word: str
    before: str
    after: str
    texts: Sequence[str] = ()
    #: Candidates, and for each the terms that would support it.
    support: dict[str, list[Term]] | None = None


def suggestion(ask: Ask, asked: Question) -> str:
    """Return the query with its unknown words replaced, or an empty text when nothing fits."""
    unknown = list(islice(_unknown(asked), MOST_MENDED))
    if not unknown:
        return ""
    for item, answer in zip(unknown, ask(*map(_holders, unknown)), strict=True):
        item.texts = [part for hit in answer["hits"]["hits"] for part in _levels(hit["_source"])]
        item.support = {
            candidate: _terms(item, candidate) for candidate in _candidates(item)[:MENDING]
        }
    known = _count(ask, (term for item in unknown for term in _supporting(item)))
    marked = any(taken.word.exact for taken in asked.words)
    shown = [taken.word.shown for taken in asked.words]
    replaced = False
    for item in unknown:
        terms = _supporting(item)
        best = max(terms, key=lambda term: known[term], default=None)
        if best is not None and known[best]:
            candidate = next(word for word, own in (item.support or {}).items() if best in own)
            written = _as_written(item.texts, best, candidate) if marked else candidate
            shown[item.place] = written
            replaced = True
    return " ".join(shown) if replaced else ""


def _unknown(asked: Question) -> Iterable[Unknown]:
    words = [taken.word.term.words[0] for taken in asked.words]
    known = [taken.known and taken.reading is not Reading.SLIPPED for taken in asked.words]
    for place, word in enumerate(words):
        if not known[place] and SHORTEST <= len(word) <= LONGEST and word.isascii():
            before = words[place - 1] if place and known[place - 1] else ""
            after = words[place + 1] if place + 1 < len(words) and known[place + 1] else ""
            yield Unknown(place, word, before, after)


def _holders(item: Unknown) -> Body:
    """Return the search for documents with a word one slip away, those beside a neighbour first."""
    beside = [Term((item.before,))] if item.before else []
    beside += [Term((item.after,))] if item.after else []
    query = q.Bool(
        filter=[q.Terms(every=near(item.word))],
        should=[q.ConstantScore(filter=holds(term)) for term in beside],
    )
    search = Search().query(query).source(includes=["shown"])
    made: Body = search.extra(size=READ, track_total_hits=False).to_dict()
    return made


def _levels(source: dict[str, Any]) -> tuple[str, str, str]:
    shown = source["shown"]
    return shown["title"], f"{shown['summary']} {shown['keywords']}", shown["body"]


def _candidates(item: Unknown) -> list[str]:
    """Return the words one slip away that the texts hold, the most frequent first."""
    one_away = slips(item.word)
    counts: dict[str, int] = {}
    alike = re.compile(
        rf"(?<![^\W_]){re.escape(item.word[0])}[a-z0-9]{{{len(item.word) - 2},{len(item.word)}}}(?![^\W_])"
    )
    for part in item.texts:
        for word in alike.findall(text.fold(text.normalise(part))):
            if word in one_away:
                counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def _terms(item: Unknown, candidate: str) -> list[Term]:
    found = [Term((item.before, candidate))] if item.before else []
    found += [Term((candidate, item.after))] if item.after else []
    if not found and len(item.word) >= LONG_WORD:
        found = [Term((candidate,))]
    return found


def _supporting(item: Unknown) -> list[Term]:
    return [term for terms in (item.support or {}).values() for term in terms]


def _count(ask: Ask, terms: Iterable[Term]) -> dict[Term, int]:
    """Return how many documents of the index hold each term."""
    wanted = list(dict.fromkeys(terms))
    if not wanted:
        return {}
    search = Search().extra(size=0, track_total_hits=False)
    filters = {str(number): holds(term) for number, term in enumerate(wanted)}
    search.aggs.bucket("terms", aggs.Filters(filters=filters))
    (answer,) = ask(search.to_dict())
    buckets = answer["aggregations"]["terms"]["buckets"]
    return {term: buckets[str(number)]["doc_count"] for number, term in enumerate(wanted)}


def _as_written(texts: Iterable[str], term: Term, word: str) -> str:
    """Return the word with the marks it has where a text uses the term."""
    for part in texts:
        written = text.analyse(part).marked.split()
        plain = text.folded(written)
        for place in range(len(written) - len(term.words) + 1):
            if tuple(plain[place : place + len(term.words)]) == term.words:
                return written[place + term.words.index(word)]
    return word
