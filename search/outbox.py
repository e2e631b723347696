"""Feeding an engine outside the database: tasks written with the change, worked off after it.

A task names an object, never its content: the object is read anew when its turn comes, so tasks may
be repeated, late or out of order. What an engine holds is ordered by a version drawn just before the
read; a version drawn earlier, or taken from the task, would lose a related change that commits
between the two.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from search import sources
from search.contracts import DocumentRefused, EngineUnavailable, RequestFailed, SearchDocument
from search.models import IndexTask, IndexVersion

logger = logging.getLogger("hub.search")

BATCH = 500
#: Tries before a task waits for a person.
TRIES = 20
#: Whoever took tasks and was killed gives them back after so long.
LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=15)
#: Doubled so often, a wait is longer than the longest.
DOUBLED = 10
#: What the column of tries holds.
MOST_TRIES = 32_767
#: So long a kind this process does not know may be one of newer code: during an upgrade both run.
NEW_KIND = timedelta(hours=1)
#: Done tasks are kept so long for rebuilds under way.
KEPT = timedelta(days=2)


class FedEngine(Protocol):
    """What the outbox needs of an engine outside the database."""

    def index(
        self, documents: Iterable[SearchDocument], *, version: int | None = None, into: str = ""
    ) -> int:
        """Add or replace documents, unless a newer version stands."""

    def delete(
        self, keys: Iterable[tuple[str, str]], *, version: int | None = None, into: str = ""
    ) -> int:
        """Forget objects, unless a newer version stands."""

    def count(self) -> int:
        """Return the number of documents held."""


def write(target: str, kind: str, ids: Iterable[str]) -> None:
    """Note, in the caller's transaction, that the target must read these objects again."""
    IndexTask.objects.bulk_create(
        [IndexTask(target=target, kind=kind, object_id=identity) for identity in ids],
        batch_size=BATCH,
    )


def next_version() -> int:
    """Return a number above all that were drawn before.

    Never below the clock's milliseconds: after a restored backup the count goes on above what the
    engine has seen.
    """
    table = connection.ops.quote_name(IndexVersion._meta.db_table)
    now = time.time_ns() // 1_000_000
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, value) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET value = "  # noqa: S608
            f"CASE WHEN {table}.value >= %s THEN {table}.value + 1 ELSE %s END RETURNING value",
            [now, now, now],
        )
        return int(cursor.fetchone()[0])


def waiting(target: str) -> QuerySet[IndexTask]:
    """Return the tasks still to be done, dead ones aside, in order."""
    return IndexTask.objects.filter(target=target, done_at__isnull=True, dead=False).order_by("id")


def drain(
    target: str, engine: FedEngine, limit: int = BATCH, *, now: datetime | None = None
) -> int:
    """Work off up to `limit` tasks that are due, in the order they were written; return how many.

    Raises `EngineUnavailable` when the engine is out of reach: nothing is lost, no try is counted.
    An object the engine refuses, or that cannot be read, is tried again later, the others go on.
    """
    at = now or timezone.now()
    tasks = _claim(target, limit, at)
    if not tasks:
        return 0
    settled = _settled_with(tasks)
    try:
        feed(engine, [(task.kind, task.object_id) for task in tasks])
    except EngineUnavailable as failure:
        if not _answers(engine):
            _give_back(tasks)
            raise
        _one_by_one(engine, tasks, at, failure)
    except Exception as failure:
        # One bad object must not keep the others: each is tried by itself, and the reason kept.
        _one_by_one(engine, tasks, at, failure)
    else:
        _done(settled)
    return len(tasks)


def feed(engine: FedEngine, keys: Sequence[tuple[str, str]], *, into: str = "") -> None:
    """Bring the engine in line with what is public of these (kind, id) objects.

    Raises `EngineUnavailable`, `DocumentRefused`, or whatever a source raises.
    """
    for kind in dict.fromkeys(kind for kind, _identity in keys):
        ids = list(dict.fromkeys(identity for other, identity in keys if other == kind))
        version = next_version()
        documents = []
        if sources.is_known(kind):
            documents = list(sources.source(kind).documents(ids))
        else:
            # Of a kind that is no more, nothing is public.
            logger.warning("Loại %s không còn: bỏ %d mục khỏi chỉ mục", kind, len(ids))
        found = {document.id for document in documents}
        gone = [(kind, identity) for identity in ids if identity not in found]
        if gone:
            engine.delete(gone, version=version, into=into)
        if documents:
            engine.index(documents, version=version, into=into)


def since(target: str, moment: datetime) -> Iterator[list[tuple[str, str]]]:
    """Yield, in batches, the objects some process has sent, or is sending, since the moment.

    Judged by when a task was done, not by its number: numbers are given before they are committed.
    A task nobody has taken yet needs nothing: it will be sent to the index that answers then.
    """
    tasks = IndexTask.objects.filter(target=target).filter(
        Q(done_at__gte=moment) | Q(done_at__isnull=True, next_try_at__isnull=False)
    )
    found = tasks.order_by("id").values_list("kind", "object_id")
    keys = list(dict.fromkeys(found.iterator(chunk_size=5_000)))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def try_again(tasks: QuerySet[IndexTask]) -> int:
    """Let dead or waiting tasks be tried at once; return how many."""
    return tasks.filter(done_at__isnull=True).update(dead=False, attempts=0, next_try_at=None)


def prune(now: datetime | None = None) -> int:
    """Delete tasks done long ago; return how many."""
    old = IndexTask.objects.filter(done_at__lt=(now or timezone.now()) - KEPT)
    return old._raw_delete(old.db)


def _claim(target: str, limit: int, at: datetime) -> list[IndexTask]:
    """Take due tasks for the length of a lease. No lock is held while the engine is asked."""
    known = [source.kind for source in sources.sources()]
    due = waiting(target).filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=at),
        Q(kind__in=known) | Q(created__lte=at - NEW_KIND),
    )
    if not due.exists():
        return []
    with transaction.atomic():
        tasks = list(_locked(due)[:limit])
        IndexTask.objects.filter(pk__in=[task.pk for task in tasks]).update(next_try_at=at + LEASE)
    return tasks


def _settled_with(tasks: list[IndexTask]) -> list[int]:
    """Return the other open tasks of the same objects: reading these now settles those too.

    Taken before the objects are read: a task seen later may tell of a change not read.
    """
    objects: dict[str, set[str]] = {}
    for task in tasks:
        objects.setdefault(task.kind, set()).add(task.object_id)
    open_tasks = IndexTask.objects.filter(target=tasks[0].target, done_at__isnull=True)
    return [
        pk
        for kind, identities in objects.items()
        for pk in open_tasks.filter(kind=kind, object_id__in=identities).values_list(
            "pk", flat=True
        )
    ]


def _one_by_one(
    engine: FedEngine, tasks: list[IndexTask], at: datetime, failure: Exception
) -> None:
    objects: dict[tuple[str, str], list[IndexTask]] = {}
    for task in tasks:
        objects.setdefault((task.kind, task.object_id), []).append(task)
    if len(objects) > 1:
        logger.warning("Có mục trong %d mục không đưa vào chỉ mục được: %r", len(objects), failure)
    stuck: list[str] = []
    while objects:
        key = next(iter(objects))
        settled = _settled_with(objects[key])
        try:
            feed(engine, [key])
        except EngineUnavailable as error:
            if not _answers(engine):
                _give_back([task for own in objects.values() for task in own])
                raise
            if _failed(objects[key], error, at) == TRIES and not isinstance(error, RequestFailed):
                stuck.append(_reason(error))
        except Exception as error:
            _failed(objects[key], error, at)
        else:
            _done(settled)
        del objects[key]
    if stuck:
        logger.error(
            "Máy tìm kiếm từ chối %d mục đã %d lần, vẫn thử tiếp: %s", len(stuck), TRIES, stuck[0]
        )


def _answers(engine: FedEngine) -> bool:
    try:
        engine.count()
    except EngineUnavailable:
        return False
    return True


def _done(tasks: list[int]) -> None:
    moment = timezone.now()
    for start in range(0, len(tasks), BATCH):
        with transaction.atomic():
            # In order, and without waiting for whoever marks the same ones: no deadlock.
            free = list(
                _locked(IndexTask.objects.filter(pk__in=tasks[start : start + BATCH]))
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            IndexTask.objects.filter(pk__in=free).update(
                done_at=moment, next_try_at=None, last_error="", dead=False
            )


def _locked(tasks: QuerySet[IndexTask]) -> QuerySet[IndexTask]:
    """Lock the tasks nobody else has locked. SQLite lets one writing transaction in at a time."""
    return tasks.select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )


def _give_back(tasks: list[IndexTask]) -> None:
    """Free the tasks at once: the engine was away, which is no fault of theirs."""
    IndexTask.objects.filter(pk__in=[task.pk for task in tasks]).update(next_try_at=None)


def _failed(tasks: list[IndexTask], error: Exception, at: datetime) -> int:
    """Let the tasks wait, after `TRIES` for a person; return how often they were tried.

    What an engine refuses that takes nothing (a full disk) is tried for as long as it lasts.
    """
    reason = _reason(error)
    tries = min(max(task.attempts for task in tasks) + 1, MOST_TRIES)
    own = isinstance(error, RequestFailed) or not isinstance(error, EngineUnavailable)
    if own and tries > TRIES:  # so often only an engine was at fault: its own tries begin now
        tries = 1
    dead = own and tries == TRIES
    IndexTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
        attempts=tries,
        last_error=reason,
        dead=dead,
        next_try_at=at + _wait(tries),
    )
    if dead:
        logger.error(
            "Ngừng thử đưa %s %s vào chỉ mục sau %d lần: %s",
            tasks[0].kind,
            tasks[0].object_id,
            tries,
            reason,
        )
    return tries


def _reason(error: Exception) -> str:
    shown = str(error) if isinstance(error, DocumentRefused) else f"{type(error).__name__}: {error}"
    return shown[:1_000]


def _wait(tries: int) -> timedelta:
    """Return twice as long each time, spread so that tasks that failed together do not return so."""
    seconds = min(2.0 ** min(tries, DOUBLED), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))  # noqa: S311
