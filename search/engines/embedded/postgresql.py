"""The engine's form on PostgreSQL: a `tsvector` of our own per document under a GIN index.

Writers never wait for each other, so no order of writing can deadlock: nothing is unique but numbers
of sequences, and a version another transaction is deleting is left to it. Changes are noted with
their transaction, and a reader asks for those its last snapshot did not see: numbers of the log may
be committed in any order, and what is rolled back was never seen.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, ProgrammingError

from search import text
from search.engines.embedded import lexemes
from search.engines.embedded.database import (
    COLUMNS,
    DOC_COLUMNS,
    PREFIX,
    TEXT_COLUMNS,
    WEIGHTS,
    Change,
    Gone,
    Lengths,
    News,
    Place,
    Row,
    byte_of,
)

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.memory import Memory
    from search.planner import Term

_TEXT = 'TEXT COLLATE "C" NOT NULL'
_COMMON = (
    f"CREATE TABLE {PREFIX}_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    f"""CREATE TABLE {PREFIX}_change (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        transaction XID8 NOT NULL DEFAULT pg_current_xact_id(),
        token BIGINT NOT NULL,
        added INTEGER,
        removed INTEGER,
        kind {_TEXT} DEFAULT '',
        id {_TEXT} DEFAULT '',
        -- Of the row that notes a cut: the latest transaction whose changes were cut off.
        cut XID8
    )""",
    f"CREATE INDEX {PREFIX}_transaction ON {PREFIX}_change (transaction)",
)
_SET = (
    "CREATE SEQUENCE {p}_ordinal_{s} AS INTEGER",
    f"""CREATE TABLE {{p}}_doc_{{s}} (
        ordinal INTEGER NOT NULL,
        kind {_TEXT},
        id {_TEXT},
        language {_TEXT},
        collapse_key {_TEXT},
        confirmed INTEGER NOT NULL,
        readiness INTEGER NOT NULL,
        sort_title {_TEXT},
        facets {_TEXT},
        length INTEGER NOT NULL
    )""",
    """CREATE TABLE {p}_text_{s} (
        ordinal INTEGER NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body TEXT NOT NULL,
        keywords TEXT NOT NULL,
        url TEXT NOT NULL,
        confirmed_on TEXT,
        is_demo INTEGER NOT NULL,
        payload TEXT NOT NULL
    )""",
    # The words as they were analysed: for phrases of three words and more, and for new documents.
    "CREATE TABLE {p}_words_{s} (ordinal INTEGER NOT NULL, "
    + ", ".join(f"{column} {_TEXT}" for column in COLUMNS)
    + ")",
    # The vectors are only looked up through their index: kept out of the rows, these stay few pages.
    "CREATE TABLE {p}_vector_{s} (ordinal INTEGER NOT NULL, words TSVECTOR NOT NULL) "
    "WITH (toast_tuple_target = 128)",
    # Titles alone, for the autocomplete.
    "CREATE TABLE {p}_head_{s} (ordinal INTEGER NOT NULL, words TSVECTOR NOT NULL)",
    # Not unique: who writes the same new word does not wait. A word stays when its documents go.
    f"CREATE TABLE {{p}}_vocabulary_{{s}} (term {_TEXT})",
    "CREATE INDEX {p}_term_{s} ON {p}_vocabulary_{s} (term)",
    # Each lookup by the index, whatever the planner thinks of words it has no statistics of.
    """CREATE FUNCTION {p}_find_{s}(wanted TEXT[]) RETURNS TABLE (place BIGINT, found BYTEA)
        LANGUAGE sql STABLE SET enable_seqscan TO off AS $$
            SELECT w.place, f.found
            FROM unnest(wanted) WITH ORDINALITY AS w (query, place)
            CROSS JOIN LATERAL (
                SELECT string_agg(int4send(v.ordinal), ''::bytea) AS found
                FROM {p}_vector_{s} AS v WHERE v.words @@ CAST(w.query AS tsquery)
            ) AS f
            WHERE f.found IS NOT NULL
        $$""",
)
_INDEXES = (
    "CREATE UNIQUE INDEX {p}_doc_key_{s} ON {p}_doc_{s} (ordinal)",
    "CREATE INDEX {p}_object_{s} ON {p}_doc_{s} (kind, id)",
    "CREATE INDEX {p}_confirmed_{s} ON {p}_doc_{s} (confirmed, ordinal)",
    "CREATE INDEX {p}_readiness_{s} ON {p}_doc_{s} (readiness, confirmed, ordinal)",
    "CREATE INDEX {p}_sort_title_{s} ON {p}_doc_{s} (sort_title, ordinal)",
    "CREATE UNIQUE INDEX {p}_text_key_{s} ON {p}_text_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_words_key_{s} ON {p}_words_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_vector_key_{s} ON {p}_vector_{s} (ordinal)",
    "CREATE UNIQUE INDEX {p}_head_key_{s} ON {p}_head_{s} (ordinal)",
    # Without the list of pending entries, which every search would read through.
    "CREATE INDEX {p}_head_words_{s} ON {p}_head_{s} USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX {p}_vector_words_{s} ON {p}_vector_{s} USING gin (words) WITH (fastupdate = off)",
)
_NAMES = ("vocabulary", "head", "vector", "words", "text", "doc")
#: Numbers of the advisory lock that writers share and the switch of a rebuild has alone.
_LOCK = 0x68756273
#: Seconds the switch tries to get it, and between two tries. It never queues: writers would behind it.
_PATIENCE = 600
_PAUSE = 0.05
#: Words a beginning is completed to; more than these together count as one word.
_MOST_WORDS = 1_000
_FEW_WORDS = 24


class PostgreSQL:
    """Many writers: numbers come from sequences, changes are told apart by transaction."""

    among = "(SELECT value::integer FROM json_array_elements_text(CAST(%s AS json)))"
    dropped: tuple[type[Exception], ...] = (ProgrammingError,)

    # Tables -------------------------------------------------------------------------------------

    def form(self) -> str:
        """Return a digest of the tables, of the lexemes and of the text analysis."""
        parts = (*_COMMON, *_SET, *_INDEXES, str(lexemes.VERSION), str(text.ANALYSIS_VERSION))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def create_common(self, cursor: CursorWrapper) -> None:
        """Make the tables both sets share anew, the log with one row in it."""
        for table in ("change", "meta"):
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}")
        for statement in _COMMON:
            cursor.execute(statement)
        self.log(cursor, [(None, None, "", "")], 0)

    def create_set(self, cursor: CursorWrapper, name: str, *, bulk: bool = False) -> None:
        """Make the tables of a set; in bulk the indexes wait for `finish`."""
        self.drop_set(cursor, name)
        for statement in _SET if bulk else (*_SET, *_INDEXES):
            cursor.execute(statement.format(p=PREFIX, s=name))

    def drop_set(self, cursor: CursorWrapper, name: str) -> None:
        """Remove the tables of a set, if there are any."""
        cursor.execute(f"DROP FUNCTION IF EXISTS {PREFIX}_find_{name}")
        for table in _NAMES:
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}_{name}")
        cursor.execute(f"DROP SEQUENCE IF EXISTS {PREFIX}_ordinal_{name}")

    def finish(self, cursor: CursorWrapper, name: str, step: int) -> bool:
        """Make one of the indexes, then let the planner know the tables."""
        if step < len(_INDEXES):
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            cursor.execute(_INDEXES[step].format(p=PREFIX, s=name))
            return True
        for table in _NAMES:
            cursor.execute(f"ANALYZE {PREFIX}_{table}_{name}")
        return False

    # Writing ------------------------------------------------------------------------------------

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

    def insert(self, cursor: CursorWrapper, name: str, rows: Sequence[Row]) -> None:
        """Write documents."""
        vectors = []
        vocabulary: dict[str, None] = {}
        for row in rows:
            vector, words = lexemes.vector(row.levels)
            vectors.append((row.ordinal, vector))
            vocabulary |= dict.fromkeys(words)
        values: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
            "doc": (
                (*DOC_COLUMNS, "length"),
                [(*row.doc, sum(len(item.split()) for item in row.columns)) for row in rows],
            ),
            "text": (TEXT_COLUMNS, [row.text for row in rows]),
            "words": (("ordinal", *COLUMNS), [(row.ordinal, *row.columns) for row in rows]),
            "vector": (("ordinal", "words"), vectors),
            "head": (
                ("ordinal", "words"),
                [(row.ordinal, lexemes.head(row.levels[0])) for row in rows],
            ),
        }
        for table, (columns, items) in values.items():
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {PREFIX}_{table}_{name} ({', '.join(columns)}) VALUES ({marks})",
                items,
            )
        cursor.execute(
            f"INSERT INTO {PREFIX}_vocabulary_{name} (term) SELECT n.term FROM unnest(%s::text[]) AS n (term) "
            f"WHERE NOT EXISTS (SELECT FROM {PREFIX}_vocabulary_{name} AS v WHERE v.term = n.term)",
            [list(vocabulary)],
        )

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
            for table in ("text", "words", "vector", "head"):
                cursor.execute(
                    f"DELETE FROM {PREFIX}_{table}_{name} WHERE ordinal = ANY(%s::integer[])",
                    [ordinals],
                )
        return gone

    def copy(
        self, cursor: CursorWrapper, source: str, target: str, keys: Sequence[tuple[str, str]]
    ) -> None:
        """Bring the documents of the keys in one set to what the other holds."""
        self.remove(cursor, target, keys)
        cursor.execute(
            f"SELECT d.ordinal FROM {_KEYS} JOIN {PREFIX}_doc_{source} AS d USING (kind, id) "
            "ORDER BY d.ordinal",
            [_as_json(keys)],
        )
        old = [row[0] for row in cursor.fetchall()]
        new = self.ordinals(cursor, target, len(old))
        for table, columns in (
            ("doc", (*DOC_COLUMNS[1:], "length")),
            ("text", TEXT_COLUMNS[1:]),
            ("words", COLUMNS),
            ("vector", ("words",)),
            ("head", ("words",)),
        ):
            names = ", ".join(columns)
            cursor.execute(
                f"INSERT INTO {PREFIX}_{table}_{target} (ordinal, {names}) "
                f"SELECT n.new, {names} FROM unnest(%s::integer[], %s::integer[]) AS n (old, new) "
                f"JOIN {PREFIX}_{table}_{source} ON ordinal = n.old",
                [old, new],
            )
        # The vocabulary of the new documents, from those that answer.
        cursor.execute(
            f"INSERT INTO {PREFIX}_vocabulary_{target} (term) "
            f"SELECT DISTINCT split_part(lexeme, %s, 1) FROM {PREFIX}_vector_{target}, "
            f"unnest(words) WHERE ordinal = ANY(%s::integer[]) AND position(' ' IN lexeme) = 0 "
            f"AND NOT EXISTS (SELECT FROM {PREFIX}_vocabulary_{target} "
            "WHERE term = split_part(lexeme, %s, 1))",
            [lexemes.BEHIND, new, lexemes.BEHIND],
        )

    def log(self, cursor: CursorWrapper, changes: Sequence[Change], keep: int) -> None:
        """Note changes; the cut leaves a row that tells how far it went."""
        cursor.executemany(
            f"INSERT INTO {PREFIX}_change (token, added, removed, kind, id) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(secrets.randbits(62), *change) for change in changes],
        )
        cursor.execute(f"SELECT max(seq) FROM {PREFIX}_change")
        last = cursor.fetchone()[0]
        if last // 1_000 != (last - len(changes)) // 1_000:
            self._cut(cursor, last - keep)

    def _cut(self, cursor: CursorWrapper, bound: int) -> None:
        """Delete changes below a number that every later snapshot sees, unless a rebuild needs them."""
        cursor.execute(
            f"WITH old AS (SELECT seq FROM {PREFIX}_change WHERE seq < %s "
            "AND transaction < pg_snapshot_xmin(pg_current_snapshot()) "
            f"AND NOT EXISTS (SELECT FROM {PREFIX}_meta WHERE name = 'rebuild_from') "
            f"FOR UPDATE SKIP LOCKED), cut AS (DELETE FROM {PREFIX}_change AS c USING old "
            "WHERE c.seq = old.seq RETURNING c.transaction) "
            f"INSERT INTO {PREFIX}_change (token, cut) "
            "SELECT %s, transaction FROM cut ORDER BY transaction DESC LIMIT 1",
            [bound, secrets.randbits(62)],
        )

    # The log ------------------------------------------------------------------------------------

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

        None when the tables changed, when the log was cut too far, or when a change of the caller's
        own that was read before has been rolled back.
        """
        cursor.execute(
            "SELECT s.now::text, own::text, c.seq, c.token, c.added, c.removed, c.kind, "
            "c.cut::text, c.transaction = own "
            "FROM (SELECT pg_current_snapshot(), pg_current_xact_id_if_assigned()) AS s (now, own) "
            f"LEFT JOIN {PREFIX}_change AS c "
            "ON c.transaction >= pg_snapshot_xmin(CAST(%s AS pg_snapshot)) "
            "AND NOT pg_visible_in_snapshot(c.transaction, CAST(%s AS pg_snapshot)) "
            f"ORDER BY c.seq LIMIT {most}",
            [place.snapshot, place.snapshot],
        )
        rows = cursor.fetchall()
        if len(rows) == most:
            return None
        snapshot, own = rows[0][:2]
        first_unseen = int(place.snapshot.partition(":")[0])
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
            "SELECT s.now::text, own::text, c.kind, c.id "
            "FROM (SELECT pg_current_snapshot(), pg_current_xact_id_if_assigned()) AS s (now, own) "
            f"LEFT JOIN {PREFIX}_change AS c "
            "ON c.transaction >= pg_snapshot_xmin(CAST(%s AS pg_snapshot)) "
            "AND NOT pg_visible_in_snapshot(c.transaction, CAST(%s AS pg_snapshot)) "
            "AND c.kind <> ''",
            [place.snapshot, place.snapshot],
        )
        rows = cursor.fetchall()
        after = Place(0, 0, _without(*rows[0][:2]))
        return after, sorted({(row[2], row[3]) for row in rows if row[2] is not None})

    # Reading ------------------------------------------------------------------------------------

    def documents(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, str, str, int, str, int]]:
        """Yield ordinal, kind, language, collapse key, day, facets and length, by row number."""
        where = "" if ordinals is None else "WHERE ordinal = ANY(%s::integer[]) "
        cursor.execute(
            "SELECT ordinal, kind, language, collapse_key, confirmed, facets, length "
            f"FROM {PREFIX}_doc_{name} {where}ORDER BY ordinal",
            [] if ordinals is None else [list(ordinals)],
        )
        yield from cursor

    def holders(self, cursor: CursorWrapper, name: str, term: Term) -> list[int]:
        """Return the documents of a term, in order."""
        found = self._find(cursor, name, [lexemes.present(term)]).get(0, array("I"))
        if len(term.words) > 2:
            return [row[0] for row in self._phrases(cursor, name, term, found)]
        return sorted(found)

    def scored(
        self, cursor: CursorWrapper, name: str, term: Term, lengths: Lengths
    ) -> tuple[list[int], bytearray]:
        """Return the documents of a term, in order, and the byte of each (`byte_of`)."""
        frequencies: dict[int, int]
        if len(term.words) > 2 or (term.prefix and len(term.words) > 1):
            candidates = self._find(cursor, name, [lexemes.present(term)]).get(0, array("I"))
            frequencies = dict(self._phrases(cursor, name, term, candidates))
        elif term.prefix:
            frequencies = self._completed(cursor, name, term)
        else:
            frequencies = self._frequencies(cursor, name, [[lexemes.name(term)]])
        ordinals = sorted(frequencies)
        scores = bytearray(
            byte_of(frequencies[ordinal], relative)
            for ordinal, relative in zip(ordinals, lengths.relative(ordinals), strict=True)
        )
        return ordinals, scores

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
        steps = len(lexemes.FREQUENCIES)
        total: dict[int, int] = {}
        for place, ordinals in self._find(cursor, name, queries).items():
            frequency = lexemes.FREQUENCIES[place % steps]
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
            f"SELECT DISTINCT term FROM {PREFIX}_vocabulary_{name} "
            f"WHERE term >= %s AND term < %s LIMIT {_MOST_WORDS}",
            [beginning, beginning + chr(sys.maxunicode)],
        )
        names = [row[0] for row in cursor.fetchall()]
        if not names:
            return {}
        groups = [[item] for item in names] if len(names) <= _FEW_WORDS else [names]
        found = self._frequencies(cursor, name, groups)
        for ordinal in self._find(cursor, name, [lexemes.present(term)]).get(0, ()):
            found.setdefault(ordinal, 1)
        return found

    def _phrases(
        self, cursor: CursorWrapper, name: str, term: Term, candidates: Sequence[int]
    ) -> list[tuple[int, int]]:
        """Return those of the candidates that hold the phrase, in order, and how often."""
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
        cursor.execute(
            f"SELECT ordinal, times FROM (SELECT ordinal, {count} AS times FROM ("
            f"SELECT ordinal, {spaced} FROM {PREFIX}_words_{name} WHERE ordinal = ANY(%s::integer[])"
            ") AS texts) AS counted WHERE times > 0 ORDER BY ordinal",
            [*[wanted, len(wanted)] * len(WEIGHTS), list(candidates)],
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
        from search.planner import Term

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

    def titles(self, cursor: CursorWrapper, name: str, words: list[str], most: int) -> list[int]:
        """Return documents whose titles have every word, the last as a beginning, newest first."""
        cursor.execute(
            f"SELECT ordinal FROM {PREFIX}_head_{name} WHERE words @@ CAST(%s AS tsquery) "
            f"ORDER BY ordinal DESC LIMIT {most}",
            [lexemes.beginning(words)],
        )
        return [row[0] for row in cursor.fetchall()]

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
