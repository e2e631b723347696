"""Making the whole index anew while the old one answers.

The idle table set is filled in batches, each a short transaction on a connection of its own (the
reading one holds a snapshot that could not write). What changed meanwhile is copied from the
set that answers, which is always up to date; the last copy and the switch are one transaction.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection as default
from django.db import connections
from django.utils.translation import gettext as _

from search.contracts import SearchDocument
from search.engines.embedded import tables
from search.engines.embedded.store import (
    BATCH,
    COLUMNS_OF,
    Writer,
    active_set,
    batches,
    last_ordinal,
    remove,
    writing,
)
from search.engines.embedded.tables import PREFIX

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: A rebuild that has not moved for this long (seconds) is taken for dead.
SILENCE = 120
#: Pages FTS5 merges per step after the bulk, so that writers wait for milliseconds only.
MERGE_PAGES = 400
MERGE_STEPS = 2_000
#: With fewer changes left than these, the last copy and the switch are one transaction.
FEW = 200


class RebuildRunning(Exception):
    """Another process is rebuilding."""


def rebuild(documents: Iterator[SearchDocument]) -> Iterator[int]:
    """Fill the idle set, switch, drop the old one; yield the running count after each batch.

    Raise `RebuildRunning` while another one moves. Whatever stops it leaves the old index answering.
    """
    # Inside a transaction only its own connection sees what it wrote.
    own = not default.in_atomic_block
    connection = connections.create_connection(default.alias) if own else default
    try:
        yield from _rebuild(connection, documents)
    finally:
        if own:
            connection.close()


def _rebuild(connection: BaseDatabaseWrapper, documents: Iterator[SearchDocument]) -> Iterator[int]:
    owner = secrets.token_hex(8)
    idle, seq = _claim(connection, owner)
    try:
        writer = Writer(connection, idle, lambda cursor: _hold(cursor, owner))
        done = 0
        for batch in batches(documents):
            done += writer.write(batch)
            yield done
        _merge(connection, idle, owner)
        while True:
            with writing(connection) as cursor:
                _hold(cursor, owner)
                last, changed = _changes(cursor, seq)
                _copy(cursor, idle, changed)
                seq = last
                if len(changed) < FEW:
                    idle = _switch(cursor, idle)
                    break
    finally:
        _release(connection, owner, idle)


def _claim(connection: BaseDatabaseWrapper, owner: str) -> tuple[str, int]:
    """Take the rebuild's lease; return the idle set, made empty, and the log's last row."""
    with writing(connection) as cursor:
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'rebuild'")
        row = cursor.fetchone()
        if row and time.time() - float(row[0].split()[1]) < SILENCE:
            raise RebuildRunning(_("Một lần dựng lại chỉ mục khác đang chạy."))
        cursor.execute(f"SELECT max(seq) FROM {PREFIX}_change")
        seq = int(cursor.fetchone()[0])
        _set_meta(cursor, "rebuild", f"{owner} {time.time()}")
        _set_meta(cursor, "rebuild_from", str(seq))
        idle = "b" if active_set(cursor) == "a" else "a"
        tables.create_set(connection, idle)
    return idle, seq


def _hold(cursor: CursorWrapper, owner: str) -> None:
    """Show that the rebuild moves; raise `RebuildRunning` when another one took over."""
    cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'rebuild'")
    row = cursor.fetchone()
    if row is None or row[0].split()[0] != owner:
        raise RebuildRunning(_("Một lần dựng lại chỉ mục khác đang chạy."))
    _set_meta(cursor, "rebuild", f"{owner} {time.time()}")


def _release(connection: BaseDatabaseWrapper, owner: str, idle: str) -> None:
    """Give the lease back and drop the idle set, unless another rebuild has taken both."""
    with writing(connection) as cursor:
        cursor.execute(
            f"SELECT 1 FROM {PREFIX}_meta WHERE name = 'rebuild' AND value LIKE %s", [f"{owner} %"]
        )
        if cursor.fetchone():
            cursor.execute(f"DELETE FROM {PREFIX}_meta WHERE name IN ('rebuild', 'rebuild_from')")
            tables.drop_set(connection, idle)


def _set_meta(cursor: CursorWrapper, name: str, value: str) -> None:
    cursor.execute(
        f"INSERT INTO {PREFIX}_meta (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
    )


def _merge(connection: BaseDatabaseWrapper, idle: str, owner: str) -> None:
    """Merge what the batches left, step by step; FTS5 reports no change when all is merged."""
    table = f"{PREFIX}_fts_{idle}"
    for step in range(MERGE_STEPS):
        with writing(connection) as cursor:
            _hold(cursor, owner)
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            # The first, negative one asks for all segments to become one.
            pages = -MERGE_PAGES if step == 0 else MERGE_PAGES
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])
            cursor.execute("SELECT total_changes()")
            if cursor.fetchone()[0] - before < 2:
                return


def _changes(cursor: CursorWrapper, seq: int) -> tuple[int, list[tuple[str, str]]]:
    """Return the log's last row and the (kind, id) pairs written after `seq`, at most a batch."""
    cursor.execute(
        f"SELECT seq, kind, id FROM {PREFIX}_change WHERE seq > %s AND kind <> '' "
        f"ORDER BY seq LIMIT {BATCH}",
        [seq],
    )
    rows = cursor.fetchall()
    return (rows[-1][0] if rows else seq), sorted({(row[1], row[2]) for row in rows})


def _copy(cursor: CursorWrapper, idle: str, keys: list[tuple[str, str]]) -> None:
    """Bring the documents of the keys in the idle set to what the answering set holds."""
    remove(cursor, idle, keys)
    active = active_set(cursor)
    ordinal = last_ordinal(cursor, idle)
    cursor.execute(
        f"SELECT d.ordinal FROM json_each(%s) AS k JOIN {PREFIX}_doc_{active} AS d "
        "ON d.kind = json_extract(k.value, '$[0]') AND d.id = json_extract(k.value, '$[1]') "
        "ORDER BY d.ordinal",
        [json.dumps(keys)],
    )
    for (source,) in cursor.fetchall():
        ordinal += 1
        for table, columns in COLUMNS_OF.items():
            key, *rest = columns
            names = ", ".join(rest)
            cursor.execute(
                f"INSERT INTO {PREFIX}_{table}_{idle} ({key}, {names}) "
                f"SELECT %s, {names} FROM {PREFIX}_{table}_{active} WHERE {key} = %s",
                [ordinal, source],
            )


def _switch(cursor: CursorWrapper, idle: str) -> str:
    """Let the filled set answer; return the one that answered."""
    old = active_set(cursor)
    _set_meta(cursor, "active", idle)
    # A row without a kind: every process reads its bitmaps anew.
    cursor.execute(f"INSERT INTO {PREFIX}_change (token) VALUES (random())")
    return old
