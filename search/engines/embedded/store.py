"""Writing the embedded index: documents in, documents out, every change noted in the log."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

from search import sources, text
from search.contracts import SearchDocument
from search.engines.embedded.tables import COLUMNS, PREFIX

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

BATCH = 1_000
#: Changes kept for processes that have yet to read them; who is further behind reads everything.
LOG_LENGTH = 20_000

#: A row of the log: row number added, row number removed, kind, id.
Change = tuple[int | None, int | None, str, str]

#: The tables of a set with their columns, the row number first.
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "doc": (
        "ordinal",
        "kind",
        "id",
        "language",
        "collapse_key",
        "confirmed",
        "readiness",
        "sort_title",
        "facets",
    ),
    "text": (
        "ordinal",
        "title",
        "summary",
        "body",
        "keywords",
        "url",
        "confirmed_on",
        "is_demo",
        "payload",
    ),
    "fts": ("rowid", *COLUMNS),
    "head": ("rowid", "title"),
}


def active_set(cursor: CursorWrapper) -> str:
    """Return the name of the table set that answers."""
    cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'active'")
    return str(cursor.fetchone()[0])


def last_ordinal(cursor: CursorWrapper, name: str) -> int:
    """Return the highest row number ever given in a table set."""
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [f"{PREFIX}_doc_{name}"])
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def batches(
    documents: Iterable[SearchDocument], size: int = BATCH
) -> Iterator[list[SearchDocument]]:
    """Yield lists of at most `size` documents."""
    iterator = iter(documents)
    while batch := list(islice(iterator, size)):
        yield batch


@contextmanager
def writing(connection: BaseDatabaseWrapper) -> Iterator[CursorWrapper]:
    """Open a cursor in a transaction, also on a connection made beside Django's own."""
    if connection == connections[connection.alias]:  # a proxy is equal, not identical
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            yield cursor
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


class Writer:
    """Writes one table set through one connection. Each call is one transaction.

    With a `name` it fills the idle set of a rebuild, which nobody reads yet and no log speaks of;
    `guard` then raises, inside each transaction, when the set is no longer the caller's.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        name: str | None = None,
        guard: Callable[[CursorWrapper], None] | None = None,
    ) -> None:
        self.connection = connection
        self.name = name
        self.guard = guard
        self._seen: set[tuple[str, str]] = set()

    def write(self, documents: list[SearchDocument]) -> int:
        """Add or replace the documents; an object's first document replaces all it had before."""
        latest = {document.key: document for document in documents}
        rolled = _Hierarchy()
        with writing(self.connection) as cursor:
            if self.guard:
                self.guard(cursor)
            name = self.name or active_set(cursor)
            fresh = {(item.kind, item.id) for item in latest.values()} - self._seen
            changes: list[Change] = [
                (None, ordinal, kind, identity)
                for ordinal, kind, identity in remove(cursor, name, fresh)
            ]
            self._seen |= fresh
            ordinal = last_ordinal(cursor, name)
            rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS_OF}
            for document in latest.values():
                ordinal += 1
                _append(rows, ordinal, document, rolled.expand(document.facets))
                changes.append((ordinal, None, document.kind, document.id))
            _insert(cursor, name, rows)
            if self.name is None:
                log(cursor, changes)
        return len(latest)

    def delete(self, keys: Iterable[tuple[str, str]]) -> int:
        """Remove every language of the (kind, id) pairs; return how many documents went."""
        wanted = set(keys)
        if not wanted:
            return 0
        with writing(self.connection) as cursor:
            gone = remove(cursor, self.name or active_set(cursor), wanted)
            if self.name is None:
                log(cursor, [(None, ordinal, kind, identity) for ordinal, kind, identity in gone])
        return len(gone)


class _Hierarchy:
    """Adds the ancestors of hierarchical facets; reads each facet's tree once."""

    def __init__(self) -> None:
        self._trees: dict[str, Mapping[str, str]] = {}

    def expand(self, facets: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
        expanded: dict[str, list[str]] = {}
        for name, codes in facets.items():
            if not codes:
                continue
            tree = self._tree(name)
            found = dict.fromkeys(codes)
            for code in codes:
                parent = tree.get(code, "")
                while parent and parent not in found:
                    found[parent] = None
                    parent = tree.get(parent, "")
            expanded[name] = list(found)
        return expanded

    def _tree(self, name: str) -> Mapping[str, str]:
        if name not in self._trees:
            try:
                parent_of = sources.facet(name).parent_of
            except KeyError:
                parent_of = None
            self._trees[name] = parent_of() if parent_of else {}
        return self._trees[name]


def _append(
    rows: dict[str, list[tuple[Any, ...]]],
    ordinal: int,
    document: SearchDocument,
    facets: dict[str, list[str]],
) -> None:
    title = text.clean(document.title)
    summary = text.clean(document.summary)
    body = text.clean(document.body)
    keywords = text.clean(document.keywords)
    levels = [
        text.analyse(title),
        text.analyse(f"{summary} {keywords}" if keywords else summary),
        text.analyse(body),
    ]
    confirmed = document.confirmed_on
    rows["doc"].append(
        (
            ordinal,
            document.kind,
            document.id,
            document.language,
            document.collapse_key,
            confirmed.toordinal() if confirmed else 0,
            document.readiness or 0,
            text.sort_key(title),
            json.dumps(facets, separators=(",", ":")),
        )
    )
    rows["text"].append(
        (
            ordinal,
            title,
            summary,
            body,
            keywords,
            document.url,
            confirmed.isoformat() if confirmed else None,
            int(document.is_demo),
            json.dumps(dict(document.payload), ensure_ascii=False, separators=(",", ":")),
        )
    )
    rows["fts"].append(
        (ordinal, *(level.folded for level in levels), *(level.marked for level in levels))
    )
    rows["head"].append((ordinal, levels[0].folded))


def _insert(cursor: CursorWrapper, name: str, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    for table, values in rows.items():
        if values:
            columns = ", ".join(COLUMNS_OF[table])
            marks = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(
                f"INSERT INTO {PREFIX}_{table}_{name} ({columns}) VALUES ({marks})", values
            )


def remove(
    cursor: CursorWrapper, name: str, keys: Iterable[tuple[str, str]]
) -> list[tuple[int, str, str]]:
    """Delete the documents of the (kind, id) pairs; return what went as (ordinal, kind, id)."""
    cursor.execute(
        f"SELECT d.ordinal, d.kind, d.id FROM json_each(%s) AS k "
        f"JOIN {PREFIX}_doc_{name} AS d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.id = json_extract(k.value, '$[1]')",
        [json.dumps(sorted(keys))],
    )
    gone: list[tuple[int, str, str]] = list(cursor.fetchall())
    ordinals = [(row[0],) for row in gone]
    if ordinals:
        for table, columns in COLUMNS_OF.items():
            cursor.executemany(
                f"DELETE FROM {PREFIX}_{table}_{name} WHERE {columns[0]} = %s", ordinals
            )
    return gone


def log(cursor: CursorWrapper, changes: list[Change]) -> None:
    """Note (added, removed, kind, id) rows, each with a random token.

    The token tells a process that remembers a rolled-back change that the row it read is another.
    """
    if not changes:
        return
    cursor.executemany(
        f"INSERT INTO {PREFIX}_change (token, added, removed, kind, id) VALUES (%s, %s, %s, %s, %s)",
        [(secrets.randbits(62), *change) for change in changes],
    )
    cursor.execute(f"SELECT max(seq) FROM {PREFIX}_change")
    last = cursor.fetchone()[0]
    if last // 1_000 != (last - len(changes)) // 1_000:
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'rebuild_from'")
        row = cursor.fetchone()
        keep = min(last - LOG_LENGTH, int(row[0]) if row else last)
        cursor.execute(f"DELETE FROM {PREFIX}_change WHERE seq < %s", [keep])
