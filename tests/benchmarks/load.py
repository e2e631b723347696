"""Twenty people search at the same time while five entries' owners write, through gunicorn.

Run as `python tests/benchmarks/load.py [--entries N] [--seconds S]`. The database is a scratch SQLite
file, or the one `HUB_BENCH_POSTGRES` names; with `HUB_TEST_ELASTICSEARCH` that node answers.
Each request comes from another address, as visitors do: the limit per address is not measured here.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import scratch
from tests.benchmarks.whole_site import WORDS, fill

SEARCHERS = 20
WRITERS = 5
#: An owner confirms an entry, reads on, confirms the next.
PAUSE = 0.2


class Tally:
    """What all the threads saw."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.writes: list[float] = []
        self.errors: list[str] = []
        self.degraded = 0


def search(port: int, until: float, seed: int, tally: Tally) -> None:
    """Ask one page after another over one connection."""
    chance = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        typed = " ".join(chance.sample(WORDS, chance.randint(1, 2)))
        address = "/thi-truong-cong-nghe/?" + urlencode({"q": typed})
        visitor = ".".join(str(chance.randint(1, 254)) for _ in range(4))
        started = time.perf_counter()
        try:
            connection.request("GET", address, headers={"X-Forwarded-For": visitor})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            tally.errors.append(repr(error))
            connection.close()
            continue
        tally.times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            tally.errors.append(f"{answer.status} {address}")
        elif "Tìm kiếm đang gián đoạn".encode() in body:
            tally.degraded += 1


def write(until: float, ids: list[int], seed: int, tally: Tally) -> None:
    """Confirm one entry after another: header, log and index in one transaction."""
    from django.db import connection

    from registry.accounts.models import User
    from registry.directory.models import Entry
    from registry.directory.services import confirm

    chance = random.Random(seed)
    staff = User.objects.filter(is_superuser=True).first()
    while time.monotonic() < until:
        entry = Entry.objects.get(pk=chance.choice(ids))
        started = time.perf_counter()
        try:
            confirm(entry, staff)
        except Exception as error:  # the point of the run is to count whatever goes wrong
            tally.errors.append(f"write: {error!r}")
        tally.writes.append((time.perf_counter() - started) * 1000)
        time.sleep(PAUSE)
    connection.close()


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(port: int, workers: int) -> subprocess.Popen[bytes]:
    """Start gunicorn on the scratch database and wait until it answers."""
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--pythonpath", "site,."]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning"]
    server = subprocess.Popen(
        command, cwd=scratch.ROOT, env=os.environ | {"TRUSTED_PROXY_COUNT": "1"}
    )
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("gunicorn did not start")


def show(name: str, times: list[float]) -> None:
    """Print one line of figures."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{name:<28} n={len(times):<6} median {statistics.median(times):7.1f} ms  p95 {p95:7.1f} ms"
    )


def measure(seconds: int, workers: int) -> None:
    """Serve the scratch database, run everybody at once and print the figures."""
    from registry.accounts.models import User
    from registry.directory.models import Entry
    from search import service

    User.objects.create_superuser(email="benchmark@example.org", password=None)
    ids = list(Entry.objects.public().filter(kind="offer").values_list("pk", flat=True)[:2_000])
    port = free_port()
    server = serve(port, workers)
    tally = Tally()
    try:
        warm = time.monotonic() + 10
        search(port, warm, 0, Tally())
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=search, args=(port, until, n + 1, tally))
            for n in range(SEARCHERS)
        ]
        threads += [
            threading.Thread(target=write, args=(until, ids, n, tally)) for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(30)
    entries = Entry.objects.public().count()
    print(f"engine: {service.engine().name}, {entries:,} public entries, {workers} workers")
    show(f"{SEARCHERS} searchers", tally.times)
    show(f"{WRITERS} writers", tally.writes)
    print(
        f"{len(tally.times) / seconds:.1f} pages/s, {tally.degraded} from the stand-in, "
        f"{len(tally.errors)} errors"
    )
    for error in sorted(set(tally.errors))[:5]:
        print(f"  {error}")


def main() -> None:
    """Load entries, run everything at once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    fill(options.entries, "hub-load")
    measure(options.seconds, options.workers)


if __name__ == "__main__":
    main()
