"""The same page from Wagtail's own database search (modelsearch on SQLite), in the same run."""

from __future__ import annotations

import threading
import time
from itertools import islice

from tests.benchmarks.corpus import FACETS, Corpus

#: Wagtail's page takes seconds to minutes: the comparison is broken off after these many seconds.
PATIENCE = 180
#: Queries asked of Wagtail: the first of the mixed set that have plain words and no filters.
SAMPLE = 10


def compare(
    corpus: Corpus,
    count: int,
    mixed: list[tuple[str, dict[str, tuple[str, ...]]]],
) -> tuple[float, list[float], list[float]]:
    """Index the texts in Wagtail's tables and time the same pages, as many as patience allows.

    Return the seconds of indexing, and the wall and CPU milliseconds of each page.
    """
    from django.db import OperationalError, connection
    from wagtail.search.backends import get_search_backend

    from tests.benchmarks.wagtail_side.models import BenchEntry

    with connection.schema_editor() as editor:
        editor.create_model(BenchEntry)
    backend = get_search_backend("default")
    index = backend.get_index_for_model(BenchEntry)
    started = time.perf_counter()
    documents = corpus.entries(count)
    while batch := list(islice(documents, 2_000)):
        entries = BenchEntry.objects.bulk_create(
            BenchEntry(
                title=item.title,
                summary=item.summary,
                body=item.body,
                **{name: item.facets[name][0] for name in FACETS},
            )
            for item in batch
        )
        index.add_items(BenchEntry, entries)
    took = time.perf_counter() - started
    wall: list[float] = []
    cpu: list[float] = []
    plain = [typed for typed, filters in mixed if not filters and '"' not in typed][:SAMPLE]
    stop = threading.Timer(PATIENCE, connection.connection.interrupt)
    stop.start()
    try:
        for typed in plain:
            start, used = time.perf_counter(), time.process_time()
            results = backend.search(typed, BenchEntry, operator="and")
            list(results[:20])
            results.count()
            for name in FACETS:
                results.facet(name)
            wall.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    except OperationalError:
        pass  # Broken off.
    finally:
        stop.cancel()
    return took, wall, cpu
