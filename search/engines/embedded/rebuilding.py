"""Making the whole index anew while the old one answers.

The idle table set is filled in batches, each a short transaction on a connection of its own (the
reading one holds a snapshot that could not write). What changed meanwhile is copied from the
set that answers, which is always up to date; the last copy and the switch are one transaction.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection as default
from django.db import connections
from django.utils.translation import gettext as _

from search.contracts import RebuildRunning, SearchDocument
from search.engines.embedded import tables
from search.engines.embedded.database import PREFIX, Database, Place
from search.engines.embedded.store import BATCH, LOG_LENGTH, active_set, batches, load, writing

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: A rebuild that has not moved for this long (seconds) is taken for dead.
SILENCE = 120
#: With fewer changes left than these, the last copy and the switch are one transaction.
FEW = 200


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
    database = tables.database(connection)
    idle, place = _claim(connection, owner)
    try:
        loader = database.loader(idle)
        done = 0
        for batch in batches(documents):
            with writing(connection) as cursor:
                _hold(cursor, owner)
                done += load(database, cursor, idle, loader, batch)
            yield done
        with writing(connection) as cursor:
            _hold(cursor, owner)
            loader.end(cursor)
        step, more = 0, True
        while more:
            with writing(connection) as cursor:
                _hold(cursor, owner)
                more = database.finish(cursor, idle, step)
            step += 1
        last, few = False, False
        while not last:
            with writing(connection) as cursor:
                if few:
                    database.exclude(cursor)
                _hold(cursor, owner)
                place, changed = database.changed(cursor, place, BATCH)
                database.copy(cursor, active_set(cursor), idle, changed)
                last = few and len(changed) < FEW
                few = len(changed) < FEW
                if last:
                    idle = _switch(cursor, database, idle)
    finally:
        _release(connection, owner, idle)


def _claim(connection: BaseDatabaseWrapper, owner: str) -> tuple[str, Place]:
    """Take the rebuild's lease; return the idle set, made empty, and where the log ends."""
    database = tables.database(connection)
    with writing(connection) as cursor:
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'rebuild'")
        row = cursor.fetchone()
        if row and time.time() - float(row[0].split()[1]) < SILENCE:
            raise RebuildRunning(_("Một lần dựng lại chỉ mục khác đang chạy."))
        place = database.place(cursor)
        _set_meta(cursor, "rebuild", f"{owner} {time.time()}")
        _set_meta(cursor, "rebuild_from", str(place.seq))
        idle = "b" if active_set(cursor) == "a" else "a"
        database.create_set(cursor, idle, bulk=True)
    return idle, place


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
            tables.database(connection).drop_set(cursor, idle)


def _set_meta(cursor: CursorWrapper, name: str, value: str) -> None:
    cursor.execute(
        f"INSERT INTO {PREFIX}_meta (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
    )


def _switch(cursor: CursorWrapper, database: Database, idle: str) -> str:
    """Let the filled set answer; return the one that answered."""
    old = active_set(cursor)
    _set_meta(cursor, "active", idle)
    # A change without a kind: every process reads its bitmaps anew.
    database.log(cursor, [(None, None, "", "")], LOG_LENGTH)
    return old
