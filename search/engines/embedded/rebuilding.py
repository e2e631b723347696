"""Making the whole index anew while the old one answers.

The idle table set is filled in batches, each a short transaction on a connection of its own (the
reading one holds a snapshot that could not write). What changed meanwhile is copied from the
set that answers, which is always up to date; the last copy and the switch are one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection as default
from django.db import connections

from search.contracts import SearchDocument
from search.engines.embedded import lease, tables
from search.engines.embedded.database import PREFIX, Database, Place
from search.engines.embedded.store import BATCH, LOG_LENGTH, active_set, batches, load, writing

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

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
                lease.hold(cursor, owner)
                done += load(database, cursor, idle, loader, batch)
            yield done
        with writing(connection) as cursor:
            lease.hold(cursor, owner)
            loader.end(cursor)
        step, more = 0, True
        while more:
            with writing(connection) as cursor:
                lease.hold(cursor, owner)
                more = database.finish(cursor, idle, step)
            step += 1
        idle = _catch_up(connection, owner, idle, place)
    finally:
        _release(connection, owner, idle)


def _catch_up(connection: BaseDatabaseWrapper, owner: str, idle: str, place: Place) -> str:
    """Copy what changed meanwhile, then let the filled set answer; return the one that answered."""
    database = tables.database(connection)
    few = False
    while True:
        with writing(connection) as cursor:
            # First, so that nobody takes over while it waits for writers.
            lease.hold(cursor, owner)
            if few:
                database.exclude(cursor)
            place, changed = database.changed(cursor, place, BATCH)
            database.copy(cursor, active_set(cursor), idle, changed)
            if few and len(changed) < FEW:
                return _switch(cursor, database, idle)
            few = len(changed) < FEW


def _claim(connection: BaseDatabaseWrapper, owner: str) -> tuple[str, Place]:
    """Take the rebuild's lease; return the idle set, made empty, and where the log ends."""
    database = tables.database(connection)
    with writing(connection) as cursor:
        lease.claim(cursor, owner)
        # The new set begins its row numbers anew: what the log says elsewhere of theirs must be gone.
        database.drop_foreign(cursor)
        place = database.place(cursor)
        idle = "b" if active_set(cursor) == "a" else "a"
        database.create_set(cursor, idle, bulk=True)
    return idle, place


def _release(connection: BaseDatabaseWrapper, owner: str, idle: str) -> None:
    """Give the lease back and drop the idle set, unless another rebuild has taken both."""
    with writing(connection) as cursor:
        if lease.release(cursor, owner):
            tables.database(connection).drop_set(cursor, idle)


def _switch(cursor: CursorWrapper, database: Database, idle: str) -> str:
    """Let the filled set answer; return the one that answered."""
    old = active_set(cursor)
    cursor.execute(f"UPDATE {PREFIX}_meta SET value = %s WHERE name = 'active'", [idle])
    # A change without a kind: every process reads its bitmaps anew.
    database.log(cursor, [(None, None, "", "")], LOG_LENGTH)
    return old
