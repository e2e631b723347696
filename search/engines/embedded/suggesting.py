"""Titles for the autocomplete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from search import text
from search.contracts import Suggestion
from search.engines.embedded.database import PREFIX
from search.engines.embedded.memory import Memory
from search.highlight import Marker
from search.planner import plan

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from pyroaring import BitMap

#: Rows read before those of other kinds and languages are put aside, newest first.
READ = 400


def titles(
    connection: BaseDatabaseWrapper, memory: Memory, typed: str, scope: BitMap, limit: int
) -> list[Suggestion]:
    """Return the titles that hold every word typed; those that begin with them first."""
    words = text.folded(text.tokens(typed))
    if not words:
        return []
    with connection.cursor() as cursor:
        newest = memory.database.titles(cursor, memory.name, words, READ)
        found = [ordinal for ordinal in newest if ordinal in scope]
        cursor.execute(
            "SELECT t.ordinal, d.kind, t.title, t.url "
            f"FROM {PREFIX}_text_{memory.name} AS t "
            f"JOIN {PREFIX}_doc_{memory.name} AS d ON d.ordinal = t.ordinal "
            f"WHERE t.ordinal IN {memory.database.among}",
            [json.dumps(found)],
        )
        rows = cursor.fetchall()
    beginning = " ".join(words)

    def rank(row: tuple[int, str, str, str]) -> tuple[bool, int, int]:
        title = " ".join(text.folded(text.tokens(row[2])))
        return (not title.startswith(beginning), len(title), -row[0])

    marker = Marker(plan(typed, verbatim=True), prefix=True)
    return [
        Suggestion(group=kind, text=title, url=url, html=marker.title(title))
        for _, kind, title, url in sorted(rows, key=rank)[:limit]
    ]
