"""Which documents hold a term, and how strongly: read from the tables once, then kept.

The part of `bm25()` that depends on the document (0-2.2) is kept as one byte. A query's score is the
sum over its terms of weight times that part: the `bm25()` of the whole query, without asking the
database about every document of every query.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from pyroaring import BitMap

from search.engines.embedded.database import WEIGHTS, Database, Lengths, byte_of
from search.planner import Plan, Term

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

#: Bytes of a full container of a bitmap (65,536 documents).
CONTAINER = 8 * 1024
#: New documents whose words are kept to complete postings; beyond, postings are read again.
MAX_RECENT = 3_000


class Posting:
    """The documents of a term. Dead versions stay in; the reader intersects with the live ones.

    `scores` has one byte per document, in the order of the bitmap; none when only presence was asked.
    `upto` counts the new documents it has been completed with.
    """

    __slots__ = ("documents", "levels", "scores", "upto")

    def __init__(self, documents: Iterable[int], scores: bytearray | None, upto: int) -> None:
        self.documents = BitMap(documents)
        self.scores = scores
        self.upto = upto
        self.levels: dict[int, BitMap] = {}

    def score(self, ordinal: int) -> int:
        """Return the byte of a document (0 when it does not hold the term)."""
        if self.scores is not None and ordinal in self.documents:
            return self.scores[self.documents.rank(ordinal) - 1]
        return 0

    def add(self, ordinal: int, score: int) -> None:
        """Add a document. Its number is seldom below others: only where commits overtake each other."""
        self.documents.add(ordinal)
        if self.scores is not None:
            self.scores.insert(self.documents.rank(ordinal) - 1, score)
        for level, documents in self.levels.items():
            if score >= level:
                documents.add(ordinal)

    def at_least(self, level: int) -> BitMap:
        """Return the documents whose byte is `level` or more."""
        found = self.levels.get(level)
        if found is None:
            pairs = zip(self.documents, self.scores or b"", strict=True)
            found = BitMap([ordinal for ordinal, score in pairs if score >= level])
            self.levels[level] = found
        return found

    @property
    def cost(self) -> int:
        """About the bytes it takes: two a document or one bit of the range, whichever is less."""
        held = len(self.documents)
        bitmap = min(2 * held, (self.documents.max() >> 3) + CONTAINER) if held else 0
        return 200 + bitmap + len(self.scores or b"")


class PostingCache:
    """The postings of one table set, least recently used out first."""

    def __init__(self, name: str, database: Database, lengths: Lengths) -> None:
        self.name = name
        self.database = database
        self.lengths = lengths
        self._known: OrderedDict[tuple[Term, bool], Posting] = OrderedDict()
        self._kept = 0
        self._most = settings.SEARCH_MEMORY_MB * 1024 * 1024
        #: New documents in the order they came, each with its words.
        self._recent: dict[int, list[list[str]]] = {}
        self._average = 0.0

    def get(self, cursor: CursorWrapper, term: Term, *, scored: bool) -> Posting:
        """Return the posting of a term, complete with every document noted."""
        key = (term, scored)
        posting = self._known.get(key)
        if posting is None:
            posting = self._keep(key, self._read(cursor, term, scored))
        else:
            self._known.move_to_end(key)
            if posting.upto < len(self._recent):
                before = posting.cost
                self._extend(posting, term)
                self._kept += posting.cost - before
        return posting

    def prepare(self, cursor: CursorWrapper, plan: Plan) -> None:
        """Read at once what a plan will ask for, where that is cheaper than one by one."""
        wanted: dict[tuple[Term, bool], None] = {}
        for word in plan.words:
            wanted[word.term, True] = None
            wanted |= {(item.term, True): None for item in word.substitutions}
            if word.exact:
                wanted[word.exact, False] = None
        wanted |= {(pair, False): None for pair in plan.pairs}
        unread = [key for key in wanted if key not in self._known]
        if len(unread) > 1:
            found = self.database.together(cursor, self.name, unread, self.lengths)
            for key, (documents, scores) in found.items():
                self._keep(key, Posting(documents, scores, len(self._recent)))

    def _keep(self, key: tuple[Term, bool], posting: Posting) -> Posting:
        self._known[key] = posting
        self._kept += posting.cost
        while self._kept > self._most and len(self._known) > 1:
            _, old = self._known.popitem(last=False)
            self._kept -= old.cost
        return posting

    def note(self, cursor: CursorWrapper, ordinals: list[int]) -> None:
        """Remember the words of new documents for the postings that are in memory."""
        if len(self._recent) + len(ordinals) > MAX_RECENT:
            self._known.clear()
            self._recent.clear()
            self._kept = 0
            return
        for ordinal, words in self.database.words(cursor, self.name, ordinals).items():
            self._recent.setdefault(ordinal, words)
        if not self._average:
            self._average = self.database.average(cursor, self.name, self.lengths)

    def _read(self, cursor: CursorWrapper, term: Term, scored: bool) -> Posting:
        if scored:
            documents, scores = self.database.scored(cursor, self.name, term, self.lengths)
            return Posting(documents, scores, len(self._recent))
        holders = self.database.holders(cursor, self.name, term)
        return Posting(holders, None, len(self._recent))

    def _extend(self, posting: Posting, term: Term) -> None:
        columns = slice(3, 6) if term.marked else slice(0, 3)
        for ordinal, words in islice(self._recent.items(), posting.upto, None):
            frequency = sum(
                factor * occurrences(column, term)
                for factor, column in zip(WEIGHTS, words[columns], strict=True)
            )
            # One that was read from the tables before the log told of it is there already.
            if frequency and ordinal not in posting.documents:
                length = sum(map(len, words))
                relative = length / self._average if self._average else 1.0
                posting.add(ordinal, byte_of(frequency, relative))
        posting.upto = len(self._recent)


def occurrences(words: list[str], term: Term) -> int:
    """Return how often a text, as words, holds a term."""
    *first, last = term.words
    length = len(term.words)
    count = 0
    for start in range(len(words) - length + 1):
        final = words[start + length - 1]
        if (final.startswith(last) if term.prefix else final == last) and (
            not first or words[start : start + length - 1] == first
        ):
            count += 1
    return count
