"""What the database holds, kept as rows and put back: hundreds of tests begin with the same pages.

To load the vocabularies and the first pages through their commands takes seconds each time; the tests
of those commands still do. The rows are those the commands wrote, read back once per session. A world
of entries that went through review (`again`) is kept the same way.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.test import TransactionTestCase

from search import service
from search.contracts import SearchDocument
from search.engines.embedded import tables as embedded

#: Table → its columns and its rows.
State = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
Made = TypeVar("Made")


@dataclass
class Kept:
    """What something changed: rows, what of them can be found, and what it returned."""

    before: State
    after: State
    changed: list[str]
    #: The embedded index stands beside the tables of the models.
    documents: list[SearchDocument]
    made: Any = None

    def put_back(self) -> Any:
        """Change the same again; return what was returned then."""
        write(self.after, self.changed)
        service.tell_of_many()
        service.embedded().index(self.documents)
        return copy.deepcopy(self.made)


_base: State = {}
#: Whether in a transaction → the first pages.
_site: dict[bool, Kept] = {}
#: By what made it, of what, and whether in a transaction: each for another state of the rest.
_made: dict[tuple[Any, str, bool], list[Kept]] = {}
#: States of the rest that are worth keeping; a step taken from more than these is taken in full.
STATES = 6


class Writes:
    """What this test has written so far: the other tables hold what they held at its beginning."""

    SOME = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|COPY|WITH)\b", re.IGNORECASE)
    INTO = re.compile(
        r'\b(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)"?', re.IGNORECASE
    )
    NONE = re.compile(
        r"[\s(]*(?:BEGIN|COMMIT|EXPLAIN|PRAGMA|RELEASE|ROLLBACK|SAVEPOINT|SELECT|SET|VALUES)\b",
        re.IGNORECASE,
    )

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A test begins, with what every test begins with; not so inside a transaction of several."""
        self.tables: set[str] = set()
        self.anything = connection.in_atomic_block

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Note where a statement writes; one that is not understood may have written anywhere."""
        if self.SOME.match(str(sql)):
            # PostgreSQL's form of the index writes several tables in one statement.
            self.tables.update(self.INTO.findall(str(sql)))
        elif not self.NONE.match(str(sql)):
            self.anything = True
        return execute(sql, params, many, context)


writes = Writes()


def read() -> State:
    """Return what every table of the models holds."""
    state: State = {}
    # Outside a transaction other connections write as well.
    if _base and connection.in_atomic_block and not writes.anything:
        state, names = dict(_base), [name for name in _base if name in writes.tables]
    else:
        names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        for table in sorted(names):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            held = ([column[0] for column in cursor.description], cursor.fetchall())
            # Most tables hold what they always do: that is kept once.
            state[table] = _base[table] if _base.get(table) == held else held
    return state


def write(state: State, names: Iterable[str]) -> None:
    """Have the named tables hold what they held then, and nothing else."""
    quote = connection.ops.quote_name
    names = list(names)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in names:
            cursor.execute(f"DELETE FROM {quote(table)}")
        for table in names:
            columns, rows = state[table]
            if rows:
                cursor.executemany(
                    f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) "
                    f"VALUES ({', '.join(['%s'] * len(columns))})",
                    rows,
                )
        models = [model for model in apps.get_models() if model._meta.db_table in names]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    ContentType.objects.clear_cache()
    cache.clear()


def differing(one: State, other: State) -> list[str]:
    """Return the tables that do not hold the same rows."""
    return [
        table
        for table in one
        if one[table] != other[table] and sorted_rows(one[table]) != sorted_rows(other[table])
    ]


def sorted_rows(held: tuple[list[str], list[tuple[Any, ...]]]) -> list[str]:
    return sorted(map(repr, held[1]))


def keep_base() -> None:
    """From now on a test that commits leaves what the tables hold now, instead of nothing."""
    _base.clear()
    _base.update(read())
    if writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(writes)
    TransactionTestCase._fixture_teardown = lambda case: back_to_base()  # type: ignore[method-assign]


def back_to_base() -> None:
    """Undo what a test committed; the embedded index is empty, as after a `flush`."""
    write(_base, differing(_base, read()))
    embedded.prepare(DEFAULT_DB_ALIAS, cleared=True)


def record(before: State, build: Callable[[], Made]) -> Kept:
    """Have something built and return what that changed."""
    known = {(document.kind, document.id) for document in service.all_documents()}
    made = build()
    after = read()
    changed = differing(before, after)
    # What stayed is kept once.
    after = {table: after[table] if table in changed else before[table] for table in after}
    documents = [
        document
        for document in service.all_documents()
        if (document.kind, document.id) not in known
    ]
    return Kept(before, after, changed, documents, copy.deepcopy(made))


def again(build: Callable[..., Made], *given: Any, **named: Any) -> Made:
    """Return what `build` makes of what is given: in full the first time, then from its rows.

    Only where all else is as it was then: the steps of a story each kept like this follow one another.
    What is given is told apart by its `repr`.
    """
    asked = repr((given, sorted(named.items())))
    known = _made.setdefault((build, asked, connection.in_atomic_block), [])
    now = read()
    for kept in known:
        if not differing(kept.before, now):
            return cast("Made", kept.put_back())
    if len(known) == STATES:
        return build(*given, **named)
    kept = record(now, lambda: build(*given, **named))
    known.append(kept)
    return cast("Made", copy.deepcopy(kept.made))


def load_site() -> None:
    """Do what `load_site` does: in full the first time, from its rows where the rest is the same."""
    inside, now = connection.in_atomic_block, read()
    if inside in _site:
        kept = _site[inside]
        free = {name for name, held in kept.before.items() if not held[1]} - set(kept.changed)
        if not set(differing(kept.before, now)) - free:
            kept.put_back()
            return
    kept = record(now, lambda: _load_site(inside, now))
    _site.setdefault(inside, kept)


def _load_site(inside: bool, now: State) -> None:
    twin = _site.get(not inside)
    if twin is not None and not differing(twin.before, now):
        twin.put_back()
    else:
        call_command("load_site", verbosity=0)
    if not inside:
        # Who edits may do so below the root page as well.
        call_command("sync_roles", verbosity=0)
