"""Postings, vocabulary and orders from PostgreSQL."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from search.engines.embedded.database import COLUMNS, PREFIX, WEIGHTS, Lengths, byte_of
from search.engines.embedded.postgresql import lexemes
from search.planner import Term

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.memory import Memory

#: Words a beginning is completed to; more than these together count as one word.
_MOST_WORDS = 1_000
_FEW_WORDS = 24


class Reading:
    """What the engine asks the tables of a set."""

    def documents(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, str, str, int, int, str, int]]:
        """Yield ordinal, kind, language, collapse key, day, verified, facets and length, by row number."""
        where = "" if ordinals is None else "WHERE ordinal = ANY(%s::integer[]) "
        cursor.execute(
            "SELECT ordinal, kind, language, collapse_key, confirmed, verified, facets, length "
            f"FROM {PREFIX}_doc_{name} {where}ORDER BY ordinal",
            [] if ordinals is None else [list(ordinals)],
        )
        yield from cursor

    def holders(self, cursor: CursorWrapper, name: str, term: Term) -> list[int]:
        """Return the documents of a term, in order."""
        found = self._find(cursor, name, [lexemes.present(term)]).get(0, array("I"))
        if len(term.words) > 2:
            return [row[0] for row in self._phrases(cursor, name, term, found)]
        return sorted(found)

    def scored(
        self, cursor: CursorWrapper, name: str, term: Term, lengths: Lengths
    ) -> tuple[list[int], bytearray]:
        """Return the documents of a term, in order, and the byte of each (`byte_of`)."""
        frequencies: dict[int, int]
        if len(term.words) > 2 or (term.prefix and len(term.words) > 1):
            candidates = self._find(cursor, name, [lexemes.present(term)]).get(0, array("I"))
            frequencies = dict(self._phrases(cursor, name, term, candidates))
        elif term.prefix:
            frequencies = self._completed(cursor, name, term)
        else:
            frequencies = self._frequencies(cursor, name, [[lexemes.name(term)]])
        return _bytes(frequencies, lengths)

    def together(
        self,
        cursor: CursorWrapper,
        name: str,
        wanted: Sequence[tuple[Term, bool]],
        lengths: Lengths,
    ) -> dict[tuple[Term, bool], tuple[list[int], bytearray | None]]:
        """Return the documents of all plain words and pairs asked for in two questions."""
        plain = [
            (term, scored) for term, scored in wanted if len(term.words) < 3 and not term.prefix
        ]
        if len(plain) < 2:
            return {}
        found: dict[tuple[Term, bool], tuple[list[int], bytearray | None]] = {}
        held = self._find(cursor, name, [lexemes.present(term) for term, _scored in plain])
        weighed = []
        for place, (term, scored) in enumerate(plain):
            if scored and place in held:
                weighed.append(term)
            else:
                holders = sorted(held.get(place, ()))
                found[term, scored] = (holders, bytearray() if scored else None)
        queries = [
            query for term in weighed for query in lexemes.by_frequency([lexemes.name(term)])
        ]
        steps = len(lexemes.FREQUENCIES)
        frequencies: list[dict[int, int]] = [{} for _term in weighed]
        for place, ordinals in self._find(cursor, name, queries).items() if queries else ():
            at, step = divmod(place, steps)
            frequencies[at].update(dict.fromkeys(ordinals, lexemes.FREQUENCIES[step]))
        for term, counted in zip(weighed, frequencies, strict=True):
            found[term, True] = _bytes(counted, lengths)
        return found

    def _find(self, cursor: CursorWrapper, name: str, queries: list[str]) -> dict[int, array[int]]:
        """Return the documents of each query that has any, by its place among them."""
        cursor.execute(f"SELECT place, found FROM {PREFIX}_find_{name}(%s::text[])", [queries])
        found = {}
        for place, packed in cursor.fetchall():
            ordinals = array("I")
            ordinals.frombytes(bytes(packed))
            if sys.byteorder == "little":
                ordinals.byteswap()
            found[place - 1] = ordinals
        return found

    def _frequencies(
        self, cursor: CursorWrapper, name: str, groups: list[list[str]]
    ) -> dict[int, int]:
        """Return how often each document holds the names, level weights counted in.

        The names of a group count once where they stand equally often.
        """
        queries = [query for names in groups for query in lexemes.by_frequency(names)]
        steps = len(lexemes.FREQUENCIES)
        total: dict[int, int] = {}
        for place, ordinals in self._find(cursor, name, queries).items():
            frequency = lexemes.FREQUENCIES[place % steps]
            if len(groups) == 1 and len(groups[0]) == 1:
                total.update(dict.fromkeys(ordinals, frequency))
            else:
                for ordinal in ordinals:
                    total[ordinal] = total.get(ordinal, 0) + frequency
        return total

    def _completed(self, cursor: CursorWrapper, name: str, term: Term) -> dict[int, int]:
        """Return the documents with words that begin so, and how often they hold them."""
        beginning = lexemes.name(term)
        cursor.execute(
            f"SELECT DISTINCT term FROM {PREFIX}_vocabulary_{name} "
            f"WHERE term >= %s AND term < %s LIMIT {_MOST_WORDS}",
            [beginning, beginning + chr(sys.maxunicode)],
        )
        names = [row[0] for row in cursor.fetchall()]
        if not names:
            return {}
        groups = [[item] for item in names] if len(names) <= _FEW_WORDS else [names]
        found = self._frequencies(cursor, name, groups)
        for ordinal in self._find(cursor, name, [lexemes.present(term)]).get(0, ()):
            found.setdefault(ordinal, 1)
        return found

    def _phrases(
        self, cursor: CursorWrapper, name: str, term: Term, candidates: Sequence[int]
    ) -> list[tuple[int, int]]:
        """Return those of the candidates that hold the phrase, in order, and how often."""
        columns = COLUMNS[3:] if term.marked else COLUMNS[:3]
        # Every word between two spaces of its own, so that a phrase may follow itself.
        wanted = " " + "  ".join(term.words) + ("" if term.prefix else " ")
        count = " + ".join(
            f"{weight} * (length(spaced_{place}) - length(replace(spaced_{place}, %s, ''))) / %s"
            for place, weight in enumerate(WEIGHTS)
        )
        spaced = ", ".join(
            f"replace(' ' || {column} || ' ', ' ', '  ') AS spaced_{place}"
            for place, column in enumerate(columns)
        )
        parameters: list[Any] = [wanted, len(wanted)] * len(WEIGHTS)
        parameters.append(list(candidates))
        cursor.execute(
            f"SELECT ordinal, times FROM (SELECT ordinal, {count} AS times FROM ("
            f"SELECT ordinal, {spaced} FROM {PREFIX}_words_{name} WHERE ordinal = ANY(%s::integer[])"
            ") AS texts) AS counted WHERE times > 0 ORDER BY ordinal",
            parameters,
        )
        return list(cursor.fetchall())

    def words(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int]
    ) -> dict[int, list[list[str]]]:
        """Return the words of documents, column by column."""
        cursor.execute(
            f"SELECT ordinal, {', '.join(COLUMNS)} FROM {PREFIX}_words_{name} "
            "WHERE ordinal = ANY(%s::integer[]) ORDER BY ordinal",
            [list(ordinals)],
        )
        return {row[0]: [column.split() for column in row[1:]] for row in cursor.fetchall()}

    def average(self, cursor: CursorWrapper, name: str, lengths: Lengths) -> float:
        """Return the mean number of words of a document."""
        return lengths.average

    def known_words(self, cursor: CursorWrapper, memory: Memory, words: Sequence[str]) -> list[str]:
        """Return those of the words that a live document has, the most common first."""
        cursor.execute(
            f"SELECT DISTINCT term FROM {PREFIX}_vocabulary_{memory.name} WHERE term = ANY(%s::text[])",
            [list(words)],
        )
        counted = []
        for (word,) in cursor.fetchall():
            holders = memory.postings.get(cursor, Term((word,)), scored=False).documents
            count = holders.intersection_cardinality(memory.live)
            if count:
                counted.append((-count, word))
        return [word for _count, word in sorted(counted)]

    def titles(self, cursor: CursorWrapper, name: str, words: list[str], most: int) -> list[int]:
        """Return documents whose titles have every word, the last as a beginning, newest first."""
        cursor.execute(
            f"SELECT ordinal FROM {PREFIX}_head_{name} WHERE words @@ CAST(%s AS tsquery) "
            f"ORDER BY ordinal DESC LIMIT {most}",
            [lexemes.beginning(words)],
        )
        return [row[0] for row in cursor.fetchall()]

    def walk(self, cursor: CursorWrapper, table: str, order: str) -> Iterator[int]:
        """Yield the row numbers of a table in an order it has an index for."""
        read, size = 0, 1_000
        while True:
            cursor.execute(
                f"SELECT ordinal FROM {table} ORDER BY {order} LIMIT %s OFFSET %s", [size, read]
            )
            rows = cursor.fetchall()
            for row in rows:
                yield row[0]
            if len(rows) < size:
                return
            read += size
            size *= 2


def _bytes(frequencies: dict[int, int], lengths: Lengths) -> tuple[list[int], bytearray]:
    """Return the documents in order, and the byte of each."""
    ordinals = sorted(frequencies)
    scores = bytearray(
        byte_of(frequencies[ordinal], relative)
        for ordinal, relative in zip(ordinals, lengths.relative(ordinals), strict=True)
    )
    return ordinals, scores
