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
#: Postings kept in memory, in documents (a document costs two to six bytes).
MAX_KEPT = 8_000_000
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
    """The documents of a term. Dead versions stay in; the reader intersects with the live ones."""

    __slots__ = ("documents", "levels", "scores", "upto")

    def __init__(self, rows: list[tuple[int, int]], top: int) -> None:
        self.documents = BitMap([row[0] for row in rows])
        #: One byte per document, in the order of the bitmap.
        self.scores = bytearray(row[1] for row in rows)
        self.upto = max(top, rows[-1][0] if rows else 0)
        self.levels: dict[int, BitMap] = {}

    def score(self, ordinal: int) -> int:
        """Return the byte of a document (0 when it does not hold the term)."""
        rank = self.documents.rank(ordinal)
        if rank and ordinal in self.documents:
            return self.scores[rank - 1]
        return 0

    def append(self, ordinal: int, score: int) -> None:
        """Add a document whose number is above all others."""
        self.documents.add(ordinal)
        self.scores.append(score)
        for level, documents in self.levels.items():
            if score >= level:
                documents.add(ordinal)

    def at_least(self, level: int) -> BitMap:
        """Return the documents whose byte is `level` or more."""
        found = self.levels.get(level)
        if found is None:
            found = BitMap(
                [
                    ordinal
                    for ordinal, score in zip(self.documents, self.scores, strict=True)
                    if score >= level
                ]
            )
            self.levels[level] = found
        return found


class PostingCache:
    """The postings of one table set, least recently used out first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._known: OrderedDict[Term, Posting] = OrderedDict()
        self._kept = 0
        self._recent: dict[int, list[list[str]]] = {}
        self._average = 0.0

    def get(self, cursor: CursorWrapper, term: Term, top: int) -> Posting:
        """Return the posting of a term, complete up to the row number `top`."""
        posting = self._known.get(term)
        if posting is None:
            posting = Posting(self._read(cursor, term), top)
            self._known[term] = posting
            self._kept += len(posting.scores) + 50
            while self._kept > MAX_KEPT and len(self._known) > 1:
                _, old = self._known.popitem(last=False)
                self._kept -= len(old.scores) + 50
        else:
            self._known.move_to_end(term)
            if posting.upto < top:
                self._extend(posting, term, top)
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

    def _read(self, cursor: CursorWrapper, term: Term) -> list[tuple[int, int]]:
        cursor.execute(
            f"SELECT rowid, bm25({PREFIX}_fts_{self.name}, {_WEIGHTS}) "
            f"FROM {PREFIX}_fts_{self.name} WHERE {PREFIX}_fts_{self.name} MATCH %s ORDER BY rowid",
            [match_expression(term)],
        )
        rows = cursor.fetchall()
        if not rows:
            return []
        cursor.execute(f"SELECT count(*) FROM {PREFIX}_fts_{self.name}_docsize")
        total = cursor.fetchone()[0]
        weight = (
            math.log((total - len(rows) + 0.5) / (len(rows) + 0.5)) if (total >= len(rows)) else 0.0
        )
        # FTS5 takes this weight instead of one that is not positive.
        scale = -255 / (TOP_SCORE * (weight if weight > 0 else 1e-6))
        return [(ordinal, max(1, min(255, round(score * scale)))) for ordinal, score in rows]

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
