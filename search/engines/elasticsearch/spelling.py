"""“Did you mean”, from the words the index holds. Offered, never applied.

The rules are those of `embedded.spelling`: a word no document has is replaced by the known one a slip
away that stands beside its neighbours most often, or, when it is long, by the most common one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elasticsearch.dsl import Search, aggs
from elasticsearch.dsl import query as q

from search import text
from search.contracts import MAX_QUERY_WORDS
from search.engines.elasticsearch.asking import Body, Question
from search.engines.elasticsearch.terms import Reading, holds
from search.engines.embedded.spelling import CANDIDATES, LONG_WORD, SHORTEST, slips
from search.planner import Term

#: A longer word is no slip of the keys.
LONGEST = 20

Ask = Callable[..., list[Body]]


def suggestion(ask: Ask, asked: Question) -> str:
    """Return the query with its unknown words replaced, or an empty text when nothing fits."""
    words = [taken.word.term.words[0] for taken in asked.words]
    known = [taken.known and taken.reading is not Reading.SLIPPED for taken in asked.words]
    shown = [taken.word.shown for taken in asked.words]
    places = [
        place
        for place, word in enumerate(words[:MAX_QUERY_WORDS])
        if not known[place] and SHORTEST <= len(word) <= LONGEST and word.isascii()
    ]
    if not places:
        return ""
    counted = ask(*(_count({slip: Term((slip,)) for slip in slips(words[at])}) for at in places))
    marked = any(taken.word.exact for taken in asked.words)
    replaced = False
    for place, answer in zip(places, counted, strict=True):
        before = words[place - 1] if place and known[place - 1] else ""
        after = words[place + 1] if place + 1 < len(words) and known[place + 1] else ""
        found = _replacement(ask, _common(answer), before, after, len(words[place]) >= LONG_WORD)
        if found:
            shown[place] = _as_written(ask, *found) if marked else found[1]
            replaced = True
    return " ".join(shown) if replaced else ""


def _count(terms: dict[str, Term]) -> Body:
    search = Search().extra(size=0, track_total_hits=False)
    filters = {name: holds(term) for name, term in terms.items()}
    search.aggs.bucket("terms", aggs.Filters(filters=filters))
    made: Body = search.to_dict()
    return made


def _counts(answer: Body) -> dict[str, int]:
    buckets = answer["aggregations"]["terms"]["buckets"]
    return {name: bucket["doc_count"] for name, bucket in buckets.items() if bucket["doc_count"]}


def _common(answer: Body) -> list[str]:
    found = sorted(_counts(answer).items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _count in found[:CANDIDATES]]


def _replacement(
    ask: Ask, candidates: list[str], before: str, after: str, long: bool
) -> tuple[Term, str] | None:
    """Return the term that supports the best candidate, and the candidate."""
    terms: dict[str, Term] = {}
    for candidate in candidates:
        beside = [Term((before, candidate))] if before else []
        beside += [Term((candidate, after))] if after else []
        if not beside and long:
            beside = [Term((candidate,))]
        terms |= {f"{candidate} {number}": term for number, term in enumerate(beside)}
    if not terms:
        return None
    (answer,) = ask(_count(terms))
    support = _counts(answer)
    best = max(terms, key=lambda name: support.get(name, 0))
    return (terms[best], best.split(" ")[0]) if support.get(best) else None


def _as_written(ask: Ask, term: Term, word: str) -> str:
    """Return the word with the marks it has where a document uses the term."""
    search = Search().query(q.Bool(filter=[holds(term)])).source(includes=["shown"])
    body: dict[str, Any] = search.extra(size=1, track_total_hits=False).to_dict()
    (answer,) = ask(body)
    for hit in answer["hits"]["hits"]:
        shown = hit["_source"]["shown"]
        for level in (shown["title"], f"{shown['summary']} {shown['keywords']}", shown["body"]):
            written = text.analyse(level).marked.split()
            plain = text.folded(written)
            for place in range(len(written) - len(term.words) + 1):
                if tuple(plain[place : place + len(term.words)]) == term.words:
                    return written[place + term.words.index(word)]
    return word
