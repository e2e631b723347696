"""Comparing what the embedded index holds with what it should hold, document by document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from search.contracts import SearchDocument
from search.engines.embedded.database import DOC_COLUMNS, PREFIX, TEXT_COLUMNS
from search.engines.embedded.store import active_set, row_of
from search.engines.facets import Hierarchy

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: Keys read at a time.
READ = 5_000
#: (kind, id, language) of a document, and what the index keeps of it.
_Stored = dict[tuple[str, str, str], tuple[Any, ...]]


def differing(
    connection: BaseDatabaseWrapper, documents: Sequence[SearchDocument]
) -> set[tuple[str, str]]:
    """Return the objects among these whole ones that the index lacks, or holds otherwise."""
    rolled = Hierarchy()
    expected: _Stored = {}
    for document in documents:
        row = row_of(0, document, rolled.expand(document.facets))
        expected[document.kind, document.id, document.language] = (*row.doc[4:], *row.text[1:])
    with connection.cursor() as cursor:
        stored = _stored(cursor, sorted({(kind, identity) for kind, identity, _ in expected}))
    keys = expected.keys() | stored.keys()
    return {key[:2] for key in keys if expected.get(key) != stored.get(key)}


def objects_held(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Yield (kind, id) of every document held, in order of row numbers."""
    last = -1
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT ordinal, kind, id FROM {PREFIX}_doc_{active_set(cursor)} "
                "WHERE ordinal > %s ORDER BY ordinal LIMIT %s",
                [last, READ],
            )
            rows = cursor.fetchall()
            for _ordinal, kind, identity in rows:
                yield kind, identity
            if len(rows) < READ:
                return
            last = rows[-1][0]


def _stored(cursor: CursorWrapper, keys: Sequence[tuple[str, str]]) -> _Stored:
    name = active_set(cursor)
    columns = ", ".join(
        [
            *(f"d.{column}" for column in DOC_COLUMNS[1:]),
            *(f"t.{column}" for column in TEXT_COLUMNS[1:]),
        ]
    )
    found: _Stored = {}
    kinds: dict[str, list[str]] = {}
    for kind, identity in keys:
        kinds.setdefault(kind, []).append(identity)
    for kind, identities in kinds.items():
        marks = ", ".join(["%s"] * len(identities))
        cursor.execute(
            f"SELECT {columns} FROM {PREFIX}_doc_{name} AS d "
            f"JOIN {PREFIX}_text_{name} AS t ON t.ordinal = d.ordinal "
            f"WHERE d.kind = %s AND d.id IN ({marks})",
            [kind, *identities],
        )
        for row in cursor.fetchall():
            key = (row[0], row[1], row[2])
            # Two of one document are never right, whatever either holds.
            found[key] = () if key in found else tuple(row[3:])
    return found
