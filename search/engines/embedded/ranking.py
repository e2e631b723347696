"""Which documents match a plan, and in which order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from pyroaring import BitMap

from search.contracts import Reason
from search.engines.embedded.memory import Memory
from search.engines.embedded.postings import Posting
from search.planner import Plan, Term, Word
from search.rules import (
    COVERAGE,
    ENOUGH,
    FRESH,
    SHORT_QUERY,
    SLIPPED,
    SLIPPING,
    VERIFIED,
    freshness,
    may_slip,
    trust,
)

#: The power of a word's rarity in its weight: rare words say more than their logarithm.
SHARPNESS = 1.3
#: What adjacent pairs and words with the right marks add, beside 1 for the word itself.
PAIR = 0.5
EXACT = 0.15
EXACT_PAIR = 0.2
#: The byte a pair counts with wherever it stands: about one mention in a body.
PAIR_SCORE = 110
#: The byte a word one slip away counts with.
SLIP_SCORE = 110
#: Documents scored one by one; of more, the best by a coarse bit-sliced sum.
CANDIDATES = 600
#: Bytes of a word's score from which the coarse sum counts it once more.
LEVELS = (110, 180)

#: Term, whether its scores are wanted → posting.
Fetch = Callable[[Term, bool], Posting]
#: Word → the words of the index one slip away.
Near = Callable[[str], list[str]]


class Tally:
    """A sum per document, kept as one bitmap per binary digit: adding is a few set operations."""

    def __init__(self) -> None:
        self._digits: list[BitMap] = []

    def add(self, documents: BitMap, weight: int = 1) -> None:
        """Add a weight to every document of the set."""
        place = 0
        while weight:
            if weight & 1:
                self._ripple(documents, place)
            weight >>= 1
            place += 1

    def _ripple(self, carry: BitMap, place: int) -> None:
        while carry:
            while place >= len(self._digits):
                self._digits.append(BitMap())
            digit = self._digits[place]
            self._digits[place] = digit ^ carry
            carry = digit & carry
            place += 1

    def highest(self, among: BitMap) -> int:
        """Return the largest sum among the documents."""
        rest, value = among, 0
        for place in range(len(self._digits) - 1, -1, -1):
            upper = rest & self._digits[place]
            if upper:
                rest = upper
                value |= 1 << place
        return value

    def at_least(self, bound: int, among: BitMap) -> BitMap:
        """Return the documents whose sum is `bound` or more."""
        if bound <= 0:
            return among
        if bound >> len(self._digits):
            return BitMap()
        above, equal = BitMap(), among
        for place in range(len(self._digits) - 1, -1, -1):
            digit = self._digits[place]
            if bound >> place & 1:
                equal = equal & digit
            else:
                above |= equal & digit
                equal = equal - digit
        return above | equal

    def best(self, count: int, among: BitMap) -> BitMap:
        """Return the `count` documents with the largest sums; of equal ones, the newest rows."""
        if len(among) <= count:
            return among
        sure, rest = BitMap(), among
        for digit in reversed(self._digits):
            upper = sure | (rest & digit)
            if len(upper) > count:
                rest = rest & digit
            else:
                sure = upper
                rest = rest - digit
        missing = count - len(sure)
        return sure | rest[len(rest) - missing :] if missing else sure


@dataclass(slots=True)
class Weighted:
    """A posting and its weight (inverse document frequency times what such a match is worth)."""

    posting: Posting
    weight: float


@dataclass(slots=True)
class WordMatch:
    """A word of the plan, looked up. `exact` holds presence only."""

    word: Word
    documents: BitMap
    own: Weighted
    #: Inverse document frequency of the word itself: relaxation weighs by it, the same in every engine.
    rarity: float
    exact: BitMap | None = None
    substitutes: list[Weighted] = field(default_factory=list)
    #: No document has the word: these have one a slip of the keys away.
    slipped: bool = False


@dataclass(slots=True)
class Presence:
    """The documents of a pair of adjacent words, and what the pair adds to their scores."""

    documents: BitMap
    bonus: float
    term: Term


@dataclass(slots=True)
class Lookup:
    """A plan, looked up: the words, the pairs, the documents with every word."""

    words: list[WordMatch]
    pairs: list[Presence]
    every: BitMap
    synonyms: list[str]
    #: The last word was taken as a beginning.
    prefixed: bool

    @property
    def slipped(self) -> tuple[str, ...]:
        """The words found only by words one slip away, as typed."""
        return tuple(match.word.shown for match in self.words if match.slipped)

    def missing_in(self, ordinal: int) -> tuple[str, ...]:
        """Return the words that a document lacks."""
        return tuple(match.word.shown for match in self.words if ordinal not in match.documents)


class _Reader:
    """Reads the words of one plan: who has them, and what that is worth."""

    def __init__(self, memory: Memory, fetch: Fetch, near: Near | None) -> None:
        self._memory = memory
        self._fetch = fetch
        self._near = near
        self._slipping = 0
        self.synonyms: dict[str, None] = {}
        self.prefixed = False

    def worth(self, documents: BitMap) -> float:
        """Return what it is worth to be among these documents."""
        return float(self._rarity(documents) ** SHARPNESS)

    def match(self, word: Word, *, last: bool) -> WordMatch:
        """Return who has a word; the last one is taken as a beginning when nothing has it whole."""
        own = self._weighted(word.term, word.weight)
        documents = own.posting.documents
        substitutes = []
        for item in word.substitutions:
            found = self._weighted(item.term, item.weight)
            if found.posting.documents:
                substitutes.append(found)
                documents = documents | found.posting.documents
                if item.shown:
                    self.synonyms[item.shown] = None
        if last and len(word.term.words[0]) > 1 and self._nowhere(documents):
            beginning = Term(word.term.words, word.term.marked, prefix=True)
            own = self._weighted(beginning, word.weight)
            documents = own.posting.documents
            self.prefixed = True
        slip = self._slip(word.term) if self._nowhere(documents) else None
        if slip is not None:
            own, documents = slip
        exact = self._fetch(word.exact, False).documents if word.exact else None
        rare = self._rarity(own.posting.documents)
        slipped = slip is not None and not self._nowhere(documents)
        return WordMatch(word, documents, own, rare, exact, substitutes, slipped)

    def pair(self, pair: Term) -> Presence | None:
        """Return who has two words side by side, None when nobody does."""
        documents = self._fetch(pair, False).documents
        if not documents:
            return None
        factor = EXACT_PAIR if pair.marked else PAIR
        return Presence(documents, PAIR_SCORE * factor * self.worth(documents), pair)

    def _slip(self, term: Term) -> tuple[Weighted, BitMap] | None:
        """Return who has a word one slip away; None for what is no slip, or comes after too many."""
        if self._near is None or not may_slip(term):
            return None
        self._slipping += 1
        if self._slipping > SLIPPING:
            return None
        documents = BitMap().union(
            *(self._fetch(Term((other,)), False).documents for other in self._near(term.words[0]))
        )
        flat = bytearray([SLIP_SCORE]) * len(documents)
        posting = Posting(list(documents), flat, self._memory.top)
        return Weighted(posting, SLIPPED * self.worth(documents)), documents

    def _weighted(self, term: Term, factor: float) -> Weighted:
        posting = self._fetch(term, True)
        return Weighted(posting, factor * self.worth(posting.documents))

    def _rarity(self, documents: BitMap) -> float:
        frequency = documents.intersection_cardinality(self._memory.live)
        return math.log(1 + (len(self._memory.live) - frequency + 0.5) / (frequency + 0.5))

    def _nowhere(self, documents: BitMap) -> bool:
        return documents.isdisjoint(self._memory.live)


def look_up(plan: Plan, memory: Memory, fetch: Fetch, near: Near | None = None) -> Lookup:
    """Read the postings of a plan; without `near`, a word no document has stands for no other."""
    reader = _Reader(memory, fetch, near)
    last = len(plan.words) - 1
    words = [reader.match(word, last=place == last) for place, word in enumerate(plan.words)]
    pairs = [found for pair in plan.pairs if (found := reader.pair(pair))]
    every = memory.live
    for match in sorted(words, key=lambda item: len(item.documents)):
        every = every & match.documents
    return Lookup(words, pairs, every, list(reader.synonyms), reader.prefixed)


def too_few(lookup: Lookup, matches: BitMap) -> bool:
    """Whether results with most words join those with all: a question seldom has all its words."""
    if len(lookup.words) < 2:
        return False
    enough = 1 if len(lookup.words) <= SHORT_QUERY else ENOUGH
    return len(matches) < enough


def with_most_words(lookup: Lookup, scope: BitMap) -> BitMap:
    """Return the documents of the scope that hold most words of the query.

    Of a short query only those with as many as any document has; of a longer one also those with
    a good share of that, rare words counting more.
    """
    tally = Tally()
    short = len(lookup.words) <= SHORT_QUERY
    largest = max(match.rarity for match in lookup.words)
    for match in lookup.words:
        weight = 1 if short else 1 + round(3 * match.rarity / largest)
        tally.add(match.documents & scope, weight)
    most = tally.highest(scope)
    if not most:
        return BitMap()
    return tally.at_least(most if short else max(1, math.ceil(most * COVERAGE)), scope)


def order(
    lookup: Lookup, matches: BitMap, memory: Memory, today: date, depth: int
) -> list[tuple[int, float]]:
    """Return (row number, score) of the best matches, best first, at least `depth` of them.

    The best `CANDIDATES` by the coarse sum are put in order by the exact one; deeper results follow
    in the order of the coarse sum. The order does not depend on the page, so pages never overlap.
    """
    if len(matches) <= CANDIDATES:
        return _exact(lookup, matches, memory, today)
    tally = _coarse(lookup, matches)
    head = tally.best(CANDIDATES, matches)
    ranked = _exact(lookup, head, memory, today)
    step = CANDIDATES
    while len(ranked) < min(depth, len(matches)):
        step += CANDIDATES
        wider = tally.best(step, matches)
        ranked += _exact(lookup, wider - head, memory, today)
        head = wider
    return ranked


def _coarse(lookup: Lookup, matches: BitMap) -> Tally:
    """Sum small whole weights: a word at rising levels of its score, pairs by presence."""
    tally = Tally()
    weighted = [match.own for match in lookup.words]
    for match in lookup.words:
        weighted += match.substitutes
    largest = max(item.weight for item in weighted) or 1.0
    for item in weighted:
        weight = round(6 * item.weight / largest)
        if weight:
            tally.add(item.posting.documents & matches, weight)
            for level in LEVELS:
                tally.add(item.posting.at_least(level) & matches, weight)
    for pair in lookup.pairs:
        tally.add(pair.documents & matches, round(6 * pair.bonus / PAIR_SCORE / largest))
    return tally


def _exact(
    lookup: Lookup, documents: BitMap, memory: Memory, today: date
) -> list[tuple[int, float]]:
    now = today.toordinal()
    confirmed, verified, dated = memory.confirmed, memory.verified, memory.dated()
    # Word by word over all documents: the inner loops stay small.
    ordinals = documents.to_array()
    totals = [0.0] * len(ordinals)
    for match in lookup.words:
        own, rank, scores = match.own, match.own.posting.documents.rank, match.own.posting.scores
        holding = own.posting.documents
        part = [
            scores[rank(ordinal) - 1] if scores and ordinal in holding else 0
            for ordinal in ordinals
        ]
        weight = own.weight
        if match.substitutes:
            values = [byte * weight for byte in part]
            for item in match.substitutes:
                score, other = item.posting.score, item.weight
                values = [
                    max(value, score(ordinal) * other)
                    for value, ordinal in zip(values, ordinals, strict=True)
                ]
        else:
            values = [byte * weight for byte in part]
        if match.exact is not None:
            exact, extra = match.exact, weight * EXACT
            values = [
                value + byte * extra if ordinal in exact else value
                for value, byte, ordinal in zip(values, part, ordinals, strict=True)
            ]
        totals = [total + value for total, value in zip(totals, values, strict=True)]
    for pair in lookup.pairs:
        near, bonus = pair.documents, pair.bonus
        totals = [
            total + bonus if ordinal in near else total
            for total, ordinal in zip(totals, ordinals, strict=True)
        ]
    found = []
    for total, ordinal in zip(totals, ordinals, strict=True):
        on = confirmed[ordinal]
        gain = 1.0
        if on and ordinal not in dated:
            gain += FRESH * freshness(now - on) + VERIFIED * trust(
                now - on, verified=ordinal in verified
            )
        found.append((-round(total * gain / 255, 6), -on, ordinal))
    found.sort()
    return [(ordinal, -score) for score, _on, ordinal in found]


def explain(lookup: Lookup, ordinal: int, memory: Memory, today: date) -> tuple[Reason, ...]:
    """Return what adds up to the score of a document, as `order` gives it."""
    parts: list[Reason] = []
    for match in lookup.words:
        byte = match.own.posting.score(ordinal)
        best = ("word", match.word.shown, byte * match.own.weight)
        for item in match.substitutes:
            value = item.posting.score(ordinal) * item.weight
            if value > best[2]:
                best = ("synonym", match.word.shown, value)
        if best[2]:
            parts.append(Reason(best[0], best[1], best[2] / 255))
        if match.exact is not None and ordinal in match.exact and byte:
            parts.append(Reason("marks", match.word.shown, byte * match.own.weight * EXACT / 255))
    for pair in lookup.pairs:
        if ordinal in pair.documents:
            parts.append(Reason("pair", " ".join(pair.term.words), pair.bonus / 255))
    on = memory.confirmed[ordinal]
    if on and ordinal not in memory.dated():
        age, texts = today.toordinal() - on, sum(part.value for part in parts)
        checked = trust(age, verified=ordinal in memory.verified)
        parts.append(Reason("fresh", "", FRESH * freshness(age) * texts))
        parts.append(Reason("verified", "", VERIFIED * checked * texts))
    return tuple(part for part in parts if part.value)
