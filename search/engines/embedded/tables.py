"""The embedded engine's tables on SQLite: two sets, `a` and `b`, of which one answers.

Unmanaged and without triggers: made by the `post_migrate` receiver, written by `store.py` only.
A rebuild fills the idle set and switches. A document's row number is never used again for another
version of it, so that what a process keeps in memory about a row number stays true.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import gettext as _

from search import text

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SETS = ("a", "b")
PREFIX = "search_embedded"

#: FTS5 columns, in the order `bm25()` takes their weights.
LEVELS = ("title", "summary", "body")
COLUMNS = (*LEVELS, *(f"{level}_marked" for level in LEVELS))

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

FORM = hashlib.sha256(
    "\n".join((*_COMMON, *_SET, str(text.ANALYSIS_VERSION))).encode()
).hexdigest()[:16]


def require_sqlite(connection: BaseDatabaseWrapper) -> None:
    """Raise `ImproperlyConfigured` on a database the embedded engine has no form for."""
    if connection.vendor != "sqlite":
        raise ImproperlyConfigured(
            _("Công cụ tìm kiếm nhúng hiện chỉ chạy trên SQLite, không chạy trên {vendor}.").format(
                vendor=connection.vendor
            )
        )


def create_set(connection: BaseDatabaseWrapper, name: str) -> None:
    """Make the tables of one set, empty; whatever it held is gone."""
    drop_set(connection, name)
    with connection.cursor() as cursor:
        for statement in _SET:
            cursor.execute(statement.format(p=PREFIX, s=name))


def drop_set(connection: BaseDatabaseWrapper, name: str) -> None:
    """Remove the tables of one set."""
    with connection.cursor() as cursor:
        for table in _NAMES:
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}_{name}")


def stored_form(connection: BaseDatabaseWrapper) -> str:
    """Return the form the tables were made with, or an empty text when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s", [f"{PREFIX}_meta"]
        )
        if cursor.fetchone() is None:
            return ""
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'form'")
        row = cursor.fetchone()
    return row[0] if row else ""


def create_all(connection: BaseDatabaseWrapper) -> None:
    """Make every table anew and empty, and note the form and the set that answers."""
    for name in SETS:
        drop_set(connection, name)
    with connection.cursor() as cursor:
        for table in ("change", "meta"):
            cursor.execute(f"DROP TABLE IF EXISTS {PREFIX}_{table}")
        for statement in _COMMON:
            cursor.execute(statement)
        cursor.execute(
            f"INSERT INTO {PREFIX}_meta (name, value) VALUES ('form', %s), ('active', 'a')", [FORM]
        )
        # The log is never empty: readers check that the row they read last is still the same.
        cursor.execute(f"INSERT INTO {PREFIX}_change (token) VALUES (random())")
    create_set(connection, "a")


def prepare(using: str, *, cleared: bool) -> None:
    """Make the tables when they are missing or of another form; empty them after a `flush`."""
    connection = connections[using]
    if connection.vendor == "sqlite" and (cleared or stored_form(connection) != FORM):
        create_all(connection)
