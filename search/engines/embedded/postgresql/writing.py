"""Writing on PostgreSQL: many at once, and none waits for another.

No order of writing can deadlock: nothing is unique but numbers of sequences, and a version another
transaction is deleting is left to it. Where two wrote the same object at once, who commits last
leaves the later version; who commits first waits for that no more than a moment.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction

from search.engines.embedded.database import COLUMNS, DOC_COLUMNS, PREFIX, TEXT_COLUMNS, Gone, Row
from search.engines.embedded.postgresql import lexemes
from search.engines.embedded.postgresql.loading import HOLDERS, Loader, Values, copy_rows, values_of
from search.engines.embedded.postgresql.reading import Reading
from search.engines.embedded.postgresql.tables import PARTS, Tables
from search.text import Field

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

logger = logging.getLogger("hub.search")

#: Numbers of the advisory lock that writers share and the switch of a rebuild has alone.
_LOCK = 0x68756273
#: Seconds the switch tries to get it, and between two tries. It never queues: writers would behind it.
_PATIENCE = 600
_PAUSE = 0.05
#: How long another transaction is waited for that deletes what this one has written anew: the first time, and
#: when that was in vain.
_FIRST, _NEXT = "2s", "1ms"
#: More rows than these are copied in bulk, table by table.
_COPIED_FROM = 20
#: Documents looked at together for one that still stands.
_LOOKED_AT = 1_000
#: Objects copied at a time from one set to the other.
_COPIED = 500

#: The (kind, id) pairs of a JSON list given as the parameter, as a table.
_KEYS = (
    "(SELECT DISTINCT pair ->> 0 AS kind, pair ->> 1 AS id "
    "FROM json_array_elements(CAST(%s AS json)) AS pair) AS k"
)


def _as_json(keys: Iterable[tuple[str, str]]) -> str:
    """Return (kind, id) pairs as JSON, without those no document here can have."""
    return json.dumps(sorted(key for key in keys if _storable("".join(key))))


def _storable(value: str) -> bool:
    return value.encode("utf-8", "ignore").replace(b"\0", b"") == value.encode(
        "utf-8", "surrogatepass"
    )


def _copied(ordinal: int, held: tuple[Any, ...]) -> Row:
    """Return a document read from the other set under a new row number."""
    at = len(DOC_COLUMNS) - 1
    doc, texts, words = held[:at], held[at : -len(COLUMNS)], held[-len(COLUMNS) :]
    title, summary, body = (
        Field(folded, marked, 0) for folded, marked in zip(words[:3], words[3:], strict=True)
    )
    return Row((ordinal, *doc), (ordinal, *texts), (title, summary, body))


class Writing(Tables, Reading):
    """Writing documents into a set."""

    def begin(self, cursor: CursorWrapper) -> None:
        """Begin a transaction on a connection made beside Django's own."""
        cursor.execute("BEGIN")

    def join(self, cursor: CursorWrapper) -> None:
        """Take a share of the lock that the switch of a rebuild waits for."""
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])

    def exclude(self, cursor: CursorWrapper) -> None:
        """Take the lock alone when no writer has a share of it.

        Raise `OperationalError` when there has been one all the time for ten minutes.
        """
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if cursor.fetchone()[0]:
                return
            time.sleep(_PAUSE)
        raise OperationalError("search index: writers leave no moment for the switch")

    def ordinals(self, cursor: CursorWrapper, name: str, count: int) -> list[int]:
        """Return numbers of the set's sequence: a rolled-back one is never given again."""
        cursor.execute(
            f"SELECT nextval('{PREFIX}_ordinal_{name}') FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]

    def loader(self, name: str) -> Loader:
        """Return what fills a set made in bulk."""
        return Loader(name)

    def insert(self, cursor: CursorWrapper, name: str, rows: Sequence[Row]) -> None:
        """Write documents."""
        vectors: list[tuple[Any, ...]] = []
        vocabulary: dict[str, list[int]] = {}
        for row in rows:
            vector, words = lexemes.vector(row.levels)
            vectors.append((row.ordinal, vector))
            for word in words:
                vocabulary.setdefault(word, []).append(row.ordinal)
        values = values_of(rows) | {"vector": (("ordinal", "words"), vectors)}
        if len(rows) > _COPIED_FROM:
            for table, (columns, items) in values.items():
                copy_rows(cursor, f"{PREFIX}_{table}_{name}", columns, items)
        elif rows:
            self._insert_few(cursor, name, values)
        self._learn(cursor, name, vocabulary)

    def _learn(self, cursor: CursorWrapper, name: str, holders: Mapping[str, list[int]]) -> None:
        """Note some documents of each word that few are noted of."""
        pairs = [(word, item) for word, items in holders.items() for item in items[:HOLDERS]]
        # The words' rows are counted in one pass: few stand there of each, however common it is.
        cursor.execute(
            f"INSERT INTO {PREFIX}_vocabulary_{name} (term, ordinal) SELECT n.term, n.ordinal "
            "FROM unnest(%s::text[], %s::integer[]) AS n (term, ordinal) LEFT JOIN "
            f"(SELECT v.term, count(*) AS documents FROM {PREFIX}_vocabulary_{name} AS v "
            "WHERE v.term = ANY(%s::text[]) GROUP BY v.term) AS known USING (term) "
            f"WHERE known.documents IS NULL OR known.documents < {HOLDERS}",
            [
                [word for word, _item in pairs],
                [item for _word, item in pairs],
                list(holders),
            ],
        )

    def _unlearn(self, cursor: CursorWrapper, name: str, ordinals: list[int]) -> None:
        """Forget the words only these documents had, which are gone from the other tables."""
        cursor.execute(
            f"WITH gone AS (DELETE FROM {PREFIX}_vocabulary_{name} "
            "WHERE ordinal = ANY(%s::integer[]) RETURNING term) SELECT DISTINCT term FROM gone "
            f"WHERE NOT EXISTS (SELECT FROM {PREFIX}_vocabulary_{name} AS v "
            "WHERE v.term = gone.term AND v.ordinal <> ALL(%s::integer[]))",
            [ordinals, ordinals],
        )
        words = [row[0] for row in cursor.fetchall()]
        if words:
            held = self._held(cursor, name, words)
            self._learn(
                cursor,
                name,
                {word: self._standing(cursor, name, list(found)) for word, found in held.items()},
            )

    def _standing(self, cursor: CursorWrapper, name: str, ordinals: list[int]) -> list[int]:
        """Return a few of the documents that still stand, the newest first."""
        for end in range(len(ordinals), 0, -_LOOKED_AT):
            cursor.execute(
                f"SELECT ordinal FROM {PREFIX}_doc_{name} WHERE ordinal = ANY(%s::integer[]) "
                f"ORDER BY ordinal DESC LIMIT {HOLDERS}",
                [ordinals[max(0, end - _LOOKED_AT) : end]],
            )
            if found := [row[0] for row in cursor.fetchall()]:
                return found
        return []

    def _insert_few(self, cursor: CursorWrapper, name: str, values: Values) -> None:
        """Write some rows into every table with one statement: one answer to wait for."""
        statements, parameters = [], []
        for table, (columns, items) in values.items():
            row = "(" + ", ".join(["%s"] * len(columns)) + ")"
            statements.append(
                f"{table} AS (INSERT INTO {PREFIX}_{table}_{name} ({', '.join(columns)}) "
                f"VALUES {', '.join([row] * len(items))})"
            )
            parameters += [value for item in items for value in item]
        cursor.execute(f"WITH {', '.join(statements)} SELECT", parameters)

    def remove(
        self, cursor: CursorWrapper, name: str, keys: Iterable[tuple[str, str]]
    ) -> list[Gone]:
        """Delete the documents of the (kind, id) pairs; return what went.

        A version another transaction is deleting is left to it, so that nobody waits.
        """
        cursor.execute(
            f"DELETE FROM {PREFIX}_doc_{name} WHERE ordinal IN ("
            f"SELECT d.ordinal FROM {_KEYS} JOIN {PREFIX}_doc_{name} AS d USING (kind, id) "
            "FOR UPDATE OF d SKIP LOCKED) RETURNING ordinal, kind, id",
            [_as_json(keys)],
        )
        gone: list[Gone] = sorted(cursor.fetchall())
        if gone:
            ordinals = [row[0] for row in gone]
            self._delete(cursor, name, PARTS, ordinals)
            self._unlearn(cursor, name, ordinals)
        return gone

    def copy(
        self, cursor: CursorWrapper, source: str, target: str, keys: Sequence[tuple[str, str]]
    ) -> None:
        """Bring the documents of the keys in one set to what the other holds."""
        columns = [
            *(f"d.{column}" for column in DOC_COLUMNS[1:]),
            *(f"t.{column}" for column in TEXT_COLUMNS[1:]),
            *(f"w.{column}" for column in COLUMNS),
        ]
        for start in range(0, len(keys), _COPIED):
            part = keys[start : start + _COPIED]
            self.remove(cursor, target, part)
            cursor.execute(
                f"SELECT {', '.join(columns)} FROM {_KEYS} "
                f"JOIN {PREFIX}_doc_{source} AS d USING (kind, id) "
                f"JOIN {PREFIX}_text_{source} AS t ON t.ordinal = d.ordinal "
                f"JOIN {PREFIX}_words_{source} AS w ON w.ordinal = d.ordinal ORDER BY d.ordinal",
                [_as_json(part)],
            )
            held = cursor.fetchall()
            numbers = self.ordinals(cursor, target, len(held))
            self.insert(cursor, target, list(map(_copied, numbers, held)))

    def settle(self, connection: BaseDatabaseWrapper, keys: Iterable[tuple[str, str]]) -> None:
        """After the commit, leave one version of what another transaction wrote at the same time."""
        written = _as_json(keys)
        transaction.on_commit(
            lambda: self._leave_one(connection, written), using=connection.alias, robust=True
        )

    def _leave_one(self, connection: BaseDatabaseWrapper, keys: str) -> None:
        from search.engines.embedded.store import active_set, writing

        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT kind, id FROM {_KEYS} JOIN {PREFIX}_doc_{active_set(cursor)} "
                "USING (kind, id) GROUP BY kind, id, language HAVING count(*) > 1",
                [keys],
            )
            doubled = sorted(set(cursor.fetchall()))
        wait = _FIRST
        for key in doubled:
            try:
                with writing(connection) as cursor:
                    self._leave_latest(cursor, key, wait)
            except OperationalError:
                # Whoever holds it leaves one when it commits.
                logger.warning(
                    "%s %s đang được giao dịch khác ghi; nếu giao dịch ấy bỏ dở, search_check --fix bỏ bản thừa",
                    *key,
                )
                wait = _NEXT

    def _leave_latest(self, cursor: CursorWrapper, key: tuple[str, str], wait: str) -> None:
        from search.engines.embedded.store import LOG_LENGTH, active_set

        self.join(cursor)
        name = active_set(cursor)
        # Waits a little for who is deleting one of them; nobody waits for this transaction.
        cursor.execute(f"SET LOCAL lock_timeout = '{wait}'")
        cursor.execute(
            f"SELECT ordinal, language FROM {PREFIX}_doc_{name} "
            "WHERE kind = %s AND id = %s ORDER BY ordinal FOR UPDATE",
            key,
        )
        rows = cursor.fetchall()
        latest = {language: ordinal for ordinal, language in rows}
        older = [ordinal for ordinal, language in rows if ordinal != latest[language]]
        if older:
            self._delete(cursor, name, ("doc", *PARTS), older)
            self._unlearn(cursor, name, older)
            self.log(cursor, [(None, ordinal, *key) for ordinal in older], LOG_LENGTH)

    def _delete(
        self, cursor: CursorWrapper, name: str, parts: Iterable[str], ordinals: list[int]
    ) -> None:
        tables = [f"{PREFIX}_{table}_{name}" for table in parts]
        deletes = [
            f"t{place} AS (DELETE FROM {table} WHERE ordinal = ANY(%s::integer[]))"
            for place, table in enumerate(tables)
        ]
        cursor.execute(f"WITH {', '.join(deletes)} SELECT", [ordinals] * len(deletes))
