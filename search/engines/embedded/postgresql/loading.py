"""Filling the idle set of a rebuild on PostgreSQL: rows are copied, postings go into segments."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from search.engines.embedded.database import COLUMNS, DOC_COLUMNS, PREFIX, TEXT_COLUMNS, Row
from search.engines.embedded.postgresql import lexemes
from search.engines.embedded.segments import Collector

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

#: Documents noted of each word of the vocabulary.
HOLDERS = 3

#: Table → columns and rows.
Values = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


class Loader:
    """Fills one set. No row has an index yet, and no document a vector."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._collector = Collector()
        self._part = 0
        #: Word → documents noted of it in earlier segments.
        self._noted: dict[str, int] = {}

    def add(self, cursor: CursorWrapper, rows: Sequence[Row]) -> None:
        """Write documents, and a segment when it is full."""
        for table, (columns, items) in values_of(rows).items():
            copy_rows(cursor, f"{PREFIX}_{table}_{self._name}", columns, items)
        with _without_collection():
            for row in rows:
                self._collector.add(row.ordinal, row.levels, row.length)
            if self._collector.full:
                self.end(cursor)

    def end(self, cursor: CursorWrapper) -> None:
        """Write the segment under way, and the words it adds to the vocabulary."""
        noted = (
            (word, ordinal)
            for word, holders in self._collector.words(HOLDERS)
            for ordinal in holders[: self._lacking(word, len(holders))]
        )
        copy_rows(cursor, f"{PREFIX}_vocabulary_{self._name}", ("term", "ordinal"), noted)
        self._part += 1
        table = f"{PREFIX}_segment_{self._name} (part, name, postings)"
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", "text", "bytea"])
            for name, value in self._collector.take():
                copy.write_row((self._part, name, value))

    def _lacking(self, word: str, offered: int) -> int:
        """Return how many documents the vocabulary still takes for a word, and count them in."""
        known = self._noted.get(word, 0)
        taken = min(HOLDERS - known, offered)
        self._noted[word] = known + taken
        return taken


def values_of(rows: Sequence[Row]) -> Values:
    """Return what the tables hold of documents, the postings apart."""
    return {
        "doc": ((*DOC_COLUMNS, "length"), [(*row.doc, row.length) for row in rows]),
        "text": (TEXT_COLUMNS, [row.text for row in rows]),
        "words": (("ordinal", *COLUMNS), [(row.ordinal, *row.columns) for row in rows]),
        "head": (
            ("ordinal", "title", "words"),
            [(row.ordinal, row.levels[0].folded, lexemes.head(row.levels[0])) for row in rows],
        ),
    }


def copy_rows(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Write rows in bulk."""
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the collector of cycles, which would look through every posting again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
