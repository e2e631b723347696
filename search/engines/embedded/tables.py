"""The embedded engine's tables: two sets, `a` and `b`, of which one answers.

Unmanaged and without triggers: made by the `post_migrate` receiver, written by `store.py` only.
A rebuild fills the idle set and switches. A document's row number is never used again for another
version of it, so that what a process keeps in memory about a row number stays true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import gettext as _

from search.engines.embedded.database import PREFIX, SETS, Database
from search.engines.embedded.postgresql import PostgreSQL
from search.engines.embedded.sqlite import SQLite

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_FORMS: dict[str, Database] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def database(connection: BaseDatabaseWrapper) -> Database:
    """Return the engine's form for a database; raise `ImproperlyConfigured` when it has none."""
    try:
        return _FORMS[connection.vendor]
    except KeyError:
        raise ImproperlyConfigured(
            _(
                "Công cụ tìm kiếm nhúng chạy trên SQLite và PostgreSQL, không chạy trên {vendor}."
            ).format(vendor=connection.vendor)
        ) from None


def form(connection: BaseDatabaseWrapper) -> str:
    """Return the form the code wants the tables to have."""
    return database(connection).form()


def stored_form(connection: BaseDatabaseWrapper) -> str:
    """Return the form the tables were made with, or an empty text when there are none."""
    with connection.cursor() as cursor:
        if f"{PREFIX}_meta" not in connection.introspection.table_names(cursor):
            return ""
        cursor.execute(f"SELECT value FROM {PREFIX}_meta WHERE name = 'form'")
        row = cursor.fetchone()
    return row[0] if row else ""


def create_all(connection: BaseDatabaseWrapper) -> None:
    """Make every table anew and empty, and note the form and the set that answers."""
    made = database(connection)
    with connection.cursor() as cursor:
        for name in SETS:
            made.drop_set(cursor, name)
        made.create_common(cursor)
        cursor.execute(
            f"INSERT INTO {PREFIX}_meta (name, value) VALUES ('form', %s), ('active', 'a')",
            [form(connection)],
        )
        made.create_set(cursor, "a")


def prepare(using: str, *, cleared: bool) -> None:
    """Make the tables when they are missing or of another form; empty them after a `flush`.

    Those that stay may have come from another server, in a dump.
    """
    connection = connections[using]
    if connection.vendor not in _FORMS:
        return
    if cleared or stored_form(connection) != form(connection):
        create_all(connection)
    else:
        with connection.cursor() as cursor:
            database(connection).drop_foreign(cursor)
