"""What a process keeps of the index: a bitmap per facet value, kind and language.

Before each answer `sync()` reads what the change log says since the place read last, by one indexed
query. Where the log cannot tell (a rolled-back transaction had been read, the log was cut, the tables
were made anew) everything is read again from the tables.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from pyroaring import BitMap

from search import sources
from search.engines.embedded import tables
from search.engines.embedded.database import Database, Lengths, Place
from search.engines.embedded.postings import PostingCache
from search.engines.embedded.store import active_set

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: More pending changes than these cost more one by one than reading everything.
MANY_CHANGES = 3_000
#: Row numbers of dead versions kept in the bitmaps before they are made anew.
MANY_DEAD = 50_000
#: Answers of `aged` kept, until something changes (as `codes` are).
MANY_AGES = 16


class Memory:
    """The bitmaps of one table set as of one place in the change log."""

    def __init__(self, name: str, database: Database, place: Place) -> None:
        self.name = name
        self.database = database
        self.place = place
        self.top = 0
        self.live = BitMap()
        self.dead = 0
        self.kinds: dict[str, BitMap] = {}
        self.languages: dict[str, BitMap] = {}
        #: language → documents of other languages that have a version in it.
        self.shadowed: dict[str, BitMap] = {}
        self.facets: dict[str, dict[str, BitMap]] = {}
        self.confirmed = array("i")
        self.verified = BitMap()
        #: day (ordinal of the date) → documents confirmed on it.
        self.days: dict[int, BitMap] = {}
        self._aged: dict[tuple[tuple[int, int | None], date], BitMap] = {}
        self._codes: dict[str, list[str]] = {}
        self._groups: dict[str, dict[int, str]] = {}
        self._group_of: dict[int, str] = {}
        self.lengths = Lengths()
        self.postings = PostingCache(name, database, self.lengths)

    def visible(self, language: str) -> BitMap:
        """Return the documents a reader of the language meets: one language of each object."""
        if not language:
            return self.live
        return self.live - self.shadowed.get(language, BitMap())

    def dated(self) -> BitMap:
        """Return the documents whose day is the one they came out: their age says nothing of them."""
        return BitMap().union(
            *(documents for kind, documents in self.kinds.items() if sources.is_dated(kind))
        )

    def aged(self, ages: tuple[int, int | None], today: date) -> BitMap:
        """Return the documents confirmed between the least and the most days before today."""
        key = (ages, today)
        if key not in self._aged:
            if len(self._aged) > MANY_AGES:
                self._aged.clear()
            least, most = ages
            now = today.toordinal()
            within = BitMap().union(
                *(
                    documents
                    for day, documents in self.days.items()
                    if day and least <= max(0, now - day) and (most is None or now - day <= most)
                )
            )
            self._aged[key] = within - self.dated()
        return self._aged[key]

    def codes(self, facet: str) -> list[str]:
        """Return the values of a facet that live documents have."""
        if facet not in self._codes:
            self._codes[facet] = [
                code
                for code, documents in self.facets.get(facet, {}).items()
                if not documents.isdisjoint(self.live)
            ]
        return self._codes[facet]

    def sync(self, connection: BaseDatabaseWrapper) -> bool:
        """Bring the bitmaps up to date; return False when they must be read anew."""
        with connection.cursor() as cursor:
            news = self.database.news(cursor, self.place, MANY_CHANGES)
            if news is None:
                return False
            self.dead += len(news.removed)
            if self.dead > MANY_DEAD:
                return False
            if news.added:
                for row in self.database.documents(cursor, self.name, news.added):
                    self._add(*row)
                self.postings.note(cursor, news.added)
                self.top = max(self.top, *news.added)
        for ordinal in news.removed:
            self._discard(ordinal)
        if news.added or news.removed:
            self._aged.clear()
            self._codes.clear()
        self.place = news.place
        return True

    def _add(
        self,
        ordinal: int,
        kind: str,
        language: str,
        group: str,
        confirmed: int,
        verified: int,
        facets: str,
        length: int,
    ) -> None:
        self.live.add(ordinal)
        self.kinds.setdefault(kind, BitMap()).add(ordinal)
        self.languages.setdefault(language, BitMap()).add(ordinal)
        self._set_confirmed(ordinal, confirmed)
        if verified:
            self.verified.add(ordinal)
        self.lengths.add(ordinal, length)
        self.days.setdefault(confirmed, BitMap()).add(ordinal)
        for name, codes in json.loads(facets).items():
            values = self.facets.setdefault(name, {})
            for code in codes:
                values.setdefault(code, BitMap()).add(ordinal)
        if group:
            self._groups.setdefault(group, {})[ordinal] = language
            self._group_of[ordinal] = group
            self._shadow(group)

    def _discard(self, ordinal: int) -> None:
        self.live.discard(ordinal)
        self.lengths.discard(ordinal)
        group = self._group_of.pop(ordinal, None)
        if group is not None:
            self._groups[group].pop(ordinal, None)
            self._shadow(group)

    def _set_confirmed(self, ordinal: int, confirmed: int) -> None:
        if ordinal >= len(self.confirmed):
            self.confirmed.extend([0] * (ordinal + 1 - len(self.confirmed)))
        self.confirmed[ordinal] = confirmed

    def _shadow(self, group: str) -> None:
        members = self._groups[group]
        present = set(members.values())
        for language in self.languages:
            shadowed = self.shadowed.setdefault(language, BitMap())
            for ordinal, own in members.items():
                if own != language and language in present:
                    shadowed.add(ordinal)
                else:
                    shadowed.discard(ordinal)


class Keeper:
    """What a process remembers; beside it, what a transaction sees that has written, and only it."""

    def __init__(self) -> None:
        self._shared: Memory | None = None
        self._private: Memory | None = None

    def forget(self) -> None:
        """Read everything anew next time."""
        self._shared = self._private = None

    def current(self, connection: BaseDatabaseWrapper) -> Memory:
        """Return the bitmaps as the connection sees the index now."""
        own = tables.database(connection).own(connection)
        if own:
            private = self._private
            if private is None or private.place.transaction != own or not private.sync(connection):
                private = self._private = load(connection)
            return private
        self._private = None
        if self._shared is None or not self._shared.sync(connection):
            self._shared = load(connection)
        return self._shared


def load(connection: BaseDatabaseWrapper) -> Memory:
    """Read the bitmaps from the tables. The log is read first: what comes later is added again."""
    database = tables.database(connection)
    with connection.cursor() as cursor:
        place = database.place(cursor)
        memory = Memory(active_set(cursor), database, place)
        _read(cursor, memory)
    return memory


def _read(cursor: CursorWrapper, memory: Memory) -> None:
    live: list[int] = []
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    languages: defaultdict[str, list[int]] = defaultdict(list)
    facets: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    groups: list[str] = []
    days: defaultdict[int, list[int]] = defaultdict(list)
    checked: list[int] = []
    for row in memory.database.documents(cursor, memory.name):
        ordinal, kind, language, group, confirmed, verified, values, length = row
        live.append(ordinal)
        memory.lengths.add(ordinal, length)
        kinds[kind].append(ordinal)
        languages[language].append(ordinal)
        memory._set_confirmed(ordinal, confirmed)
        days[confirmed].append(ordinal)
        if verified:
            checked.append(ordinal)
        for name, codes in json.loads(values).items():
            known = facets[name]
            for code in codes:
                known[code].append(ordinal)
        if group:
            memory._groups.setdefault(group, {})[ordinal] = language
            memory._group_of[ordinal] = group
            groups.append(group)
    memory.live = BitMap(live)
    memory.top = live[-1] if live else 0
    memory.kinds = {kind: BitMap(items) for kind, items in kinds.items()}
    memory.languages = {language: BitMap(items) for language, items in languages.items()}
    memory.verified = BitMap(checked)
    memory.days = {day: BitMap(items) for day, items in days.items()}
    memory.facets = {
        name: {code: BitMap(items) for code, items in known.items()}
        for name, known in facets.items()
    }
    for group in set(groups):
        memory._shadow(group)
