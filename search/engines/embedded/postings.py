"""Which documents hold a term, and how strongly: read from FTS5 once, then kept.

FTS5 computes `bm25()` of a single term; divided by its document frequency weight it leaves the part
that depends on the document (0-2.2), kept as one byte. A query's score is then the sum over its
terms of weight times that part: the same `bm25()` FTS5 would give the whole query, without asking
it about every document of every query.
"""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from itertools import takewhile
from typing import TYPE_CHECKING

from pyroaring import BitMap

from search.engines.embedded.tables import COLUMNS, LEVELS, PREFIX
from search.planner import Term

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

#: Weights of the columns: title, summary (with keywords), body; the same with marks.
WEIGHTS: tuple[float, ...] = (4.0, 2.0, 1.0, 4.0, 2.0, 1.0)
#: `bm25()` in FTS5: k1 = 1.2, so a term adds at most k1 + 1 times its weight.
K1 = 1.2
B = 0.75
TOP_SCORE = K1 + 1
#: Bytes of postings kept in memory.
MAX_KEPT = 96 * 1024 * 1024
#: New documents whose words are kept to complete postings; beyond, postings are read again.
MAX_RECENT = 3_000

_FOLDED_FILTER = "{" + " ".join(LEVELS) + "}"
_MARKED_FILTER = "{" + " ".join(f"{level}_marked" for level in LEVELS) + "}"
_WEIGHTS = ", ".join(map(str, WEIGHTS))


def match_expression(term: Term) -> str:
    """Return the FTS5 query of a term, every word quoted."""
    quoted = " ".join(word.replace('"', '""') for word in term.words)
    columns = _MARKED_FILTER if term.marked else _FOLDED_FILTER
    return f'{columns} : "{quoted}"' + (" *" if term.prefix else "")


class Posting:
    """The documents of a term. Dead versions stay in; the reader intersects with the live ones.

    `scores` has one byte per document, in the order of the bitmap; none when only presence was asked.
    """

    __slots__ = ("documents", "levels", "scores", "upto")

    def __init__(self, documents: list[int], scores: bytearray | None, top: int) -> None:
        self.documents = BitMap(documents)
        self.scores = scores
        self.upto = max(top, documents[-1] if documents else 0)
        self.levels: dict[int, BitMap] = {}

    def score(self, ordinal: int) -> int:
        """Return the byte of a document (0 when it does not hold the term)."""
        if self.scores is not None and ordinal in self.documents:
            return self.scores[self.documents.rank(ordinal) - 1]
        return 0

    def append(self, ordinal: int, score: int) -> None:
        """Add a document whose number is above all others."""
        self.documents.add(ordinal)
        if self.scores is not None:
            self.scores.append(score)
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
        """About the bytes it takes."""
        return 200 + 2 * len(self.documents) + (2 * len(self.scores) if self.scores else 0)


class PostingCache:
    """The postings of one table set, least recently used out first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._known: OrderedDict[tuple[Term, bool], Posting] = OrderedDict()
        self._kept = 0
        self._recent: dict[int, list[list[str]]] = {}
        self._average = 0.0

    def get(self, cursor: CursorWrapper, term: Term, top: int, *, scored: bool) -> Posting:
        """Return the posting of a term, complete up to the row number `top`."""
        key = (term, scored)
        posting = self._known.get(key)
        if posting is None:
            posting = self._read(cursor, term, top) if scored else self._find(cursor, term, top)
            self._known[key] = posting
            self._kept += posting.cost
            while self._kept > MAX_KEPT and len(self._known) > 1:
                _, old = self._known.popitem(last=False)
                self._kept -= old.cost
        else:
            self._known.move_to_end(key)
            if posting.upto < top:
                before = posting.cost
                self._extend(posting, term, top)
                self._kept += posting.cost - before
        return posting

    def note(self, cursor: CursorWrapper, ordinals: list[int]) -> None:
        """Remember the words of new documents for the postings that are in memory."""
        if len(self._recent) + len(ordinals) > MAX_RECENT:
            self._known.clear()
            self._recent.clear()
            self._kept = 0
            return
        cursor.execute(
            f"SELECT rowid, {', '.join(COLUMNS)} FROM {PREFIX}_fts_{self.name} "
            "WHERE rowid IN (SELECT value FROM json_each(%s)) ORDER BY rowid",
            [json.dumps(ordinals)],
        )
        for row in cursor.fetchall():
            self._recent[row[0]] = [column.split() for column in row[1:]]
        if not self._average:
            cursor.execute(f"SELECT block FROM {PREFIX}_fts_{self.name}_data WHERE id = 1")
            row = cursor.fetchone()
            totals = _varints(bytes(row[0])) if row else []
            self._average = sum(totals[1:]) / totals[0] if totals and totals[0] else 0.0

    def _find(self, cursor: CursorWrapper, term: Term, top: int) -> Posting:
        table = f"{PREFIX}_fts_{self.name}"
        cursor.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid",
            [match_expression(term)],
        )
        return Posting([row[0] for row in cursor.fetchall()], None, top)

    def _read(self, cursor: CursorWrapper, term: Term, top: int) -> Posting:
        table = f"{PREFIX}_fts_{self.name}"
        cursor.execute(
            f"SELECT rowid, bm25({table}, {_WEIGHTS}) FROM {table} "
            f"WHERE {table} MATCH %s ORDER BY rowid",
            [match_expression(term)],
        )
        rows = cursor.fetchall()
        cursor.execute(f"SELECT count(*) FROM {table}_docsize")
        total = max(cursor.fetchone()[0], len(rows))
        weight = math.log((total - len(rows) + 0.5) / (len(rows) + 0.5))
        # FTS5 takes 1e-6 instead of a weight that is not positive.
        scale = -255 / (TOP_SCORE * (weight if weight > 0 else 1e-6))
        scores = bytearray(max(1, min(255, round(score * scale))) for _ordinal, score in rows)
        return Posting([row[0] for row in rows], scores, top)

    def _extend(self, posting: Posting, term: Term, top: int) -> None:
        columns = slice(3, 6) if term.marked else slice(0, 3)
        newest = takewhile(lambda ordinal: ordinal > posting.upto, reversed(self._recent))
        for ordinal in sorted(newest):
            words = self._recent[ordinal]
            frequency = sum(
                factor * _occurrences(column, term)
                for factor, column in zip(WEIGHTS[columns], words[columns], strict=True)
            )
            if frequency:
                length = sum(map(len, words))
                relative = length / self._average if self._average else 1.0
                part = frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative))
                posting.append(ordinal, max(1, min(255, round(part * 255 / TOP_SCORE))))
        posting.upto = top


def _occurrences(words: list[str], term: Term) -> int:
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


def _varints(data: bytes) -> list[int]:
    """Decode SQLite's variable-length integers."""
    values = []
    value = 0
    for byte in data:
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            values.append(value)
            value = 0
    return values
