"""What a process keeps of the index: a bitmap per facet value, kind and language.

Before each answer `sync()` reads the change log from the row read last, by one indexed query. That
row must still be there with the same random token; otherwise (a rolled-back transaction had been
read, the log was cut, the tables were made anew) everything is read again from the tables.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from pyroaring import BitMap

from search.engines.embedded.postings import PostingCache
from search.engines.embedded.store import active_set
from search.engines.embedded.tables import PREFIX

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: More pending changes than these cost more one by one than reading everything.
MANY_CHANGES = 3_000
#: Row numbers of dead versions kept in the bitmaps before they are made anew.
MANY_DEAD = 50_000
#: Answers of `aged` kept; each new state of the index begins anew.
MANY_AGES = 16

_DOC = "ordinal, kind, language, collapse_key, confirmed, facets"


class Memory:
    """The bitmaps of one table set as of one row of the change log."""

    def __init__(self, name: str, seq: int, token: int) -> None:
        self.name = name
        self.seq = seq
        self.token = token
        self.top = 0
        self.live = BitMap()
        self.dead = 0
        self.kinds: dict[str, BitMap] = {}
        self.languages: dict[str, BitMap] = {}
        #: language → documents of other languages that have a version in it.
        self.shadowed: dict[str, BitMap] = {}
        self.facets: dict[str, dict[str, BitMap]] = {}
        self.confirmed = array("i")
        #: day (ordinal of the date) → documents confirmed on it.
        self.days: dict[int, BitMap] = {}
        self._aged: dict[tuple[tuple[int, int | None], date, int], BitMap] = {}
        self._groups: dict[str, dict[int, str]] = {}
        self._group_of: dict[int, str] = {}
        self.postings = PostingCache(name)

    def visible(self, language: str) -> BitMap:
        """Return the documents a reader of the language meets: one language of each object."""
        if not language:
            return self.live
        return self.live - self.shadowed.get(language, BitMap())

    def aged(self, ages: tuple[int, int | None], today: date) -> BitMap:
        """Return the documents confirmed between the least and the most days before today."""
        key = (ages, today, self.seq)
        if key not in self._aged:
            if len(self._aged) > MANY_AGES:
                self._aged.clear()
            least, most = ages
            now = today.toordinal()
            self._aged[key] = BitMap().union(
                *(
                    documents
                    for day, documents in self.days.items()
                    if day and least <= max(0, now - day) and (most is None or now - day <= most)
                )
            )
        return self._aged[key]

    def sync(self, connection: BaseDatabaseWrapper) -> bool:
        """Bring the bitmaps up to date; return False when they must be read anew."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT seq, token, added, removed, kind FROM {PREFIX}_change "
                f"WHERE seq >= %s ORDER BY seq LIMIT {MANY_CHANGES}",
                [self.seq],
            )
            rows = cursor.fetchall()
            if not rows or rows[0][:2] != (self.seq, self.token) or len(rows) == MANY_CHANGES:
                return False
            if len(rows) == 1:
                return True
            if any(row[4] == "" for row in rows[1:]):
                return False
            removed = [row[3] for row in rows[1:] if row[3] is not None]
            added = [row[2] for row in rows[1:] if row[2] is not None]
            self.dead += len(removed)
            if self.dead > MANY_DEAD:
                return False
            if added:
                cursor.execute(
                    f"SELECT {_DOC} FROM {PREFIX}_doc_{self.name} WHERE ordinal IN "
                    "(SELECT value FROM json_each(%s)) ORDER BY ordinal",
                    [json.dumps(added)],
                )
                for row in cursor.fetchall():
                    self._add(*row)
                self.postings.note(cursor, added)
                self.top = max(self.top, *added)
        for ordinal in removed:
            self._discard(ordinal)
        self.seq, self.token = rows[-1][:2]
        return True

    def _add(
        self, ordinal: int, kind: str, language: str, group: str, confirmed: int, facets: str
    ) -> None:
        self.live.add(ordinal)
        self.kinds.setdefault(kind, BitMap()).add(ordinal)
        self.languages.setdefault(language, BitMap()).add(ordinal)
        self._set_confirmed(ordinal, confirmed)
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


def load(connection: BaseDatabaseWrapper) -> Memory:
    """Read the bitmaps from the tables. The log is read first: what comes later is added again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, token FROM {PREFIX}_change ORDER BY seq DESC LIMIT 1")
        seq, token = cursor.fetchone()
        memory = Memory(active_set(cursor), seq, token)
        _read(cursor, memory)
    return memory


def _read(cursor: CursorWrapper, memory: Memory) -> None:
    live: list[int] = []
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    languages: defaultdict[str, list[int]] = defaultdict(list)
    facets: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    groups: list[str] = []
    days: defaultdict[int, list[int]] = defaultdict(list)
    cursor.execute(f"SELECT {_DOC} FROM {PREFIX}_doc_{memory.name} ORDER BY ordinal")
    for ordinal, kind, language, group, confirmed, values in cursor:
        live.append(ordinal)
        kinds[kind].append(ordinal)
        languages[language].append(ordinal)
        memory._set_confirmed(ordinal, confirmed)
        days[confirmed].append(ordinal)
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
    memory.days = {day: BitMap(items) for day, items in days.items()}
    memory.facets = {
        name: {code: BitMap(items) for code, items in known.items()}
        for name, known in facets.items()
    }
    for group in set(groups):
        memory._shadow(group)
