"""Every engine on the same entries and questions, beside the bare Elasticsearch query, in one run.

Run as `python tests/benchmarks/bench_engines.py [--sizes 10000,100000] [--graph FILE] [--results FILE]`.
A page is 20 hits, their highlights and the counts of 13 facets. The embedded engine runs on SQLite,
and on the PostgreSQL that `HUB_BENCH_POSTGRES` names; Elasticsearch on the node of
`HUB_TEST_ELASTICSEARCH`; Wagtail's own database search on SQLite. Each engine and size has a process of
its own, so that its memory is its own. What a results file holds already is not measured again.
Milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import scratch
from tests.benchmarks.bench_search import pages, percentile

ROUNDS = 3
QUESTIONS = 200
WARMING = 600
BULK = 1_000
#: Entries the composing of documents, and the bare bulk request, are timed with at most.
SAMPLE = 20_000
BULK_SAMPLE = 100_000
SMALL = 10_000
#: With more entries than these a process is given more memory for its lists.
LARGE = 100_000
LARGE_MEMORY_MB = 400
#: The most entries Wagtail's own search is asked about: its page takes minutes.
WAGTAIL_SIZE = 100_000
ENGINES = ("sqlite", "postgresql", "elasticsearch", "wagtail")


def main() -> None:
    """Measure one engine (`--one`), or all of them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--one", choices=ENGINES)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.one:
        print(json.dumps(one(options.one, sizes[0])))
        return
    rows: list[dict[str, Any]] = []
    if options.results and options.results.exists():
        rows = list(map(json.loads, options.results.read_text(encoding="utf-8").splitlines()))
    known = {(row["engine"], row["entries"]) for row in rows}
    for size in sizes:
        for engine in available():
            wanted = engine in options.engines.split(",") and (engine, size) not in known
            if wanted and (engine != "wagtail" or size <= WAGTAIL_SIZE):
                row = ask(engine, size)
                if row is None:
                    continue
                rows.append(row)
                if options.results:
                    with options.results.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(rows[-1]) + "\n")
    show(rows)
    if options.graph:
        from tests.benchmarks.graph import draw

        options.graph.write_text(draw(rows), encoding="utf-8")
        print(f"graph: {options.graph}")


def available() -> list[str]:
    """Return the engines that can be measured here."""
    found = ["sqlite"]
    if os.environ.get("HUB_BENCH_POSTGRES"):
        found.append("postgresql")
    if os.environ.get("HUB_TEST_ELASTICSEARCH"):
        found.append("elasticsearch")
    return [*found, "wagtail"]


def ask(engine: str, size: int) -> dict[str, Any] | None:
    """Measure an engine in a process of its own; return nothing when it fails: the others go on."""
    print(f"… {engine}, {size:,} entries", file=sys.stderr, flush=True)
    command = [sys.executable, __file__, "--one", engine, "--sizes", str(size)]
    before = os.getloadavg()[0]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"  failed: {engine}, {size:,} entries", file=sys.stderr, flush=True)
        return None
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    # The machine's load of the last minute before, and of the last quarter of an hour.
    return row | {"load": [round(before, 1), round(os.getloadavg()[2], 1)]}


def one(name: str, size: int) -> dict[str, Any]:
    """Return the figures of one engine at one size."""
    if name == "postgresql":
        os.environ["DATABASE_URL"] = os.environ["HUB_BENCH_POSTGRES"]
    else:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("HUB_BENCH_POSTGRES", None)
    if name == "elasticsearch":
        os.environ["SEARCH_ENGINE"] = "search.engines.elasticsearch.ElasticsearchEngine"
        os.environ["ELASTICSEARCH_URLS"] = os.environ["HUB_TEST_ELASTICSEARCH"]
        os.environ["ELASTICSEARCH_PREFIX"] = "hub-bench"
    else:
        os.environ["SEARCH_ENGINE"] = "embedded"
    if size > LARGE:
        os.environ.setdefault("SEARCH_MEMORY_MB", str(LARGE_MEMORY_MB))
    if name == "wagtail":
        return wagtail(size)
    scratch.start()

    from django.conf import settings

    from search import service, sources
    from tests.benchmarks.corpus import BROAD, Corpus, specs
    from tests.factories.hostile import HOSTILE

    sources._facets.clear()
    sources._facets.update({spec.name: spec for spec in specs()})
    corpus = Corpus()
    engine = primary()
    few = min(size, SAMPLE)
    composing = rate(few, lambda: sum(1 for _ in corpus.entries(few)))
    before = peak()
    # A small index is built several times, in turn with the bare requests: a node starts cold.
    rounds = ROUNDS if size <= SMALL else 1
    building, bulk = [], []
    grown = 0
    for _ in range(rounds):
        building.append(rate(size, lambda: list(engine.rebuild(corpus.entries(size)))))
        grown = grown or peak() - before
        if name == "elasticsearch":
            # Done in the background; the bare request is not to be measured beside it.
            pieces = scratch.wait_for_pieces(engine)
            bulk.append(bare_bulk(engine, corpus, min(size, BULK_SAMPLE)))
    row: dict[str, Any] = {
        "engine": name,
        "entries": size,
        "compose_rate": composing,
        "build_rate": median(building),
        "build_mb": grown,
        "memory_mb": settings.SEARCH_MEMORY_MB,
    }
    if bulk:
        row["pieces_seconds"] = pieces
        row["bulk_rate"] = median(bulk)
        row["build_to_bulk"] = median(
            [own / bare for own, bare in zip(building, bulk, strict=True)]
        )
    mixed, broad = corpus.mixed(QUESTIONS, seed=1), [(typed, {}) for typed in BROAD[:40]]
    for action in pages(corpus.mixed(WARMING, seed=2)):
        clock(action)
    late.clear()
    row |= asked("first", pages(mixed))
    if name == "elasticsearch":
        row |= beside_bare(engine, pages(mixed), pages(broad))
    else:
        row |= asked("mixed", pages(mixed) * ROUNDS) | asked("broad", pages(broad) * ROUNDS)
    typed = [text[:length] for (text, _), length in zip(mixed, [3, 4, 5, 6] * 50, strict=True)]
    row |= asked("suggest", [lambda t=t: service.suggest(t, ("offer",)) for t in typed])
    # The median, and the worst: one that takes long is what they are asked for.
    row |= asked("hostile", pages([(text, {}) for text in HOSTILE]) * ROUNDS, share=1)
    changed = list(corpus.entries(100))
    row |= asked("update", [lambda d=d: engine.index([d]) for d in changed])
    row["total_mb"] = peak()
    row["late"] = len(late)
    return row


#: Questions the engine did not answer within its read timeout.
late: list[Exception] = []


def clock(action: Callable[[], object]) -> float:
    """Return the milliseconds of a question; one not answered in time is noted, and counts as it waited."""
    from elastic_transport import TransportError

    from search.contracts import EngineUnavailable, InvalidQuery

    started = time.perf_counter()
    try:
        action()
    except InvalidQuery:
        pass  # too long: a plain no is an answer
    except (EngineUnavailable, TransportError) as failure:
        # A bare request knows nothing of our error.
        late.append(failure)
    return (time.perf_counter() - started) * 1000


def asked(
    name: str, actions: list[Callable[[], object]], share: float = 0.95
) -> dict[str, list[float]]:
    """Return the (median, p95) of some questions, and of the CPU time this process spent on each.

    Of another share than p95; of 1 it is the worst.
    """
    wall, cpu = [], []
    for action in actions:
        used = time.process_time()
        wall.append(clock(action))
        cpu.append((time.process_time() - used) * 1000)
    return {name: spread(wall, share), f"{name}_cpu": spread(cpu, share)}


def wagtail(size: int) -> dict[str, Any]:
    """Return the figures of Wagtail's own database search, as far as patience allows."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    scratch.start(migrated=True)

    from tests.benchmarks import wagtail_search
    from tests.benchmarks.corpus import Corpus

    corpus = Corpus()
    before = peak()
    took, wall, _cpu = wagtail_search.compare(corpus, size, corpus.mixed(QUESTIONS, seed=1))
    return {
        "engine": "wagtail",
        "entries": size,
        "build_rate": size / took,
        "build_mb": peak() - before,
        "total_mb": peak(),
        "asked": len(wall),
    } | ({"first": spread(wall)} if wall else {})


def primary() -> Any:
    """Return the engine itself, not the guard before it: nothing may answer in its place."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from search import service

    if settings.SEARCH_ENGINE == "embedded":
        return service.embedded()
    engine = import_string(settings.SEARCH_ENGINE)()
    service.engine = lambda: engine
    return engine


def bare_bulk(engine: Any, corpus: Any, size: int) -> float:
    """Return the documents per second of the bare bulk request: bodies ready, nothing else done."""
    from search.engines.elasticsearch.documents import sources_of
    from search.engines.facets import Hierarchy

    total, took = 0, 0.0
    rolled = Hierarchy()
    name = engine.create()
    documents: Iterator[Any] = corpus.entries(size)
    while batch := list(islice(documents, BULK)):
        operations: list[dict[str, Any]] = []
        for key, body in sources_of(batch, rolled):
            operations += [{"index": {"_id": key}}, body]
        started = time.perf_counter()
        engine.client.options(request_timeout=60).bulk(index=name, operations=operations)
        took += time.perf_counter() - started
        total += len(batch)
    engine.drop(name)
    return total / took


def beside_bare(
    engine: Any, mixed: list[Callable[[], object]], broad: list[Callable[[], object]]
) -> dict[str, Any]:
    """Time each page and, right after it, the same requests sent bare (bodies ready, JSON unread)."""
    sent: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    transport = engine.client.transport
    perform = transport.perform_request

    def recording(*args: Any, **kwargs: Any) -> Any:
        sent.append((args, kwargs))
        return perform(*args, **kwargs)

    found: dict[str, Any] = {}
    for name, actions in (("mixed", mixed), ("broad", broad)):
        page, bare, cpu = [], [], []
        for _ in range(ROUNDS):
            for action in actions:
                sent.clear()
                transport.perform_request = recording
                used = time.process_time()
                page.append(clock(action))
                cpu.append((time.process_time() - used) * 1000)
                transport.perform_request = perform
                again = list(sent)
                bare.append(clock(lambda again=again: [perform(*args, **kw) for args, kw in again]))
        found |= {name: spread(page), f"{name}_bare": spread(bare), f"{name}_cpu": spread(cpu)}
    return found


def rate(count: int, action: Callable[[], object]) -> float:
    """Return how many a second."""
    started = time.perf_counter()
    action()
    return count / (time.perf_counter() - started)


def spread(values: list[float], most: float = 0.95) -> list[float]:
    """Return (median, p95), or of another share."""
    return [round(percentile(values, share), 2) for share in (0.5, most)]


def peak() -> int:
    """Return the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table, median / p95 (of the hostile questions median / worst)."""
    columns = ("first", "mixed", "mixed_cpu", "mixed_bare", "broad", "broad_cpu", "broad_bare")
    columns += ("suggest", "suggest_cpu", "hostile", "hostile_cpu", "update", "update_cpu")
    print(f"{'engine':<14} {'entries':>9} " + " ".join(f"{name:>15}" for name in columns))
    for row in rows:
        cells = [
            f"{row[name][0]:.1f} / {row[name][1]:.1f}" if name in row else "" for name in columns
        ]
        print(
            f"{row['engine']:<14} {row['entries']:>9,} " + " ".join(f"{cell:>15}" for cell in cells)
        )
    for row in rows:
        line = (
            f"{row['engine']}, {row['entries']:,}: built at {row['build_rate']:,.0f}/s, "
            f"memory +{row['build_mb']} MB, in all {row['total_mb']} MB; "
            f"load {row['load'][0]} before, {row['load'][1]} during"
        )
        if "compose_rate" in row:
            line += f"; composing alone {row['compose_rate']:,.0f}/s; late {row['late']}"
        if "bulk_rate" in row:
            line += (
                f"; put into few pieces {row.get('pieces_seconds', 0):.0f} s after; "
                f"bare bulk {row['bulk_rate']:,.0f}/s, build : bulk = {row['build_to_bulk']:.2f}; page : bare = "
                f"{row['mixed'][0] / row['mixed_bare'][0]:.2f} (mixed), "
                f"{row['broad'][0] / row['broad_bare'][0]:.2f} (broad)"
            )
        print(line)


if __name__ == "__main__":
    main()
