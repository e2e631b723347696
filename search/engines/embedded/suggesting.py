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
    beginning = " ".join(words)

    def rank(found: tuple[int, str]) -> tuple[bool, int, int]:
        ordinal, title = found
        return (not title.startswith(beginning), len(title), -ordinal)

    with connection.cursor() as cursor:
        newest = memory.database.titles(cursor, memory.name, words, READ)
        best = sorted((item for item in newest if item[0] in scope), key=rank)[:limit]
        cursor.execute(
            "SELECT t.ordinal, d.kind, t.title, t.url "
            f"FROM {PREFIX}_text_{memory.name} AS t "
            f"JOIN {PREFIX}_doc_{memory.name} AS d ON d.ordinal = t.ordinal "
            f"WHERE t.ordinal IN {memory.database.among}",
            [json.dumps([ordinal for ordinal, _title in best])],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    marker = Marker(plan(typed, verbatim=True), prefix=True)
    shown = [rows[ordinal] for ordinal, _title in best if ordinal in rows]
    return [
        Suggestion(group=kind, text=title, url=url, html=marker.title(title))
        for kind, title, url in shown
    ]
