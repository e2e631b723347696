"""Postings, vocabulary and orders from PostgreSQL."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pyroaring import BitMap

from search.engines.embedded import segments
from search.engines.embedded.database import COLUMNS, PREFIX, WEIGHTS, Lengths, byte_of
from search.engines.embedded.postgresql import lexemes
from search.engines.embedded.strengths import FREQUENCIES, bytes_of, frequency_of
from search.planner import Term

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.memory import Memory

#: Words a beginning is completed to in documents written since the rebuild; more than a few of
#: these together count as one word.
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
        if len(term.words) > 2 or (term.prefix and len(term.words) > 1):
            return [row[0] for row in self._phrases(cursor, name, term)]
        if term.prefix:
            return sorted(self._completed(cursor, name, term))
        wanted = lexemes.name(term)
        return list(self._held(cursor, name, [wanted]).get(wanted, ()))

    def scored(
        self, cursor: CursorWrapper, name: str, term: Term, lengths: Lengths
    ) -> tuple[Sequence[int], bytearray]:
        """Return the documents of a term, in order, and the byte of each (`byte_of`)."""
        if len(term.words) > 2 or (term.prefix and len(term.words) > 1):
            return _bytes(dict(self._phrases(cursor, name, term)), lengths)
        if term.prefix:
            return _bytes(self._completed(cursor, name, term), lengths)
        wanted = lexemes.name(term)
        loaded = self._loaded(cursor, name, [wanted]).get(wanted)
        return _both(loaded, self._frequencies(cursor, name, [[wanted]]), lengths)

    def together(
        self,
        cursor: CursorWrapper,
        name: str,
        wanted: Sequence[tuple[Term, bool]],
        lengths: Lengths,
    ) -> dict[tuple[Term, bool], tuple[Sequence[int], bytearray | None]]:
        """Return the documents of all plain words and pairs asked for in two or three questions."""
        plain = {
            key: lexemes.name(key[0])
            for key in wanted
            if len(key[0].words) < 3 and not key[0].prefix
        }
        if len(plain) < 2:
            return {}
        loaded = self._loaded(cursor, name, list(plain.values()))
        written = self._written(cursor, name, list(plain.values()))
        weighed = [own for (_term, scored), own in plain.items() if scored and own in written]
        queries = [query for own in weighed for query in lexemes.by_frequency([own])]
        steps = len(FREQUENCIES)
        counted: dict[str, dict[int, int]] = {own: {} for own in weighed}
        for place, ordinals in self._find(cursor, name, queries).items() if queries else ():
            at, step = divmod(place, steps)
            counted[weighed[at]].update(dict.fromkeys(ordinals, FREQUENCIES[step]))
        found: dict[tuple[Term, bool], tuple[Sequence[int], bytearray | None]] = {}
        for key, own in plain.items():
            if key[1]:
                found[key] = _both(loaded.get(own), counted.get(own, {}), lengths)
            else:
                before = loaded[own][0] if own in loaded else array("I")
                found[key] = (before + array("I", sorted(written.get(own, ()))), None)
        return found

    def _held(
        self, cursor: CursorWrapper, name: str, names: Sequence[str]
    ) -> dict[str, array[int]]:
        """Return the documents of each word, or pair, that any has ever had, in order."""
        found = {own: posting[0] for own, posting in self._loaded(cursor, name, names).items()}
        for own, ordinals in self._written(cursor, name, names).items():
            found[own] = found.get(own, array("I")) + array("I", sorted(ordinals))
        return found

    def _loaded(
        self, cursor: CursorWrapper, name: str, names: Sequence[str]
    ) -> dict[str, segments.Posting]:
        """Return the postings of each word, or pair, among the documents of the rebuild."""
        cursor.execute(
            f"SELECT name, postings FROM {PREFIX}_segment_{name} WHERE name = ANY(%s::text[]) "
            "ORDER BY part",
            [segments.rows_of(names)],
        )
        return segments.read(names, cursor)

    def _written(
        self, cursor: CursorWrapper, name: str, names: Sequence[str]
    ) -> dict[str, array[int]]:
        """Return the documents of each word, or pair, among those written since the rebuild.

        Their row numbers are above all that it gave.
        """
        found = self._find(cursor, name, [lexemes.holding(own) for own in names])
        return {names[place]: ordinals for place, ordinals in found.items()}

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
        steps = len(FREQUENCIES)
        total: dict[int, int] = {}
        for place, ordinals in self._find(cursor, name, queries).items():
            frequency = FREQUENCIES[place % steps]
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
            f"SELECT DISTINCT term FROM {PREFIX}_vocabulary_{name} WHERE term >= %s AND term < %s",
            [beginning, beginning + chr(sys.maxunicode)],
        )
        names = [row[0] for row in cursor.fetchall()]
        if not names:
            return {}
        some = names[:_MOST_WORDS]
        groups = [[item] for item in some] if len(some) <= _FEW_WORDS else [some]
        found = self._frequencies(cursor, name, groups)
        for ordinal in self._find(cursor, name, [lexemes.starting(beginning)]).get(0, ()):
            found.setdefault(ordinal, 1)
        for ordinals, strong in self._loaded(cursor, name, names).values():
            for ordinal, value in zip(ordinals, strong, strict=True):
                found[ordinal] = found.get(ordinal, 0) + frequency_of(value)
        return found

    def _phrases(self, cursor: CursorWrapper, name: str, term: Term) -> list[tuple[int, int]]:
        """Return the documents that hold a phrase, in order, and how often."""
        held = self._held(cursor, name, lexemes.pairs(term))
        candidates = BitMap.intersection(
            *(BitMap(held.get(pair, ())) for pair in lexemes.pairs(term))
        )
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

    def titles(
        self, cursor: CursorWrapper, name: str, words: list[str], most: int
    ) -> list[tuple[int, str]]:
        """Return documents whose titles have every word, the last as a beginning, newest first."""
        cursor.execute(
            f"SELECT ordinal, title FROM {PREFIX}_head_{name} WHERE words @@ CAST(%s AS tsquery) "
            f"ORDER BY ordinal DESC LIMIT {most}",
            [lexemes.beginning(words)],
        )
        return list(cursor.fetchall())

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


def _both(
    loaded: segments.Posting | None, written: dict[int, int], lengths: Lengths
) -> tuple[Sequence[int], bytearray]:
    """Return the documents of the rebuild and those written since, and the byte of each."""
    if loaded is None:
        return _bytes(written, lengths)
    ordinals, own = loaded[0], bytes_of(loaded[1], lengths.average)
    if not written:
        return ordinals, own
    later, more = _bytes(written, lengths)
    return ordinals + array("I", later), own + more


def _bytes(frequencies: dict[int, int], lengths: Lengths) -> tuple[list[int], bytearray]:
    """Return the documents in order, and the byte of each."""
    ordinals = sorted(frequencies)
    scores = bytearray(
        byte_of(frequencies[ordinal], relative)
        for ordinal, relative in zip(ordinals, lengths.relative(ordinals), strict=True)
    )
    return ordinals, scores
