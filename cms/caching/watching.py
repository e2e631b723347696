"""Watches what a page reads while it is made, and names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cms.caching.changes import EVERYTHING

#: A page that shows more entries than this follows them all.
MANY = 60
STEP = 4
_TABLE = re.compile(r'(?:FROM|JOIN) "([a-z_]+)"')
#: Beginnings of table names, and what they hold.
_ROOMS = (
    ("directory_", "registry"),
    ("marketplace_", "registry"),
    ("events_", "events"),
    ("eventpages_", "events"),
    ("competitions_", "awards"),
    ("awardpages_", "awards"),
    ("legaldocuments_", "documents"),
    ("support_", "documents"),
    ("news_", "news"),
)
#: Pages that name single entries and list none.
_NAMING = {"eventpages", "news"}


@dataclass(slots=True)
class Seen:
    """What was read."""

    tables: set[str] = field(default_factory=set)
    entries: set[int] = field(default_factory=set)
    #: Rooms a list on the page shows, whatever page it stands on.
    listed: set[str] = field(default_factory=set)
    searched: bool = False

    @property
    def rooms(self) -> set[str]:
        """The rooms of the tables read."""
        return {room for start, room in _ROOMS for table in self.tables if table.startswith(start)}


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def watching() -> Iterator[Seen]:
    """Note what is read inside."""
    seen = Seen()
    token = _seen.set(seen)

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.tables.update(_TABLE.findall(sql))
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        _seen.reset(token)


def note_entry(instance: Any, **_kwargs: Any) -> None:
    """Note an entry that was read from the database."""
    seen = _seen.get()
    if seen is not None and instance.pk:
        seen.entries.add(instance.pk)


def note_search(**_kwargs: Any) -> None:
    """Note that a search was answered."""
    seen = _seen.get()
    if seen is not None:
        seen.searched = True


def note_list(room: str) -> None:
    """Note that the page lists what is in a room, so that anything new there concerns it."""
    seen = _seen.get()
    if seen is not None:
        seen.listed.add(room)


def tags_of_page(page: Any, seen: Seen) -> set[str]:
    """Return what an editor's page depends on."""
    app = page._meta.app_label
    own = next((room for start, room in _ROOMS if f"{app}_" == start), "")
    tags = {EVERYTHING, f"page:{page.pk}", f"below:{page.path}", *_entries(seen)}
    tags |= (seen.rooms - {own, "registry"}) | seen.listed
    if own == "news":
        # An article leads on to others of its list.
        tags.add(f"below:{page.path[:-STEP]}")
    if seen.searched or ("registry" in seen.rooms and app not in _NAMING):
        tags.add("registry")
    return tags


def tags_of_entry(seen: Seen) -> set[str]:
    """Return what the page of an entry depends on: itself, and every entry it names."""
    return {EVERYTHING, *_entries(seen)} | (seen.rooms - {"registry"})


def _entries(seen: Seen) -> set[str]:
    if len(seen.entries) > MANY:
        return {"registry"}
    return {f"entry:{pk}" for pk in seen.entries}
