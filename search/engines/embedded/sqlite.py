"""The engine's form on SQLite: FTS5 for words, its `bm25()` for scores."""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import OperationalError

from search import text
from search.engines.embedded import lease
from search.engines.embedded.database import (
    COLUMNS,
    CUT,
    DOC_COLUMNS,
    LEVELS,
    PREFIX,
    TEXT_COLUMNS,
    TOP_SCORE,
    WEIGHTS,
    Change,
    Gone,
    Lengths,
    News,
    Place,
    Row,
)

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.memory import Memory
    from search.planner import Term

_COMMON = (
    f"CREATE TABLE {PREFIX}_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    f"""CREATE TABLE {PREFIX}_change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        token INTEGER NOT NULL,
        added INTEGER,
        removed INTEGER,
        kind TEXT NOT NULL DEFAULT '',
        id TEXT NOT NULL DEFAULT ''
    )""",
)
_SET = (
    # Small columns, read whole when a process starts; the texts stand in a table of their own.
    """CREATE TABLE {p}_doc_{s} (
        ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        language TEXT NOT NULL,
        collapse_key TEXT NOT NULL,
        confirmed INTEGER NOT NULL,
        readiness INTEGER NOT NULL,
        verified INTEGER NOT NULL,
        sort_title TEXT NOT NULL,
        facets TEXT NOT NULL,
        UNIQUE (kind, id, language)
    )""",
    "CREATE INDEX {p}_confirmed_{s} ON {p}_doc_{s} (confirmed, ordinal)",
    "CREATE INDEX {p}_readiness_{s} ON {p}_doc_{s} (readiness, confirmed, ordinal)",
    "CREATE INDEX {p}_sort_title_{s} ON {p}_doc_{s} (sort_title, ordinal)",
    """CREATE TABLE {p}_text_{s} (
        ordinal INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body TEXT NOT NULL,
        keywords TEXT NOT NULL,
        url TEXT NOT NULL,
        confirmed_on TEXT,
        is_demo INTEGER NOT NULL,
        payload TEXT NOT NULL
    )""",
    "CREATE VIRTUAL TABLE {p}_fts_{s} USING fts5("
    + ", ".join(COLUMNS)
    + ", tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co'\")",
    # Titles alone, for the autocomplete: small, with the beginnings of words indexed.
    "CREATE VIRTUAL TABLE {p}_head_{s} USING fts5("
    "title, detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE {p}_vocabulary_{s} USING fts5vocab('{p}_fts_{s}', 'row')",
)
_NAMES = ("vocabulary", "head", "fts", "text", "doc")
#: The tables of a set with their columns, the row number first.
_COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "doc": DOC_COLUMNS,
    "text": TEXT_COLUMNS,
    "fts": ("rowid", *COLUMNS),
    "head": ("rowid", "title"),
}

_FOLDED_FILTER = "{" + " ".join(LEVELS) + "}"
_MARKED_FILTER = "{" + " ".join(f"{level}_marked" for level in LEVELS) + "}"
_WEIGHTS = ", ".join(f"{weight:.1f}" for weight in WEIGHTS * 2)
#: Pages FTS5 merges per step after the bulk, so that writers wait for milliseconds only.
_MERGE_PAGES = 400
_MERGE_STEPS = 2_000


def match_expression(term: Term) -> str:
    """Return the FTS5 query of a term, every word quoted."""
    quoted = " ".join(word.replace('"', '""') for word in term.words)
    columns = _MARKED_FILTER if term.marked else _FOLDED_FILTER
    return f'{columns} : "{quoted}"' + (" *" if term.prefix else "")


class _Loader:
    """FTS5 is filled the same way in bulk and one by one."""

    def __init__(self, database: SQLite, name: str) -> None:
        self._database = database
        self._name = name

    def add(self, cursor: CursorWrapper, rows: Sequence[Row]) -> None:
        """Write documents."""
        self._database.insert(cursor, self._name, rows)

    def end(self, cursor: CursorWrapper) -> None:
        """Do nothing: nothing was held back."""


class SQLite:
    """One writer at a time: numbers are given, and changes noted, in the order of commits."""

    among = "(SELECT value FROM json_each(%s))"
    dropped: tuple[type[Exception], ...] = (OperationalError,)
    goes_on = True

    # Tables -------------------------------------------------------------------------------------

    def form(self) -> str:
        """Return a digest of the tables and of the text analysis."""
        made = "\n".join((*_COMMON, *_SET, str(text.ANALYSIS_VERSION)))
        return hashlib.sha256(made.encode()).hexdigest()[:16]

    def create_common(self, cursor: CursorWrapper) -> None:
        """Make the tables both sets share anew, the log with one row in it."""
        for table in ("change", "meta"):
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}")
        for statement in _COMMON:
            cursor.execute(statement)
        # The log is never empty: readers check that the row they read last is still the same.
        self.log(cursor, [(None, None, "", "")], 0)

    def create_set(self, cursor: CursorWrapper, name: str, *, bulk: bool = False) -> None:
        """Make the tables of a set; FTS5 is filled the same way in bulk and one by one."""
        self.drop_set(cursor, name)
        for statement in _SET:
            cursor.execute(statement.format(p=PREFIX, s=name))

    def drop_set(self, cursor: CursorWrapper, name: str) -> None:
        """Remove the tables of a set, if there are any."""
        for table in _NAMES:
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}_{name}")

    # Writing ------------------------------------------------------------------------------------

    def begin(self, cursor: CursorWrapper) -> None:
        """Begin a writing transaction at once: a reading one could not become it later."""
        cursor.execute("BEGIN IMMEDIATE")

    def join(self, cursor: CursorWrapper) -> None:
        """Do nothing: a writing transaction is alone."""

    def exclude(self, cursor: CursorWrapper) -> None:
        """Do nothing: a writing transaction is alone."""

    def ordinals(self, cursor: CursorWrapper, name: str, count: int) -> list[int]:
        """Return the numbers after the highest one ever given in the set."""
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [f"{PREFIX}_doc_{name}"])
        row = cursor.fetchone()
        first = int(row[0]) + 1 if row else 1
        return list(range(first, first + count))

    def insert(self, cursor: CursorWrapper, name: str, rows: Sequence[Row]) -> None:
        """Write documents."""
        values: dict[str, list[tuple[Any, ...]]] = {
            "doc": [row.doc for row in rows],
            "text": [row.text for row in rows],
            "fts": [(row.ordinal, *row.columns) for row in rows],
            "head": [(row.ordinal, row.levels[0].folded) for row in rows],
        }
        for table, columns in _COLUMNS_OF.items():
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {PREFIX}_{table}_{name} ({', '.join(columns)}) VALUES ({marks})",
                values[table],
            )

    def loader(self, name: str) -> _Loader:
        """Return what fills a set."""
        return _Loader(self, name)

    def remove(
        self, cursor: CursorWrapper, name: str, keys: Iterable[tuple[str, str]]
    ) -> list[Gone]:
        """Delete the documents of the (kind, id) pairs; return what went."""
        gone = self._of_keys(cursor, name, keys)
        ordinals = [(row[0],) for row in gone]
        if ordinals:
            for table, columns in _COLUMNS_OF.items():
                cursor.executemany(
                    f"DELETE FROM {PREFIX}_{table}_{name} WHERE {columns[0]} = %s", ordinals
                )
        return gone

    def _of_keys(
        self, cursor: CursorWrapper, name: str, keys: Iterable[tuple[str, str]]
    ) -> list[Gone]:
        cursor.execute(
            f"SELECT d.ordinal, d.kind, d.id FROM json_each(%s) AS k "
            f"JOIN {PREFIX}_doc_{name} AS d "
            "ON d.kind = json_extract(k.value, '$[0]') AND d.id = json_extract(k.value, '$[1]') "
            "ORDER BY d.ordinal",
            [json.dumps(sorted(keys))],
        )
        return list(cursor.fetchall())

    def settle(self, connection: BaseDatabaseWrapper, keys: Iterable[tuple[str, str]]) -> None:
        """Do nothing: a writing transaction is alone."""

    def copy(
        self, cursor: CursorWrapper, source: str, target: str, keys: Sequence[tuple[str, str]]
    ) -> None:
        """Bring the documents of the keys in one set to what the other holds."""
        self.remove(cursor, target, keys)
        standing = self._of_keys(cursor, source, keys)
        fresh = self.ordinals(cursor, target, len(standing))
        for (old, _kind, _id), new in zip(standing, fresh, strict=True):
            for table, columns in _COLUMNS_OF.items():
                key, *rest = columns
                names = ", ".join(rest)
                cursor.execute(
                    f"INSERT INTO {PREFIX}_{table}_{target} ({key}, {names}) "
                    f"SELECT %s, {names} FROM {PREFIX}_{table}_{source} WHERE {key} = %s",
                    [new, old],
                )

    def log(self, cursor: CursorWrapper, changes: Sequence[Change], keep: int) -> None:
        """Note changes, each with a random token.

        The token tells a process that remembers a rolled-back change that the row it read is another.
        """
        cursor.executemany(
            f"INSERT INTO {PREFIX}_change (token, added, removed, kind, id) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(secrets.randbits(62), *change) for change in changes],
        )
        cursor.execute(f"SELECT max(seq) FROM {PREFIX}_change")
        last = cursor.fetchone()[0]
        if last // 1_000 != (last - len(changes)) // 1_000 and not lease.moves(cursor):
            cursor.execute(f"DELETE FROM {PREFIX}_change WHERE seq < %s", [last - keep])

    def drop_foreign(self, cursor: CursorWrapper) -> None:
        """Do nothing: the order of the log is that of its own numbers, in whatever file."""

    def finish(self, cursor: CursorWrapper, name: str, step: int) -> bool:
        """Merge some of what the batches left; FTS5 reports no change when all is merged."""
        table = f"{PREFIX}_fts_{name}"
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        # The first, negative one asks for all segments to become one.
        pages = _MERGE_PAGES if step else -_MERGE_PAGES
        cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        return bool(cursor.fetchone()[0] - before >= 2 and step < _MERGE_STEPS)

    # The log ------------------------------------------------------------------------------------

    def own(self, connection: BaseDatabaseWrapper) -> str:
        """Return nothing: the tokens tell whether a remembered change was rolled back."""
        return ""

    def place(self, cursor: CursorWrapper) -> Place:
        """Return the log's last row."""
        cursor.execute(f"SELECT seq, token FROM {PREFIX}_change ORDER BY seq DESC LIMIT 1")
        return Place(*cursor.fetchone())

    def news(self, cursor: CursorWrapper, place: Place, most: int) -> News | None:
        """Return the changes after a row, if that row is still there with its token."""
        cursor.execute(
            f"SELECT seq, token, added, removed, kind FROM {PREFIX}_change "
            f"WHERE seq >= %s ORDER BY seq LIMIT {most}",
            [place.seq],
        )
        rows = cursor.fetchall()
        if not rows or rows[0][:2] != (place.seq, place.token) or len(rows) == most:
            return None
        if any(row[4] == "" for row in rows[1:]):
            return None
        return News(
            Place(*rows[-1][:2]),
            [row[2] for row in rows[1:] if row[2] is not None],
            [row[3] for row in rows[1:] if row[3] is not None],
        )

    def changed(
        self, cursor: CursorWrapper, place: Place, most: int
    ) -> tuple[Place, list[tuple[str, str]]]:
        """Return (kind, id) pairs changed since, and the place after them; fewer than `most` are all."""
        keys: set[tuple[str, str]] = set()
        more = True
        while more and len(keys) < most:
            cursor.execute(
                f"SELECT seq, token, kind, id FROM {PREFIX}_change "
                f"WHERE seq >= %s AND (kind <> '' OR seq = %s) ORDER BY seq LIMIT {most}",
                [place.seq, place.seq],
            )
            rows = cursor.fetchall()
            if not rows or rows[0][:2] != (place.seq, place.token):
                raise OperationalError(CUT)
            place = Place(*rows[-1][:2])
            keys.update((row[2], row[3]) for row in rows[1:])
            more = len(rows) == most
        return place, sorted(keys)

    # Reading ------------------------------------------------------------------------------------

    def documents(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, str, str, int, int, str, int]]:
        """Yield the small columns; FTS5 keeps the lengths."""
        where = "" if ordinals is None else f"WHERE ordinal IN {self.among} "
        cursor.execute(
            "SELECT ordinal, kind, language, collapse_key, confirmed, verified, facets, 0 "
            f"FROM {PREFIX}_doc_{name} {where}ORDER BY ordinal",
            [] if ordinals is None else [json.dumps(ordinals)],
        )
        yield from cursor

    def holders(self, cursor: CursorWrapper, name: str, term: Term) -> list[int]:
        """Return the documents of a term, in order."""
        table = f"{PREFIX}_fts_{name}"
        cursor.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid",
            [match_expression(term)],
        )
        return [row[0] for row in cursor.fetchall()]

    def scored(
        self, cursor: CursorWrapper, name: str, term: Term, lengths: Lengths
    ) -> tuple[list[int], bytearray]:
        """Return the documents of a term and their bytes.

        `bm25()` of a single term divided by its document frequency weight leaves the part that
        depends on the document.
        """
        table = f"{PREFIX}_fts_{name}"
        cursor.execute(
            f"SELECT rowid, bm25({table}, {_WEIGHTS}) FROM {table} "
            f"WHERE {table} MATCH %s ORDER BY rowid",
            [match_expression(term)],
        )
        rows = cursor.fetchall()
        cursor.execute(f"SELECT count(*) FROM {table}_docsize")
        total = max(cursor.fetchone()[0], len(rows))
        weight = math.log((total - len(rows) + 0.5) / (len(rows) + 0.5))
        # FTS5 takes 1e-6 instead of a weight that is not positive.
        scale = -255 / (TOP_SCORE * (weight if weight > 0 else 1e-6))
        scores = bytearray(max(1, min(255, round(score * scale))) for _ordinal, score in rows)
        return [row[0] for row in rows], scores

    def together(
        self,
        cursor: CursorWrapper,
        name: str,
        wanted: Sequence[tuple[Term, bool]],
        lengths: Lengths,
    ) -> dict[tuple[Term, bool], tuple[Sequence[int], bytearray | None]]:
        """Return nothing: a question to a file costs no way."""
        return {}

    def words(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int]
    ) -> dict[int, list[list[str]]]:
        """Return the words of documents, column by column."""
        cursor.execute(
            f"SELECT rowid, {', '.join(COLUMNS)} FROM {PREFIX}_fts_{name} "
            f"WHERE rowid IN {self.among} ORDER BY rowid",
            [json.dumps(ordinals)],
        )
        return {row[0]: [column.split() for column in row[1:]] for row in cursor.fetchall()}

    def average(self, cursor: CursorWrapper, name: str, lengths: Lengths) -> float:
        """Return the mean number of words of a document, from FTS5's own totals."""
        cursor.execute(f"SELECT block FROM {PREFIX}_fts_{name}_data WHERE id = 1")
        row = cursor.fetchone()
        totals = _varints(bytes(row[0])) if row else []
        return sum(totals[1:]) / totals[0] if totals and totals[0] else 0.0

    def known_words(self, cursor: CursorWrapper, memory: Memory, words: Sequence[str]) -> list[str]:
        """Return those of the words that the index knows, the most common first."""
        cursor.execute(
            f"SELECT term FROM {PREFIX}_vocabulary_{memory.name} "
            f"WHERE term IN {self.among} ORDER BY doc DESC, term",
            [json.dumps(sorted(words))],
        )
        return [row[0] for row in cursor.fetchall()]

    def titles(
        self, cursor: CursorWrapper, name: str, words: list[str], most: int
    ) -> list[tuple[int, str]]:
        """Return documents whose titles have every word, the last as a beginning, newest first."""
        quoted = ['"' + word.replace('"', '""') + '"' for word in words]
        cursor.execute(
            f"SELECT rowid, title FROM {PREFIX}_head_{name} "
            f"WHERE {PREFIX}_head_{name} MATCH %s ORDER BY rowid DESC LIMIT {most}",
            [" AND ".join(quoted) + " *"],
        )
        return list(cursor.fetchall())

    def walk(self, cursor: CursorWrapper, table: str, order: str) -> Iterator[int]:
        """Yield the row numbers of a table in an order it has an index for."""
        cursor.execute(f"SELECT ordinal FROM {table} ORDER BY {order}")
        while rows := cursor.fetchmany(500):
            for row in rows:
                yield row[0]


def _varints(data: bytes) -> list[int]:
    """Decode SQLite's variable-length integers."""
    values = []
    value = 0
    for byte in data:
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            values.append(value)
            value = 0
    return values
