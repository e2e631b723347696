"""Real processes for the fault tests: an Elasticsearch node of their own, the site, the worker, mail."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.database import address

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = [str(ROOT / ".ci" / "elasticsearch")]
#: Seconds within which things must happen, on a machine that is busy with other work.
PATIENCE = 180.0


def wait_until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait until something is true; return after how many seconds it was."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < seconds, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.02)
    return time.monotonic() - started


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Node:
    """An Elasticsearch node that may be killed, paused and started anew on its data."""

    def __init__(self, url: str) -> None:
        self.url = url
        base = "/tmp" if os.getuid() == 0 else os.environ.get("TMPDIR", "/tmp")
        self._pid_file = Path(base) / f"hub-elasticsearch-{urlsplit(url).port}" / "pid"

    @classmethod
    def start(cls) -> Node:
        """Start a node; skip the test where its distribution is missing, fail where required."""
        url = _run_script("start")
        if not url:
            reason = "no Elasticsearch distribution (make elasticsearch)"
            if os.environ.get("REQUIRE_SERVICES") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return cls(url)

    def kill(self) -> None:
        """End it as a power cut would."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not _runs(pid), "the node is gone")

    def again(self) -> None:
        """Start it anew on the data and the port it had."""
        assert _run_script("start", self.url) == self.url

    def stop(self) -> None:
        """End it and remove its data."""
        _run_script("stop", self.url)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it take connections and never answer."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    @property
    def pid(self) -> int:
        """The server's process."""
        return int(self._pid_file.read_text())


def _run_script(*arguments: str) -> str:
    done = subprocess.run(
        ["bash", *SCRIPT, *arguments],
        cwd=ROOT,
        env=os.environ | {"ELASTICSEARCH_BRIEF": "1"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done
    return done.stdout.strip()


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def environment(**more: str) -> dict[str, str]:
    """Return what a process needs to work on this test's database and index."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": address(),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "PYTHONUNBUFFERED": "1",
        # Translated once: where nobody may write beside the modules, each start would do it anew.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(settings.VAR / "bytecode"),
        "SEARCH_ENGINE": settings.SEARCH_ENGINE,
        "ELASTICSEARCH_URLS": ",".join(settings.ELASTICSEARCH_URLS),
        "ELASTICSEARCH_PREFIX": settings.ELASTICSEARCH_PREFIX,
        **more,
    }


class Process:
    """One process of the project and what it says."""

    def __init__(self, *arguments: str, **more: str) -> None:
        self._output = tempfile.TemporaryFile(mode="w+b")  # noqa: SIM115 - open while it runs
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment(**more),
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        """Everything it has written so far."""
        if self._output.closed:
            return self._said
        return os.pread(self._output.fileno(), 4_000_000, 0).decode(errors="replace")

    @property
    def runs(self) -> bool:
        """Whether it is still at work."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it and its children as a power cut would."""
        if self._output.closed:
            return
        if self.runs:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        self._said = self.said
        self._output.close()

    def ask_to_stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        self._process.send_signal(number)
        return self.ended()

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; return the exit code."""
        return self._process.wait(seconds)


@contextmanager
def running(*arguments: str, **more: str) -> Iterator[Process]:
    """Run a process for the length of a block; whatever is left of it is killed."""
    process = Process(*arguments, **more)
    try:
        yield process
    finally:
        process.kill()


def worker(**more: str) -> Process:
    """Start the worker."""
    return Process("manage.py", "worker", "--interval", "0.3", **more)


class Site:
    """The site behind gunicorn, and what visitors got."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process = Process(
            *("-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--workers", "1", "--threads", "4", "--no-control-socket", "--log-level", "warning"),
            TRUSTED_PROXY_COUNT="1",
        )
        try:
            wait_until(self._listens, "gunicorn listens")
            self.get("/suc-khoe/", PATIENCE)
        except BaseException:
            self.process.kill()
            raise

    def _listens(self) -> bool:
        assert self.process.runs, self.process.said
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def get(self, path: str, patience: float = 30) -> tuple[int, str, float]:
        """Return status, page and seconds of one visit; each comes from another address."""
        visitor = f"198.51.{time.monotonic_ns() // 250 % 250}.{time.monotonic_ns() % 250}"
        visit = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        started = time.monotonic()
        try:
            visit.request("GET", path, headers={"X-Forwarded-For": visitor})
            answer = visit.getresponse()
            return answer.status, answer.read().decode(), time.monotonic() - started
        finally:
            visit.close()


class Visitors:
    """People who leaf through the site while something breaks."""

    def __init__(self, site: Site, paths: list[str], people: int = 3, pause: float = 0.02) -> None:
        self._site, self._paths, self._pause = site, paths, pause
        self._stop = threading.Event()
        self.visits: list[tuple[int, str, float]] = []
        self.troubles: list[str] = []
        self._threads = [threading.Thread(target=self._leaf, args=(n,)) for n in range(people)]

    def __enter__(self) -> Visitors:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(40)

    def _leaf(self, first: int) -> None:
        place = first
        while not self._stop.is_set():
            path = self._paths[place % len(self._paths)]
            place += 1
            try:
                self.visits.append(self._site.get(path))
            except (OSError, http.client.HTTPException) as error:
                self.troubles.append(f"{path}: {error!r}")
            time.sleep(self._pause)

    def met_no_error(self) -> None:
        """Fail unless there were visits and each of them got its page."""
        assert self.visits
        assert not self.troubles
        wrong = [(status, page[:2_000]) for status, page, _seconds in self.visits if status != 200]
        assert not wrong, (len(wrong), len(self.visits), wrong[0], self._site.process.said[-4_000:])


class MailServer:
    """Takes every mail it is sent, once it listens."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[tuple[str, str]] = []
        self._server: socketserver.ThreadingTCPServer | None = None

    def open(self) -> None:
        """Begin to listen; until then connections are refused."""
        taken = self.taken

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 mail\r\n")
                while line := self.rfile.readline():
                    verb = line[:4].upper().strip()
                    if verb == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        lines = []
                        while (part := self.rfile.readline()) != b".\r\n":
                            lines.append(part)
                        mail = message_from_bytes(b"".join(lines))
                        taken.append((mail["To"], str(make_header(decode_header(mail["Subject"])))))
                        self.wfile.write(b"250 taken\r\n")
                    elif verb == b"QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    else:
                        self.wfile.write(b"250 ok\r\n")

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", self.port), Conversation)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
