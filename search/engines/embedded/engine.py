"""The engine that lives in the project's own database: the default, and the stand-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction

from search.contracts import MAX_DEPTH, SearchDocument, SearchPage, SearchQuery, Suggestion
from search.engines.embedded import answering, checking, rebuilding, suggesting, tables
from search.engines.embedded.database import PREFIX
from search.engines.embedded.memory import Keeper, Memory
from search.engines.embedded.postings import Posting
from search.engines.embedded.store import Writer, active_set, batches
from search.planner import Plan, Term, plan

T = TypeVar("T")


class EmbeddedEngine:
    """Postings for words, bitmaps for facets. One instance per process, safe under threads."""

    name = "embedded"

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._keeper = Keeper()

    # Reading ------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchPage:
        """Answer one page."""
        asked = plan(query.text, verbatim=query.verbatim)
        return self._reading(lambda: self._answer(query, asked))

    def suggest(
        self, text: str, kinds: Sequence[str], language: str, limit: int
    ) -> list[Suggestion]:
        """Return titles that have every word of the text, the last one as a beginning."""

        def titles() -> list[Suggestion]:
            with self._lock:
                memory = self._synced()
                scope = answering.scope_of(memory, language, kinds)
                return suggesting.titles(connection, memory, text, scope, limit)

        return self._reading(titles)

    def facet_codes(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return, for each facet that is no age, the codes that any document has."""

        def codes() -> dict[str, list[str]]:
            with self._lock:
                memory = self._synced()
                return {name: memory.codes(name) for name in names}

        return self._reading(codes)

    def count(self) -> int:
        """Return the number of documents held."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {PREFIX}_doc_{active_set(cursor)}")
            return int(cursor.fetchone()[0])

    def count_by_kind(self) -> dict[str, int]:
        """Return the number of objects (not language versions) held per kind."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT kind, count(DISTINCT id) FROM {PREFIX}_doc_{active_set(cursor)} GROUP BY kind"
            )
            return dict(cursor.fetchall())

    def differing(self, documents: Sequence[SearchDocument]) -> set[tuple[str, str]]:
        """Return the objects among these whole ones that are not held, or not held as they are."""
        return checking.differing(connection, documents)

    def objects_held(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, id) of every document held."""
        return checking.objects_held(connection)

    # Writing ------------------------------------------------------------------------------------

    def index(self, documents: Iterable[SearchDocument]) -> int:
        """Add or replace documents; return how many. All languages of an object in one call."""
        writer = Writer(connection)
        return sum(writer.write(batch) for batch in batches(documents))

    def delete(self, keys: Iterable[tuple[str, str]]) -> int:
        """Forget every language of the (kind, id) pairs; return how many documents went."""
        return Writer(connection).delete(keys)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Give a transaction in which nobody else changes the index, once those who do have ended.

        What is read in it and then written is therefore as it stands at its end. For callers that lock
        nothing else: whoever waits for them would wait for ever.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            tables.database(connection).exclude(cursor)
            yield

    def rebuild(self, documents: Iterator[SearchDocument]) -> Iterator[int]:
        """Replace everything while old answers keep flowing; yield the running count."""
        return rebuilding.rebuild(documents)

    # Inside -------------------------------------------------------------------------------------

    def _synced(self) -> Memory:
        return self._keeper.current(connection)

    def _reading(self, action: Callable[[], T]) -> T:
        """Return what the action reads, also where a rebuild ends in the middle of it."""
        try:
            return action()
        except tables.database(connection).dropped:
            # A rebuild has just dropped the set that was being read: the new one answers.
            if connection.in_atomic_block and not tables.database(connection).goes_on:
                raise
        with self._lock:
            self._keeper.forget()
        return action()

    def _answer(self, query: SearchQuery, asked: Plan) -> SearchPage:
        started = time.perf_counter()
        depth = min(query.page * query.page_size, MAX_DEPTH)
        with self._lock:
            memory = self._synced()
            with connection.cursor() as cursor:

                def fetch(term: Term, scored: bool) -> Posting:
                    return memory.postings.get(cursor, term, scored=scored)

                memory.postings.prepare(cursor, asked)
                answer = answering.decide(cursor, query, asked, memory, fetch, depth)
        first = (query.page - 1) * query.page_size
        window = answer.ordered[first : first + query.page_size] if first < MAX_DEPTH else []
        return SearchPage(
            hits=tuple(answering.hits(window, answer, asked, query)),
            total=answer.total,
            page=query.page,
            page_size=query.page_size,
            facets=answer.facets,
            kind_counts=answer.kind_counts,
            relaxed=answer.missing,
            suggestion=answer.suggestion,
            slipped=answer.slipped,
            partial=answer.partial,
            synonyms=answer.synonyms,
            took_ms=(time.perf_counter() - started) * 1000,
        )
