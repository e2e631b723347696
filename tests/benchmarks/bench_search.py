"""Speed of the embedded engine on 100,000 entries, beside Wagtail's own database search.

Run as `python tests/benchmarks/bench_search.py [--entries N] [--no-wagtail]`. A page is 20 hits,
their highlights and the counts of 13 facets. Every query of the measured sets is asked for the
first time; the process has been warmed by other queries. No answer is kept between queries.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import scratch


def percentile(values: list[float], share: float) -> float:
    """Return the value below which the share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def report(name: str, wall: list[float], cpu: list[float]) -> None:
    """Print one line of figures, in milliseconds."""
    print(
        f"{name:<44} n={len(wall):<4} median {statistics.median(wall):7.2f}  "
        f"p95 {percentile(wall, 0.95):7.2f}  max {max(wall):7.2f}   "
        f"(CPU {statistics.median(cpu):7.2f} / {percentile(cpu, 0.95):7.2f})",
        flush=True,
    )


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return (wall, CPU) milliseconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def measure(name: str, actions: Iterable[Callable[[], object]]) -> None:
    """Time each call once and print the figures."""
    times = [timed(action) for action in actions]
    report(name, [item[0] for item in times], [item[1] for item in times])


def pages(queries: list[tuple[str, dict[str, tuple[str, ...]]]]) -> list[Callable[[], object]]:
    """Return a call per query: one page of offers with all facets."""
    from search import service
    from search.contracts import SearchQuery
    from tests.benchmarks.corpus import FACETS

    names = tuple(FACETS)

    def ask(typed: str, filters: dict[str, tuple[str, ...]]) -> Callable[[], object]:
        return lambda: service.search(
            SearchQuery(text=typed, kinds=("offer",), filters=filters, facets=names)
        )

    return [ask(typed, filters) for typed, filters in queries]


def main() -> None:
    """Build the index and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--no-wagtail", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if not options.no_wagtail:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")
    scratch.start(migrated=not options.no_wagtail)

    from search import service, sources
    from search.contracts import SearchQuery, Sort
    from tests.benchmarks.corpus import BROAD, Corpus, specs

    sources._facets.clear()
    sources._facets.update({spec.name: spec for spec in specs()})
    corpus = Corpus()
    engine = service.embedded()
    started = time.perf_counter()
    for done in engine.rebuild(corpus.entries(options.entries)):
        if done % 20_000 == 0:
            print(
                f"  {done:,} entries, {done / (time.perf_counter() - started):,.0f}/s", flush=True
            )
    took = time.perf_counter() - started
    print(f"rebuild: {options.entries:,} entries in {took:.1f} s ({options.entries / took:,.0f}/s)")
    wall, _cpu = timed(lambda: service.search(SearchQuery()))
    print(f"first answer of a new process (bitmaps read from the tables): {wall:.0f} ms")

    mixed = corpus.mixed(200, seed=1)
    broad = [(typed, {}) for typed in BROAD[:40]]
    measure("cold: 40 very broad queries", pages(broad))
    for action in pages(corpus.mixed(1_500, seed=2)):
        action()
    if options.profile:
        profile(pages(mixed))
        return
    measure("warm: 200 mixed queries, first time asked", pages(mixed))
    measure("warm: 200 mixed queries, asked again", pages(mixed))
    measure("warm: 40 very broad queries", pages(broad))
    chance = random.Random(3)
    deep = [(typed, chance.randint(2, 50)) for typed, _ in broad]
    measure(
        "page 2-50 of 40 very broad queries, no facets",
        [
            lambda typed=typed, page=page: service.search(
                SearchQuery(text=typed, kinds=("offer",), page=page)
            )
            for typed, page in deep
        ],
    )
    for sort in (Sort.CONFIRMED, Sort.READINESS, Sort.TITLE):
        measure(
            f"browsing without words, sorted by {sort.value}",
            pages_sorted(sort, [filters for _, filters in mixed[:50]]),
        )
    measure(
        "autocomplete, 3-6 letters",
        [
            lambda typed=typed: service.suggest(typed, ("offer",))
            for typed in [text[: chance.randint(3, 6)] for text, _ in mixed]
        ],
    )
    entries = list(corpus.entries(100))
    measure("update of one entry", [lambda entry=entry: engine.index([entry]) for entry in entries])
    measure(
        "broad page right after an update",
        [
            lambda pair=pair: (engine.index([pair[0]]), pair[1]())
            for pair in zip(entries, pages(broad), strict=False)
        ],
    )
    print(f"memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if not options.no_wagtail:
        from tests.benchmarks import wagtail_search

        took, own_wall, own_cpu = wagtail_search.compare(corpus, options.entries, mixed)
        print(f"Wagtail database search: {options.entries:,} entries indexed in {took:.0f} s")
        print(f"  {len(own_wall)} of {wagtail_search.SAMPLE} pages in {wagtail_search.PATIENCE} s")
        if own_wall:
            report("Wagtail: 20 hits and 13 facets, no highlights", own_wall, own_cpu)


def pages_sorted(
    sort: object, filters: list[dict[str, tuple[str, ...]]]
) -> list[Callable[[], object]]:
    """Return a call per filter set: one page without words, all facets."""
    from search import service
    from search.contracts import SearchQuery
    from tests.benchmarks.corpus import FACETS

    return [
        lambda chosen=chosen: service.search(
            SearchQuery(kinds=("offer",), filters=chosen, facets=tuple(FACETS), sort=sort)
        )
        for chosen in filters
    ]


def profile(actions: list[Callable[[], object]]) -> None:
    """Print where the time of the calls goes."""
    import cProfile
    import pstats

    with cProfile.Profile() as profiler:
        for action in actions:
            action()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
