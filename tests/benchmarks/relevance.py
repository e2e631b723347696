"""Relevance of the search on the development sets: nDCG@10 per set and variant.

Run as `python tests/benchmarks/relevance.py [--losses N]`. Queries go through the service as a
visitor's would. `relevance_sets/README.md` tells where the sets come from.
"""

from __future__ import annotations

import argparse
import json
import math
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


def index(folder: Path) -> int:
    """Put the documents of a set into the (emptied) index."""
    from search import service
    from search.contracts import SearchDocument
    from search.engines.embedded import tables

    tables.prepare("default", cleared=True)
    return service.index_documents(
        SearchDocument(
            kind="passage",
            id=record["id"],
            title=record["title"],
            url=f"/{record['id']}/",
            body=record["text"],
        )
        for record in read_lines(folder / "docs.jsonl")
    )


def measure(folder: Path, variant: str) -> tuple[float, list[tuple[float, str, list[str]]], float]:
    """Return mean nDCG@10, (score, query, found) per query, and the median milliseconds."""
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
            found = [hit.id for hit in page.hits]
            rows.append((ndcg(found, grades[record["id"]]), record["text"], found))
    return sum(row[0] for row in rows) / len(rows), rows, sorted(times)[len(times) // 2]


def main() -> None:
    """Print the figures; with `--losses`, the queries that lost most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", type=int, default=0)
    options = parser.parse_args()
    scratch.start()
    print(f"{'set':<12} {'variant':<24} {'queries':>7} {'nDCG@10':>8} {'ms':>6}")
    for folder in sorted(SETS.iterdir()):
        if folder.is_dir():
            index(folder)
            for path in sorted(folder.glob("queries*.jsonl")):
                mean, rows, milliseconds = measure(folder, path.name)
                name = path.name.removesuffix(".jsonl")
                print(
                    f"{folder.name:<12} {name:<24} {len(rows):>7} {mean:>8.4f} {milliseconds:>6.1f}"
                )
                for score, text, found in sorted(rows)[: options.losses]:
                    print(f"    {score:.2f}  {text}  → {', '.join(found[:3])}")


if __name__ == "__main__":
    main()
