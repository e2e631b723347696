"""Terms of a plan as queries: which documents hold them, and how much that is worth.

Only term-level queries and phrases of words already analysed: nothing is parsed by the cluster.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from elasticsearch.dsl import query as q

from search.engines.elasticsearch.mapping import LEVELS, written
from search.planner import Plan, Term, Word
from search.rules import SLIPPED, slips

#: What a word counts in each level, as `bm25()` of the embedded engine weighs them.
WEIGHTS = {"title": 4.0, "summary": 2.0, "body": 1.0}
#: The same for two adjacent words.
PAIR_WEIGHTS = {"title": 2.0, "summary": 1.5, "body": 1.0}
#: What adjacent pairs and words with the right marks add, beside 1 for the word itself.
PAIR = 0.3
EXACT = 0.01
EXACT_PAIR = 0.27
#: What something that stands for a word earns of its share.
SUBSTITUTE = 0.4
#: What a beginning and a word one slip away are worth, beside the rarity of all they stand for.
UNFINISHED = 0.6


class Reading(Enum):
    """How a word of the query is taken."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    SLIPPED = "slipped"
    #: Neither it nor a word one slip away is anywhere.
    NOWHERE = "nowhere"


@dataclass(slots=True)
class Taken:
    """A word of the plan, how it is taken, and the frequencies found."""

    word: Word
    reading: Reading = Reading.WHOLE
    #: Documents of the whole index with the word itself (in its reading), and with each substitution.
    own: int = 0
    substitutes: list[int] = field(default_factory=list)
    #: Inverse document frequency of the word itself.
    rarity: float = 0.0

    @property
    def known(self) -> bool:
        """Whether any document of the index has the word, in its present reading."""
        return self.own > 0 or any(self.substitutes)


@lru_cache(maxsize=256)
def near(word: str) -> list[str]:
    """Return the words one slip of the keys away, in alphabetical order."""
    return sorted(slips(word))


def holds(term: Term) -> q.Query:
    """Return the documents with a term in any level."""
    everywhere = "every_marked" if term.marked else "every"
    if term.prefix:
        return q.Prefix(everywhere, {"value": written(term.words[0])})
    if len(term.words) == 1:
        return q.Term(everywhere, {"value": written(term.words[0])})
    return q.Bool(should=[_adjacent(level, term, 1.0) for level in _levels(term)])


def holds_own(taken: Taken) -> q.Query:
    """Return the documents with a word itself, in its reading."""
    term = taken.word.term
    if taken.reading is Reading.BEGINNING:
        return holds(Term(term.words, term.marked, prefix=True))
    if taken.reading is Reading.SLIPPED:
        return q.Terms(every=near(term.words[0]))
    if taken.reading is Reading.NOWHERE:
        return q.MatchNone()
    return holds(term)


def holds_word(taken: Taken, name: str = "") -> q.Query:
    """Return the documents with a word or anything that may stand for it."""
    found = [holds_own(taken), *(holds(item.term) for item in taken.word.substitutions)]
    query = found[0] if len(found) == 1 else q.Bool(should=found)
    return q.Bool(filter=[query], _name=name) if name else query


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: its name and label as in `contracts.Reason`, and the query that earns it."""

    name: str
    label: str
    query: q.Query


def parts(plan: Plan, words: list[Taken]) -> list[list[Part]]:
    """Return what adds up to the score of a document: of each list, the part that is worth most."""
    found: list[list[Part]] = []
    for taken in words:
        shown = taken.word.shown
        others = [
            Part("synonym", shown, _worth(item.term, SUBSTITUTE * item.weight))
            for item in taken.word.substitutions
        ]
        found.append([Part("word", shown, _own_worth(taken)), *others])
        if taken.word.exact is not None:
            found.append(
                [Part("marks", shown, _worth(taken.word.exact, EXACT * taken.word.weight))]
            )
    for pair in plan.pairs:
        boost = EXACT_PAIR if pair.marked else PAIR
        found.append([Part("pair", " ".join(pair.words), _worth(pair, boost))])
    return found


def worth(plan: Plan, words: list[Taken]) -> list[q.Query]:
    """Return what adds up to the score of a document, as queries."""
    return [
        q.DisMax(queries=[part.query for part in ways]) if len(ways) > 1 else ways[0].query
        for ways in parts(plan, words)
    ]


def _own_worth(taken: Taken) -> q.Query:
    if taken.reading is Reading.NOWHERE:
        return q.MatchNone()
    if taken.reading is Reading.BEGINNING:
        return q.ConstantScore(filter=holds_own(taken), boost=UNFINISHED * taken.rarity)
    if taken.reading is Reading.SLIPPED:
        return q.ConstantScore(filter=holds_own(taken), boost=SLIPPED * taken.rarity)
    return _worth(taken.word.term, taken.word.weight)


def _worth(term: Term, boost: float) -> q.Query:
    if len(term.words) > 2:
        levels = zip(_levels(term), WEIGHTS.values(), strict=True)
        return q.DisMax(queries=[_adjacent(name, term, boost * weight) for name, weight in levels])
    pair = len(term.words) == 2
    suffix, weights = (".pairs", PAIR_WEIGHTS) if pair else ("", WEIGHTS)
    return q.CombinedFields(
        query=written(" ".join(term.words)),
        fields=[
            f"{name}{suffix}^{weight}"
            for name, weight in zip(_levels(term), weights.values(), strict=True)
        ],
        boost=boost,
    )


def _levels(term: Term) -> tuple[str, ...]:
    return tuple(f"{level}_marked" for level in LEVELS) if term.marked else LEVELS


def _adjacent(level: str, term: Term, boost: float) -> q.Query:
    words = written(" ".join(term.words))
    if len(term.words) == 2:
        return q.Term(f"{level}.pairs", {"value": words, "boost": boost})
    return q.MatchPhrase(level, {"query": words, "boost": boost})
