"""Making the index of an engine outside the database anew while the old one answers.

New index → everything in bulk → what was sent to the old one since the start → the alias moves →
what was sent to the old one until then → the old index goes. Whatever stops it before the alias
moves, alias and old index stay as they were; what it still owes afterwards waits in the outbox.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection as default
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from search import outbox
from search.contracts import DocumentRefused, EngineUnavailable, RebuildRunning, SearchDocument
from search.models import IndexRebuild, IndexTask

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from search.guard import OutsideEngine

logger = logging.getLogger("hub.search")

#: A rebuild that wrote nothing for so long was killed.
SILENT = timedelta(minutes=3)
#: Seconds between two signs of life.
BEAT = 5.0
#: Clocks of two machines may differ by so much.
CLOCKS = timedelta(minutes=2)


def rebuild(
    target: str, engine: OutsideEngine, documents: Iterable[SearchDocument]
) -> Iterator[int]:
    """Replace everything the engine holds; yield the running count of documents.

    Raises `RebuildRunning` when another one is under way, `EngineUnavailable` when the engine goes
    away, and whatever reading the documents raises; the old index then goes on answering. Raises
    `DocumentRefused` at the very end, the new index in place, when it lacks some documents.
    """
    with _Lease(target) as lease:
        _clear(engine)
        try:
            name = engine.create()
            lease.hold(name)
        except BaseException:
            with suppress(EngineUnavailable):
                _clear(engine)
            raise
        yield from _fill_and_move(target, engine, documents, name, lease)


def _fill_and_move(
    target: str,
    engine: OutsideEngine,
    documents: Iterable[SearchDocument],
    name: str,
    lease: _Lease,
) -> Iterator[int]:
    started = timezone.now() - CLOCKS
    refused: DocumentRefused | None = None
    try:
        try:
            for done in engine.load(name, documents):
                lease.beat()
                yield done
        except DocumentRefused as failure:
            refused = failure
        # What is sent to the old index while the first replay runs is the second one's to repeat.
        replayed = timezone.now() - CLOCKS
        _replay(target, engine, started, name, lease)
        lease.beat(now=True)
    except BaseException:
        with suppress(EngineUnavailable):
            engine.drop(name)
        raise
    try:
        engine.swap(name)
        _replay(target, engine, replayed, name, lease)
        _clear(engine)
    except BaseException as failure:
        # Whether the alias moved may not be known: the next rebuild clears what is left over.
        _repeat(target, replayed)
        if not isinstance(failure, EngineUnavailable) or _live(engine) != name:
            raise
        logger.warning("Chỉ mục mới đã trả lời; phần còn lại chờ công cụ: %s", failure)
    else:
        # Beside the old index it would need the room of three.
        engine.compact(name)
    # What was given up has been read anew: let it be done, or say again why not.
    outbox.try_again(IndexTask.objects.filter(target=target, dead=True))
    if refused is not None:
        raise refused


def recover(target: str, engine: OutsideEngine) -> bool:
    """Clean up after a rebuild that was killed; return whether there was one.

    If its index answers already, what others sent to the old one meanwhile is sent again.
    """
    left = IndexRebuild.objects.filter(target=target, beat__lt=timezone.now() - SILENT).first()
    if left is None:
        return False
    if left.index and _live(engine) == left.index:
        _repeat(target, left.started - CLOCKS)
    _clear(engine)
    IndexRebuild.objects.filter(pk=left.pk, beat=left.beat).delete()
    return True


def _replay(target: str, engine: OutsideEngine, since: datetime, name: str, lease: _Lease) -> None:
    for keys in outbox.since(target, since):
        lease.beat()
        # What is refused has a task of its own, which says so.
        with suppress(DocumentRefused):
            outbox.feed(engine, keys, into=name)


def _repeat(target: str, since: datetime) -> None:
    """Write the tasks of a replay that did not come to its end anew."""
    for keys in outbox.since(target, since):
        for kind in sorted({kind for kind, _identity in keys}):
            outbox.write(target, kind, [identity for own, identity in keys if own == kind])


def _live(engine: OutsideEngine) -> str:
    with suppress(EngineUnavailable):
        return engine.live()
    return ""


def _clear(engine: OutsideEngine) -> None:
    """Drop every index of ours but the one that answers; what answers is asked after the list, and
    an engine that cannot say so loses nothing."""
    made = engine.made()
    behind = engine.behind()
    for name in made:
        if name not in behind:
            engine.drop(name)


class _Lease:
    """One rebuild at a time. Signs of life go through a connection of their own: on SQLite the one
    that reads the documents holds a snapshot that could not write."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._name = ""
        self._beaten = 0.0
        self._connection: BaseDatabaseWrapper | None = None

    def __enter__(self) -> _Lease:
        """Take the lease; raise `RebuildRunning` while another rebuild moves."""
        now = timezone.now()
        with transaction.atomic():
            known, _made = IndexRebuild.objects.select_for_update().get_or_create(
                target=self._target,
                defaults={"index": "", "started": now, "beat": now - 2 * SILENT},
            )
            if known.beat > now - SILENT:
                raise RebuildRunning(
                    _(
                        "Chỉ mục đang được dựng lại từ {started}. Đợi lần đó xong rồi thử lại."
                    ).format(started=timezone.localtime(known.started).strftime("%H:%M %d/%m/%Y"))
                )
            if known.index:
                # A killed rebuild may have moved the alias and owe the last changes.
                _repeat(self._target, known.started - CLOCKS)
            IndexRebuild.objects.filter(pk=known.pk).update(index="", started=now, beat=now)
        # Inside a transaction only its own connection sees what it wrote.
        if not default.in_atomic_block:
            self._connection = connections.create_connection(default.alias)
        return self

    def __exit__(self, *failure: object) -> None:
        """Give the lease back, unless another rebuild has taken it."""
        if self._connection is not None:
            self._connection.close()
        IndexRebuild.objects.filter(target=self._target, index=self._name).delete()

    def hold(self, name: str) -> None:
        """Note which index is being made."""
        IndexRebuild.objects.filter(target=self._target).update(index=name)
        self._name = name

    def beat(self, *, now: bool = False) -> None:
        """Give a sign of life from time to time; raise `RebuildRunning` when the lease is lost."""
        if not now and time.monotonic() - self._beaten < BEAT:
            return
        self._beaten = time.monotonic()
        connection = self._connection or default
        names = [connection.ops.quote_name(column) for column in ("beat", "target", "index")]
        table = connection.ops.quote_name(IndexRebuild._meta.db_table)
        moment = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {names[0]} = %s WHERE {names[1]} = %s AND {names[2]} = %s",  # noqa: S608
                [moment, self._target, self._name],
            )
            if not cursor.rowcount:
                raise RebuildRunning(_("Một lần dựng lại khác đã thay lần này."))
