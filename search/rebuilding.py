"""Making the index of an engine outside the database anew while the old one answers.

New index → everything in bulk → the tasks not done when it began → the alias moves → once more the
tasks, for what was written to the old index meanwhile → the old index goes. Whatever stops it, the
alias and the old index stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from search import outbox
from search.contracts import DocumentRefused, EngineUnavailable, SearchDocument
from search.engines.embedded.rebuilding import RebuildRunning
from search.guard import OutsideEngine
from search.models import IndexRebuild

#: A rebuild that wrote nothing for so long was killed.
SILENT = timedelta(minutes=5)
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
    name = _begin(target, engine)
    swapped = False
    refused: DocumentRefused | None = None
    try:
        started = timezone.now() - CLOCKS
        try:
            for done in engine.load(name, documents):
                _beat(target, name)
                yield done
        except DocumentRefused as failure:
            refused = failure
        # The swap makes the new index answer; from here on tasks are written to it.
        _replay(target, engine, started, into=name)
        moved = timezone.now() - CLOCKS
        _beat(target, name)
        engine.swap(name)
        swapped = True
        _replay(target, engine, moved)
    finally:
        _end(target, engine, name, keep=swapped)
    if refused is not None:
        raise refused


def _begin(target: str, engine: OutsideEngine) -> str:
    """Note the rebuild and make its index; what a killed one left behind goes."""
    now = timezone.now()
    with transaction.atomic():
        known = IndexRebuild.objects.select_for_update().filter(target=target).first()
        if known and known.beat > now - SILENT:
            raise RebuildRunning(
                _("Chỉ mục đang được dựng lại từ {started}. Đợi lần đó xong rồi thử lại.").format(
                    started=timezone.localtime(known.started).strftime("%H:%M %d/%m/%Y")
                )
            )
        IndexRebuild.objects.update_or_create(
            target=target, defaults={"index": "", "started": now, "beat": now}
        )
    try:
        _clear(engine, keep="")
        name = engine.create()
    except BaseException:
        IndexRebuild.objects.filter(target=target).delete()
        raise
    IndexRebuild.objects.filter(target=target).update(index=name)
    return name


def _beat(target: str, name: str) -> None:
    """Say that this rebuild still moves; raise `RebuildRunning` when another took its place."""
    own = IndexRebuild.objects.filter(target=target, index=name)
    if not own.update(beat=timezone.now()):
        raise RebuildRunning(_("Một lần dựng lại khác đã thay lần này."))


def _replay(target: str, engine: OutsideEngine, since: datetime, *, into: str = "") -> None:
    for keys in outbox.since(target, since):
        # What is refused has a task of its own, which says so.
        with suppress(DocumentRefused):
            outbox.feed(engine, keys, into=into)


def _end(target: str, engine: OutsideEngine, name: str, *, keep: bool) -> None:
    """Drop the old index, or the half-built one; what cannot be dropped now goes at the next rebuild."""
    IndexRebuild.objects.filter(target=target, index=name).delete()
    with suppress(EngineUnavailable):
        if keep:
            _clear(engine, keep=name)
        else:
            engine.drop(name)


def _clear(engine: OutsideEngine, *, keep: str) -> None:
    """Drop every index of ours but the one that answers."""
    live = keep
    if not live:
        with suppress(EngineUnavailable):
            live = engine.live()
    for name in engine.made():
        if name != live:
            engine.drop(name)
