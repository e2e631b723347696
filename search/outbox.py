"""Feeding an engine outside the database: tasks written with the change, drained after commit."""

from __future__ import annotations

from collections.abc import Iterable

from search import sources
from search.contracts import SearchEngine
from search.models import IndexTask

BATCH = 500


def write(target: str, kind: str, ids: Iterable[str]) -> None:
    """Note, in the caller's transaction, that the target must read these objects again."""
    IndexTask.objects.bulk_create(
        [IndexTask(target=target, kind=kind, object_id=identity) for identity in ids]
    )


def drain(target: str, engine: SearchEngine, limit: int = BATCH) -> int:
    """Work off up to `limit` tasks in the order they were written; return how many.

    Objects are read anew through their source: found, they are indexed; not found, deleted. Tasks
    go only after the engine took the change, so an engine that fails loses nothing.
    """
    tasks = list(IndexTask.objects.filter(target=target).order_by("id")[:limit])
    for kind in dict.fromkeys(task.kind for task in tasks):
        own = [task for task in tasks if task.kind == kind]
        ids = list(dict.fromkeys(task.object_id for task in own))
        documents = list(sources.source(kind).documents(ids))
        found = {document.id for document in documents}
        engine.delete((kind, identity) for identity in ids if identity not in found)
        engine.index(documents)
        IndexTask.objects.filter(pk__in=[task.pk for task in own]).delete()
    return len(tasks)
