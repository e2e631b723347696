"""Writing the embedded index: documents in, documents out, every change noted in the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connections, transaction

from search import text
from search.contracts import SearchDocument
from search.engines.embedded import tables
from search.engines.embedded.database import PREFIX, Change, Database, Loader, Row
from search.engines.facets import Hierarchy

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

BATCH = 1_000
#: Changes kept for processes that have yet to read them; who is further behind reads everything.
LOG_LENGTH = 20_000


def active_set(cursor: CursorWrapper) -> str:
    """Return the name of the table set that answers."""
    cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'active'")
    return str(cursor.fetchone()[0])


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
        tables.database(connection).begin(cursor)
        try:
            yield cursor
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


class Writer:
    """Writes the set that answers through one connection. Each call is one transaction."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.database = tables.database(connection)
        self._seen: set[tuple[str, str]] = set()

    def write(self, documents: list[SearchDocument]) -> int:
        """Add or replace the documents; an object's first document replaces all it had before."""
        latest = _latest(documents)
        with self._set() as (cursor, name):
            fresh = {(item.kind, item.id) for item in latest} - self._seen
            gone = self.database.remove(cursor, name, fresh)
            self._seen |= fresh
            rows = numbered(self.database, cursor, name, latest)
            self.database.insert(cursor, name, rows)
            changes = _removals(gone)
            changes += [
                (row.ordinal, None, document.kind, document.id)
                for row, document in zip(rows, latest, strict=True)
            ]
            self._log(cursor, changes)
            self.database.settle(self.connection, fresh)
        return len(latest)

    def delete(self, keys: Iterable[tuple[str, str]]) -> int:
        """Remove every language of the (kind, id) pairs; return how many documents went."""
        wanted = set(keys)
        if not wanted:
            return 0
        with self._set() as (cursor, name):
            gone = self.database.remove(cursor, name, wanted)
            self._log(cursor, _removals(gone))
        return len(gone)

    @contextmanager
    def _set(self) -> Iterator[tuple[CursorWrapper, str]]:
        with writing(self.connection) as cursor:
            self.database.join(cursor)
            yield cursor, active_set(cursor)

    def _log(self, cursor: CursorWrapper, changes: list[Change]) -> None:
        if changes:
            self.database.log(cursor, changes, LOG_LENGTH)


def _removals(gone: Iterable[tuple[int, str, str]]) -> list[Change]:
    return [(None, ordinal, kind, identity) for ordinal, kind, identity in gone]


def load(
    database: Database,
    cursor: CursorWrapper,
    name: str,
    loader: Loader,
    documents: Iterable[SearchDocument],
) -> int:
    """Write a batch of documents into a set nobody reads yet; return how many."""
    latest = _latest(documents)
    loader.add(cursor, numbered(database, cursor, name, latest))
    return len(latest)


def numbered(
    database: Database, cursor: CursorWrapper, name: str, documents: Sequence[SearchDocument]
) -> list[Row]:
    """Return documents as the tables hold them, each with a new row number."""
    rolled = Hierarchy()
    ordinals = database.ordinals(cursor, name, len(documents))
    return [
        row_of(ordinal, document, rolled.expand(document.facets))
        for ordinal, document in zip(ordinals, documents, strict=True)
    ]


def _latest(documents: Iterable[SearchDocument]) -> list[SearchDocument]:
    return list({document.key: document for document in documents}.values())


def row_of(ordinal: int, document: SearchDocument, facets: dict[str, list[str]]) -> Row:
    """Return a document as the tables hold it; the facets come with their ancestors."""
    title = text.clean(document.title)
    summary = text.clean(document.summary)
    body = text.clean(document.body)
    keywords = text.clean(document.keywords)
    confirmed = document.confirmed_on
    return Row(
        doc=(
            ordinal,
            document.kind,
            document.id,
            document.language,
            document.collapse_key,
            confirmed.toordinal() if confirmed else 0,
            document.readiness or 0,
            int(document.verified),
            text.sort_key(title),
            json.dumps(facets, separators=(",", ":")),
        ),
        text=(
            ordinal,
            title,
            summary,
            body,
            keywords,
            document.url,
            confirmed.isoformat() if confirmed else None,
            int(document.is_demo),
            json.dumps(dict(document.payload), ensure_ascii=False, separators=(",", ":")),
        ),
        levels=(
            text.analyse(title),
            text.analyse(f"{summary} {keywords}" if keywords else summary),
            text.analyse(body),
        ),
    )
