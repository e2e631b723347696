"""Relevance of the search on the development sets: nDCG@10 per set and variant.

Run as `python tests/benchmarks/relevance.py [--engine embedded|elasticsearch] [--losses N]`. Queries
go through the service as a visitor's would. The embedded engine is measured on SQLite and, given
`HUB_BENCH_POSTGRES` or a `DATABASE_URL` of PostgreSQL, on a database of its own there; Elasticsearch on
the node of `HUB_TEST_ELASTICSEARCH`. `relevance_sets/README.md` tells where the sets come from.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import scratch

SETS = Path(__file__).parent / "relevance_sets"
DEPTH = 10


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a JSON lines file."""
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)


def judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Return query → document → grade."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)
    return grades


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """Return nDCG@10 with gain = grade, as trec_eval counts it."""

    def gain(values: list[int]) -> float:
        return sum(value / math.log2(place + 2) for place, value in enumerate(values[:DEPTH]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(identity, 0) for identity in found]) / best if best else 0.0


def index(folder: Path) -> None:
    """Put the documents of a set, and nothing else, into the index of the engine that answers."""
    from search import service
    from search.contracts import SearchDocument
    from search.guard import Guarded

    engine = service.engine()
    documents = (
        SearchDocument(
            kind="passage",
            id=record["id"],
            title=record["title"],
            url=f"/{record['id']}/",
            body=record["text"],
        )
        for record in read_lines(folder / "docs.jsonl")
    )
    for _count in (engine.primary if isinstance(engine, Guarded) else engine).rebuild(documents):
        pass


def measure(folder: Path, variant: str) -> tuple[float, list[tuple[float, str, list[str]]], float]:
    """Return mean nDCG@10, (score, query, found) per query, and the median milliseconds.

    Raise `RuntimeError` when another engine than the one measured answered.
    """
    from search import service
    from search.contracts import SearchQuery

    grades = judgements(folder)
    rows = []
    times = []
    for record in read_lines(folder / variant):
        if record["id"] in grades:
            started = time.perf_counter()
            page = service.search(
                SearchQuery(text=record["text"], page_size=DEPTH, highlight=False)
            )
            times.append((time.perf_counter() - started) * 1000)
            if page.degraded:
                raise RuntimeError(f"the embedded engine answered instead: {record['text']}")
            found = [hit.id for hit in page.hits]
            rows.append((ndcg(found, grades[record["id"]]), record["text"], found))
    return sum(row[0] for row in rows) / len(rows), rows, sorted(times)[len(times) // 2]


def available() -> list[str]:
    """Return what can be measured here, each an engine on a database."""
    found = ["sqlite"]
    if postgresql():
        found.append("postgresql")
    if os.environ.get("HUB_TEST_ELASTICSEARCH"):
        found.append("elasticsearch")
    return found


def postgresql() -> str:
    """Return the address of the PostgreSQL server to measure on, empty for none."""
    given = os.environ.get("HUB_BENCH_POSTGRES") or os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else ""


def one(engine: str, losses: int) -> None:
    """Print the figures of one engine, and the queries that lost most."""
    database = postgresql() if engine == "postgresql" else ""
    os.environ.pop("DATABASE_URL", None)
    if database:
        os.environ["DATABASE_URL"] = database
    os.environ["SEARCH_ENGINE"] = "embedded"
    if engine == "elasticsearch":
        os.environ["SEARCH_ENGINE"] = "search.engines.elasticsearch.ElasticsearchEngine"
        os.environ["ELASTICSEARCH_URLS"] = os.environ["HUB_TEST_ELASTICSEARCH"]
        os.environ["ELASTICSEARCH_PREFIX"] = f"hub-relevance-{os.getpid()}"
    scratch.start()
    try:
        for folder in sorted(path for path in SETS.iterdir() if path.is_dir()):
            index(folder)
            for path in sorted(folder.glob("queries*.jsonl")):
                mean, rows, milliseconds = measure(folder, path.name)
                name = path.name.removesuffix(".jsonl")
                print(
                    f"{engine:<14} {folder.name:<12} {name:<22} {len(rows):>7} {mean:>8.4f} "
                    f"{milliseconds:>6.1f}",
                    flush=True,
                )
                for score, text, found in sorted(rows)[:losses]:
                    print(f"    {score:.2f}  {text}  → {', '.join(found[:3])}", flush=True)
    finally:
        if engine == "elasticsearch":
            forget()


def forget() -> None:
    """Drop the indices this measurement made on the node."""
    from search.engines.elasticsearch import ElasticsearchEngine

    made = ElasticsearchEngine()
    for name in made.indices.all():
        made.drop(name)


def main() -> None:
    """Print the figures of every engine there is, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", type=int, default=0)
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"))
    parser.add_argument("--one", choices=("sqlite", "postgresql", "elasticsearch"))
    options = parser.parse_args()
    if options.one:
        one(options.one, options.losses)
        return
    print(f"{'engine':<14} {'set':<12} {'variant':<22} {'queries':>7} {'nDCG@10':>8} {'ms':>6}")
    sys.stdout.flush()
    failed = 0
    for name in available():
        if options.engine and (name == "elasticsearch") != (options.engine == "elasticsearch"):
            continue
        command = [sys.executable, __file__, "--one", name, "--losses", str(options.losses)]
        failed |= subprocess.run(command, check=False).returncode
    sys.exit(failed)


if __name__ == "__main__":
    main()
