"""Server time and SQL queries of the public pages, and the cost of one update, on many entries.

Run as `python tests/benchmarks/bench_pages.py [--entries N] [--load SECONDS]`. The database is a scratch SQLite file, or
one on the server `HUB_BENCH_POSTGRES` names; with `HUB_TEST_ELASTICSEARCH` that node answers. Pages are
answered by the whole project (middleware, view, template) inside this process, the process warmed by
others. Searches and suggestions are asked some times before they are timed; then the engine and the
page answer each in turn, so that neither meets warmer servers than the other.
"""

from __future__ import annotations

import argparse
import logging
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import load
from tests.benchmarks.whole_site import WORDS, fill

SEED = 20261123
PAGES_OF_A_TYPE = 20
#: Times every question is asked before it is timed: a node that has just started compiles as it is asked.
WARM = 10
OTHERS = {
    "hall of winners": "/giai-thuong/?xem=vinh-danh",
    "events of a month": "/su-kien/?xem=thang",
    "support, the questions": "/ho-tro/",
    "home in English": "/en/",
    "search over everything": "/tim-kiem/?q=dừa",
    "feed of the news": "/nguon-tin/tin-tuc.rss",
    "feed of a search": "/nguon-tin/thi-truong-cong-nghe.rss?q=dừa",
    "site map": "/sitemap.xml",
    "site map, pages": "/sitemap-trang.xml",
    "site map, 5,000 entries": "/sitemap-ho-so.xml",
}


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


def beside(name: str, client: Any, addresses: list[str], calls: list[Callable[[], object]]) -> None:
    """Print the time of questions put to the engine and to the page that asks it, and what it adds."""
    times: list[tuple[float, float]] = []
    counts: list[int] = []
    for _round in range(WARM):
        _warm, counts = ask(client, addresses)
    for number, (address, call) in enumerate(zip(addresses, calls, strict=True)):
        if number % 2:
            engine = timed(call)
            page = timed(lambda address=address: client.get(address))
        else:
            page = timed(lambda address=address: client.get(address))
            engine = timed(call)
        times.append((engine, page))
    show(f"engine: {name}", [engine for engine, _page in times])
    show(f"page: {name}", [page for _engine, page in times], counts)
    show(f"page less engine: {name}", [page - engine for engine, page in times])


class Outages(logging.Handler):
    """Counts the times the embedded engine had to answer for the one that was measured."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count an outage; the line that ends it is only a warning."""
        self.count += record.levelno >= logging.ERROR


def main() -> None:
    """Load entries and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--load", type=int, default=0, help="seconds of load afterwards")
    parser.add_argument("--workers", type=int, default=2, help="processes of gunicorn")
    options = parser.parse_args()
    fill(options.entries, "hub-pages")

    from django.test import Client
    from django.test.utils import override_settings

    # The limit of an address is not measured here.
    override_settings(SEARCHES_A_MINUTE=10**9).enable()
    outages = Outages()
    logging.getLogger("hub.search").addHandler(outages)
    chance = random.Random(SEED)
    client = Client()
    ask(client, ["/thi-truong-cong-nghe/?q=nghieu", "/", "/tim-kiem/?q=ca+phe"] * 3)
    beside("market search, 13 facets", client, *searches(chance))
    beside("suggestions", Client(headers={"HX-Request": "true"}), *suggestions())
    show(
        "page: market, no words",
        *ask(client, [f"/thi-truong-cong-nghe/?trang={n}" for n in range(1, 41)]),
    )
    show("page: directory", *ask(client, [f"/danh-ba/?trang={n}" for n in range(1, 41)]))
    show("page: home (maps kept 60 s)", *ask(client, ["/"] * 20))
    for kind in ("offer", "organisation", "lab"):
        show(f"page: {kind} detail", *ask(client, details(kind, chance)))
    for kind, addresses in sorted(pages().items()):
        show(f"page: {kind}", *ask(client, addresses))
    for name, address in {**OTHERS, "comparison": comparison(chance)}.items():
        show(f"page: {name}", *ask(client, [address] * 10))
    with override_settings(PAGE_CACHE_SECONDS=300):
        # Without the cookie that the contact form left.
        client = Client()
        for name, address in (("home", "/"), ("offer detail", details("offer", chance)[0])):
            client.get(address)
            show(f"kept page: {name}", *ask(client, [address] * 20))
    show("one update (index)", updates(chance))
    print(f"outages, the embedded engine answering: {outages.count}")
    if options.load:
        load.measure(options.load, options.workers)


def pages() -> dict[str, list[str]]:
    """Return the addresses of some live pages of every type editors have, by the type's name."""
    from wagtail.models import Page

    found: dict[str, list[str]] = {}
    live = Page.objects.live().public().filter(depth__gt=2, locale__language_code="vi")
    for page in live.select_related("content_type").order_by("path"):
        addresses = found.setdefault(page.content_type.model, [])
        if len(addresses) < PAGES_OF_A_TYPE and (url := page.get_url()):
            addresses.append(url)
    # Two of each at least: one is timed, the other's queries are counted.
    return {kind: urls * 2 if len(urls) == 1 else urls for kind, urls in found.items() if urls}


def searches(chance: random.Random) -> tuple[list[str], list[Callable[[], object]]]:
    """Return addresses of the market, and the very queries their pages put to the engine."""
    from urllib.parse import urlencode

    from django.http import QueryDict

    from search import forms, service
    from search.contracts import AUDIENCES
    from search.rooms import MARKET

    addresses, calls = [], []
    for number in range(100):
        typed = " ".join(dict.fromkeys(chance.sample(WORDS, 1 + number % 2)))
        parameters = urlencode({"q": typed, "trang": 1, "x": number})
        addresses.append(f"/thi-truong-cong-nghe/?{parameters}")
        asked = forms.read(QueryDict(parameters), MARKET, AUDIENCES[0])
        facets = [spec.name for spec in forms.offered(asked.kinds, AUDIENCES[0])]
        query = asked.query("vi", AUDIENCES[0], facets)
        calls.append(lambda query=query: service.search(query))
    return addresses, calls


def suggestions() -> tuple[list[str], list[Callable[[], object]]]:
    """Return the addresses asked while each of the words is typed, and the same asked of the service."""
    from urllib.parse import urlencode

    from search import service

    typed = [word[:length] for word in WORDS for length in (3, 5, 7) if len(word) >= length]
    addresses = ["/goi-y/?" + urlencode({"q": text}) for text in typed]
    return addresses, [lambda text=text: service.suggest(text) for text in typed]


def comparison(chance: random.Random) -> str:
    """Return the address that sets four offers side by side."""
    from registry.directory.models import Entry

    offers = list(Entry.objects.public().filter(kind="offer")[:100])
    return "/so-sanh/?" + "&".join(f"so={offer.number_slug}" for offer in chance.sample(offers, 4))


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
            times.append(timed(lambda documents=documents: service.embedded().index(documents)))
    return times


if __name__ == "__main__":
    main()
