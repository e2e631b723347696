"""Server time and SQL queries of the public pages, and the cost of one update, on many entries.

Run as `python tests/benchmarks/bench_pages.py [--entries N]`. Pages are answered by the whole
project (middleware, view, template) inside this process; each address is asked for the first time,
the process warmed by others. The engine's own time of the same queries is measured in the same run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import scratch

WORDS = [
    "may say",
    "xử lý nước thải",
    "dừa",
    "tôm",
    "cam bien",
    "phân bón hữu cơ",
    "lúa chịu mặn",
    "điện mặt trời",
    "bưởi năm roi",
    "phần mềm truy xuất",
    "gốm",
    "than hoạt tính",
    "sấy lạnh",
    "chế phẩm vi sinh",
    "cá tra",
    "kho lanh",
    "máy bóc vỏ",
    "biogas",
    "tưới nhỏ giọt",
    "đóng gói",
]
SEED = 20261123


def timed(action: Callable[[], object]) -> float:
    """Return the wall milliseconds of a call."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def show(name: str, times: list[float], queries: Iterable[int] = ()) -> None:
    """Print one line of figures."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    counts = list(queries)
    sql = f"   SQL median {statistics.median(counts):.0f}, max {max(counts)}" if counts else ""
    print(
        f"{name:<34} n={len(times):<4} median {statistics.median(times):7.1f} ms  p95 {p95:7.1f} ms{sql}"
    )


def ask(client: Any, addresses: list[str]) -> tuple[list[float], list[int]]:
    """Return the time and the number of SQL queries of each address, each a fresh 200."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, counts = [], []
    for number, address in enumerate(addresses):
        if number % 2:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200, address
            counts.append(len(captured))
        else:
            times.append(timed(lambda address=address: client.get(address)))
    return times, counts


def main() -> None:
    """Load entries and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    options = parser.parse_args()
    scratch.start(migrated=True)

    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import override_settings

    for command in ("load_reference", "sync_roles", "load_site"):
        call_command(command, verbosity=0)
    with override_settings(HUB_DEMO=True):
        start = time.perf_counter()
        call_command("load_demo", entries=options.entries)
    print(f"{options.entries} entries loaded and indexed in {time.perf_counter() - start:.1f} s")

    chance = random.Random(SEED)
    client = Client()
    market, engine = searches(chance)
    ask(client, ["/thi-truong-cong-nghe/?q=nghieu", "/", "/tim-kiem/?q=ca+phe"] * 3)
    show("engine: offers, 13 facets", [timed(action) for action in engine])
    show("page: market search", *ask(client, market))
    show(
        "page: market, no words",
        *ask(client, [f"/thi-truong-cong-nghe/?trang={n}" for n in range(1, 41)]),
    )
    show("page: directory", *ask(client, [f"/danh-ba/?trang={n}" for n in range(1, 41)]))
    show("page: home (maps kept 60 s)", *ask(client, ["/"] * 20))
    for kind in ("offer", "organisation", "lab"):
        show(f"page: {kind} detail", *ask(client, details(kind, chance)))
    show("one update (index)", updates(chance))


def searches(chance: random.Random) -> tuple[list[str], list[Callable[[], object]]]:
    """Return addresses of the market, and the same queries put to the engine."""
    from urllib.parse import urlencode

    from search import service, sources
    from search.contracts import SearchQuery

    facets = tuple(spec.name for spec in sources.facets(["offer"]))
    addresses, calls = [], []
    for number in range(100):
        typed = " ".join(dict.fromkeys(chance.sample(WORDS, 1 + number % 2)))
        addresses.append(
            "/thi-truong-cong-nghe/?" + urlencode({"q": typed, "trang": 1, "x": number})
        )
        query = SearchQuery(text=typed, kinds=("offer",), facets=facets)
        calls.append(lambda query=query: service.search(query))
    return addresses, calls


def details(kind: str, chance: random.Random) -> list[str]:
    """Return the addresses of some public entries."""
    from registry.directory.models import Entry

    ids = list(Entry.objects.public().filter(kind=kind).values_list("pk", flat=True))
    chosen = Entry.objects.filter(pk__in=chance.sample(ids, min(60, len(ids))))
    return [entry.get_absolute_url() for entry in chosen]


def updates(chance: random.Random) -> list[float]:
    """Return the milliseconds of indexing one changed offer, ready-made document in hand."""
    from django.db import transaction

    from registry.directory.models import Entry
    from search import service, sources

    ids = list(Entry.objects.public().filter(kind="offer").values_list("pk", flat=True))
    times = []
    for pk in chance.sample(ids, min(100, len(ids))):
        documents = list(sources.source("offer").documents([str(pk)]))
        with transaction.atomic():
            times.append(timed(lambda documents=documents: service.index_documents(documents)))
    return times


if __name__ == "__main__":
    main()
