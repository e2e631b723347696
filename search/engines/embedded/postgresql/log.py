"""The log of changes on PostgreSQL, where numbers may be committed in any order.

A change is noted with its transaction, and a reader asks for those its last snapshot did not see. So
none is missed, and what is rolled back was never seen. Only the transaction itself sees what it has
not committed; what is remembered of that is checked by the number and token of its last change.

A dump takes the log along to a server that counts transactions anew. A row is from elsewhere when it
is seen although its transaction, by number, is not over: readers pass over it, and `migrate` and a
rebuild drop it before its number comes true.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import OperationalError

from search.engines.embedded import lease
from search.engines.embedded.database import CUT, PREFIX, Change, News, Place

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: What the snapshot of a place (a parameter, twice) did not see, of `_NOW` and the log as `c`.
_SINCE = (
    "c.transaction >= pg_snapshot_xmin(CAST(%s AS pg_snapshot)) "
    "AND NOT pg_visible_in_snapshot(c.transaction, CAST(%s AS pg_snapshot)) "
    "AND (pg_visible_in_snapshot(c.transaction, now) OR c.transaction = own)"
)
_NOW = "(SELECT pg_current_snapshot(), pg_current_xact_id_if_assigned()) AS s (now, own)"


class Log:
    """Noting changes, and reading what is new since a place."""

    def log(self, cursor: CursorWrapper, changes: Sequence[Change], keep: int) -> None:
        """Note changes; the cut leaves a row that tells how far it went."""
        cursor.execute(
            f"INSERT INTO {PREFIX}_change (token, added, removed, kind, id) "
            f"VALUES {', '.join(['(%s, %s, %s, %s, %s)'] * len(changes))} RETURNING seq",
            [value for change in changes for value in (secrets.randbits(62), *change)],
        )
        last = cursor.fetchall()[-1][0]
        if last // 1_000 != (last - len(changes)) // 1_000:
            self._cut(cursor, last - keep)

    def _cut(self, cursor: CursorWrapper, bound: int) -> None:
        """Delete changes below a number that every later snapshot sees, unless a rebuild needs them."""
        if lease.moves(cursor):
            return
        cursor.execute(
            f"WITH old AS (SELECT seq FROM {PREFIX}_change WHERE seq < %s "
            "AND transaction < pg_snapshot_xmin(pg_current_snapshot()) "
            f"FOR UPDATE SKIP LOCKED), cut AS (DELETE FROM {PREFIX}_change AS c USING old "
            "WHERE c.seq = old.seq RETURNING c.transaction) "
            f"INSERT INTO {PREFIX}_change (token, cut) "
            "SELECT %s, transaction FROM cut ORDER BY transaction DESC LIMIT 1",
            [bound, secrets.randbits(62)],
        )

    def drop_foreign(self, cursor: CursorWrapper) -> None:
        """Delete rows seen before their transactions are over; if there were any, all read anew.

        Nothing this server commits is seen by a snapshot that does not count its transaction as over.
        """
        cursor.execute(
            f"WITH gone AS (DELETE FROM {PREFIX}_change AS c USING {_NOW} "
            "WHERE NOT pg_visible_in_snapshot(c.transaction, now) "
            "AND c.transaction IS DISTINCT FROM own RETURNING c.seq) "
            f"INSERT INTO {PREFIX}_change (token) SELECT %s WHERE EXISTS (SELECT FROM gone)",
            [secrets.randbits(62)],
        )

    def own(self, connection: BaseDatabaseWrapper) -> str:
        """Return the connection's transaction when it has noted changes."""
        if not connection.in_atomic_block:
            return ""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT own::text FROM (SELECT pg_current_xact_id_if_assigned()) AS t (own) "
                f"WHERE EXISTS (SELECT FROM {PREFIX}_change WHERE transaction = own)"
            )
            row = cursor.fetchone()
        return row[0] if row else ""

    def place(self, cursor: CursorWrapper) -> Place:
        """Return the snapshot of now, and of the caller's own changes the last."""
        cursor.execute(
            "SELECT pg_current_snapshot()::text, own::text, seq, token "
            "FROM (SELECT pg_current_xact_id_if_assigned()) AS t (own) "
            f"LEFT JOIN {PREFIX}_change ON transaction = own ORDER BY seq DESC NULLS LAST LIMIT 1"
        )
        snapshot, own, seq, token = cursor.fetchone()
        return Place(seq or 0, token or 0, _without(snapshot, own), own if seq else "")

    def news(self, cursor: CursorWrapper, place: Place, most: int) -> News | None:
        """Return the changes the snapshot of a place did not see.

        None when the tables changed, when the log was cut too far, when a change of the caller's
        own that was read before has been rolled back, or when the place is another server's.
        """
        cursor.execute(
            "SELECT s.now::text, own::text, c.seq, c.token, c.added, c.removed, c.kind, "
            "c.cut::text, c.transaction = own "
            f"FROM {_NOW} LEFT JOIN {PREFIX}_change AS c ON {_SINCE} "
            f"ORDER BY c.seq LIMIT {most}",
            [place.snapshot, place.snapshot],
        )
        rows = cursor.fetchall()
        if len(rows) == most:
            return None
        snapshot, own = rows[0][:2]
        first_unseen, end = _bounds(place.snapshot)
        if end > _bounds(snapshot)[1]:
            return None
        after = Place(place.seq, place.token, _without(snapshot, own), place.transaction)
        news = News(after)
        standing = not place.transaction
        for _now, _own, seq, token, added, removed, kind, cut, mine in rows:
            if seq is None:
                break
            if mine:
                if seq == place.seq:
                    standing = token == place.token
                if seq <= place.seq:
                    continue
                news.place = Place(seq, token, after.snapshot, own)
            if cut is not None:
                if int(cut) >= first_unseen:
                    return None
            elif kind == "":
                return None
            elif added is not None:
                news.added.append(added)
            else:
                news.removed.append(removed)
        return news if standing else None

    def changed(
        self, cursor: CursorWrapper, place: Place, most: int
    ) -> tuple[Place, list[tuple[str, str]]]:
        """Return every (kind, id) pair changed since, and the place after them."""
        cursor.execute(
            "SELECT s.now::text, own::text, c.kind, c.id, c.cut::text "
            f"FROM {_NOW} LEFT JOIN {PREFIX}_change AS c ON {_SINCE} "
            "AND (c.kind <> '' OR c.cut IS NOT NULL)",
            [place.snapshot, place.snapshot],
        )
        rows = cursor.fetchall()
        first_unseen, _end = _bounds(place.snapshot)
        if any(row[4] is not None and int(row[4]) >= first_unseen for row in rows):
            raise OperationalError(CUT)
        after = Place(0, 0, _without(*rows[0][:2]))
        return after, sorted({(row[2], row[3]) for row in rows if row[2]})


def _bounds(snapshot: str) -> tuple[int, int]:
    """Return the first transaction a snapshot may not see, and the first it cannot."""
    least, most, _running = snapshot.split(":")
    return int(least), int(most)


def _without(snapshot: str, own: str | None) -> str:
    """Return a snapshot that does not see the caller's own transaction, which it leaves out itself."""
    if own is None:
        return snapshot
    least, most, running = snapshot.split(":")
    mine = int(own)
    if mine >= int(most):
        return snapshot
    others = sorted({mine, *(int(item) for item in running.split(",") if item)})
    return f"{min(mine, int(least))}:{most}:{','.join(map(str, others))}"
