"""A breaker before an engine outside the database: while it is away, the embedded one answers.

The first question that fails opens the breaker; that visitor waited no longer than the engine's read
timeout, the ones after do not wait at all. Every few seconds one question asks the engine again, in
the background; when it answers, it is in charge again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from django.db import connections

from search.checking import Checked
from search.contracts import (
    EngineUnavailable,
    RequestFailed,
    SearchDocument,
    SearchEngine,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from search.outbox import FedEngine

logger = logging.getLogger("hub.search")
T = TypeVar("T")

#: Seconds between two attempts to reach an engine that is away.
PAUSE = 5.0
#: Seconds for which one line tells of questions it cannot answer.
TOLD_FOR = 60.0


class OutsideEngine(SearchEngine, FedEngine, Checked, Protocol):
    """An engine outside the database, as the guard, the outbox and the rebuild use it."""

    def index(
        self, documents: Iterable[SearchDocument], *, version: int | None = None, into: str = ""
    ) -> int:
        """Add or replace documents, unless a newer version stands."""

    def delete(
        self, keys: Iterable[tuple[str, str]], *, version: int | None = None, into: str = ""
    ) -> int:
        """Forget objects, unless a newer version stands."""

    def create(self) -> str:
        """Make an empty index that does not answer yet; return its name."""

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Iterator[int]:
        """Fill an index made by `create()`; yield the running count."""

    def swap(self, name: str) -> None:
        """Let the index answer in place of the one that did, in one step."""

    def drop(self, name: str) -> None:
        """Remove an index."""

    def compact(self, name: str) -> None:
        """Let an index that answers be put together for quick reading, in the background; raise nothing."""

    def live(self) -> str:
        """Return the index that answers; raise `EngineUnavailable` when there is none."""

    def behind(self) -> list[str]:
        """Return what answers: one index, or none before the first is built."""

    def made(self) -> list[str]:
        """Return every index of ours, also those a broken rebuild left, oldest first."""

    def health(self) -> dict[str, Any]:
        """Return the cluster's `status`, `index` that answers, its `form`, and whether it is
        `current`: the one this code makes."""

    def refresh(self) -> None:
        """Make every change sent so far findable and listed."""

    def held(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield (kind, id, language, version) of every document."""

    def count_by_kind(self) -> dict[str, int]:
        """Return the number of objects held per kind."""


class Guarded:
    """Answers from `primary`, and from `stand_in` while that one is away. Safe under threads."""

    def __init__(
        self,
        primary: OutsideEngine,
        stand_in: SearchEngine,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.primary = primary
        self.stand_in = stand_in
        self.name = primary.name
        self._clock = clock
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._ask_at = 0.0
        self._told_until = 0.0

    @property
    def away(self) -> bool:
        """Whether the breaker is open: the stand-in answers."""
        return self._away_since is not None

    # Answering ----------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchPage:
        """Answer one page, marked `degraded` when the stand-in did."""
        page = self._ask(lambda: self.primary.search(query))
        return replace(self.stand_in.search(query), degraded=True) if page is None else page

    def suggest(
        self, text: str, kinds: Sequence[str], language: str, limit: int
    ) -> list[Suggestion]:
        """Return titles that have every word of the text, the last one as a beginning."""
        found = self._ask(lambda: self.primary.suggest(text, kinds, language, limit))
        if found is None:
            return self.stand_in.suggest(text, kinds, language, limit)
        return found

    def count(self) -> int:
        """Return the number of documents the one that answers holds."""
        held = self._ask(self.primary.count)
        return self.stand_in.count() if held is None else held

    # Writing ------------------------------------------------------------------------------------

    def index(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents to the primary; raise `EngineUnavailable` when it is away."""
        return self.primary.index(documents)

    def delete(self, keys: Iterable[tuple[str, str]]) -> int:
        """Forget objects in the primary; raise `EngineUnavailable` when it is away."""
        return self.primary.delete(keys)

    def rebuild(self, documents: Iterator[SearchDocument]) -> Iterator[int]:
        """Replace everything the primary holds."""
        return self.primary.rebuild(documents)

    # The breaker --------------------------------------------------------------------------------

    def lost(self, failure: Exception) -> None:
        """Open the breaker; one line is logged per outage."""
        with self._lock:
            self._ask_at = self._clock() + PAUSE
            if self._away_since is not None:
                return
            self._away_since = self._clock()
        logger.error(
            "%s không trả lời (%s); công cụ nhúng trả lời thay", self.name, type(failure).__name__
        )

    def found(self) -> None:
        """Close the breaker."""
        with self._lock:
            if self._away_since is None:
                return
            gone = self._clock() - self._away_since
            self._away_since = None
        logger.warning("%s trả lời lại sau %.0f giây", self.name, gone)

    def probe(self) -> bool:
        """Ask the engine whether it is back; return whether it is."""
        try:
            # A question, as visitors ask: a node may count and yet be too slow to search.
            self.primary.search(SearchQuery(page_size=1, highlight=False))
        except EngineUnavailable as failure:
            self.lost(failure)
            return False
        self.found()
        return True

    def _ask(self, action: Callable[[], T]) -> T | None:
        """Return the primary's answer, or None when it is away."""
        if self.away:
            self._probe_when_due()
            return None
        try:
            return action()
        except RequestFailed as failure:
            # Nobody's question takes the engine away from the others.
            self._tell(failure)
            return None
        except EngineUnavailable as failure:
            self.lost(failure)
            return None

    def _tell(self, failure: RequestFailed) -> None:
        """Log that questions stay unanswered: of a few a line, of very many no more."""
        with self._lock:
            now = self._clock()
            if now < self._told_until:
                return
            self._told_until = now + TOLD_FOR
        logger.warning("%s không trả lời được câu hỏi này (%s)", self.name, failure)

    def _probe_when_due(self) -> None:
        with self._lock:
            now = self._clock()
            if self._away_since is None or now < self._ask_at:
                return
            self._ask_at = now + PAUSE
        threading.Thread(target=self._probe_aside, name="search-probe", daemon=True).start()

    def _probe_aside(self) -> None:
        try:
            self.probe()
        finally:
            connections.close_all()
