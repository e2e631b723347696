"""The processes of the check: started like the containers, each with its log, ended by their ids."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[2]
#: The user the containers run as.
CONTAINER_USER = 10001
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Failed(Exception):
    """A promise of the production form that does not hold; the message says which."""


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, done: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it is done; raise `Failed` naming it otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if done():
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise Failed(f"{what}: không xong trong {seconds:.0f} giây")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return the text with every `${HUB_…}` filled in, as the nginx image does at its start."""
    return re.sub(r"\$\{(HUB_\w+)\}", lambda match: values[match[1]], template)


class Processes:
    """Everything the check has started, in one folder with one log each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.as_user = self._user()

    def _user(self) -> list[str]:
        """Return the words that make a command run as the containers' user, where that can be."""
        if os.getuid() or not shutil.which("setpriv"):
            return []
        words = [
            "setpriv",
            f"--reuid={CONTAINER_USER}",
            f"--regid={CONTAINER_USER}",
            "--clear-groups",
        ]
        # By way of a shell: the first program after setpriv still has root's rights to read.
        start = ["sh", "-c", 'exec "$0" "$1" --help', str(ROOT / ".venv/bin/python")]
        probe = [*words, *start, str(ROOT / "manage.py")]
        usable = subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0  # noqa: S603
        return words if usable else []

    def own(self, *paths: Path) -> None:
        """Hand folders over to the user the processes run as."""
        if self.as_user:
            for path in paths:
                os.chown(path, CONTAINER_USER, CONTAINER_USER)
                for inner in path.rglob("*"):
                    os.chown(inner, CONTAINER_USER, CONTAINER_USER)

    def log(self, name: str) -> str:
        """Return what the process has written."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _open(self, name: str) -> BinaryIO:
        """Open the log; as in a container it belongs to who writes it, since nginx opens it anew."""
        log = (self.folder / f"{name}.log").open("ab")
        if self.as_user:
            os.fchown(log.fileno(), CONTAINER_USER, CONTAINER_USER)
        return log

    def run(self, name: str, command: list[str], env: Mapping[str, str]) -> str:
        """Run to its end and return what it printed; raise `Failed` with its last lines."""
        path = self.folder / f"{name}.log"
        path.unlink(missing_ok=True)
        with self._open(name) as log:
            done = subprocess.run(  # noqa: S603 - our own commands
                [*self.as_user, *command],
                cwd=ROOT,
                env=dict(env),
                stdout=log,
                stderr=log,
                check=False,
            )
        text = self.log(name)
        if done.returncode:
            raise Failed(f"{name} kết thúc với mã {done.returncode}:\n{text[-3000:]}")
        return text

    def start(self, name: str, command: list[str], env: Mapping[str, str]) -> None:
        """Start and leave running."""
        with self._open(name) as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                [*self.as_user, *command], cwd=ROOT, env=dict(env), stdout=log, stderr=log
            )

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM, seconds: float = 40) -> int:
        """End one process as its container's engine would; return its exit code."""
        process = self.running.pop(name)
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Failed(f"{name} không dừng trong {seconds:.0f} giây") from None

    def stop_all(self) -> None:
        """End whatever still runs."""
        for name in list(reversed(self.running)):
            process = self.running.pop(name)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Server:
    """A test server of `.ci/`: PostgreSQL or Elasticsearch."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.address = self._do("start")

    def _do(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own scripts
            ["bash", str(ROOT / ".ci" / self.kind), *words],  # noqa: S607
            stdout=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
        if done.returncode:
            raise Failed(f"{self.kind}: không khởi động được")
        return done.stdout.decode().strip()

    @property
    def folder(self) -> Path:
        """Where its data, log and process id are."""
        port = re.search(r"127\.0\.0\.1:(\d+)", self.address)
        base = Path("/tmp") if os.getuid() == 0 else Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108
        return base / f"hub-{self.kind}-{port.group(1) if port else ''}"

    def kill(self) -> None:
        """Kill it in the middle of its work, as a lack of memory would."""
        pid = int((self.folder / "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        until(f"{self.kind} tắt", lambda: _gone(pid), 20)

    def again(self) -> None:
        """Start the killed server on its data."""
        self._do("start", self.address)

    def stop(self) -> None:
        """End it and remove its data."""
        if self.address:
            self._do("stop", self.address)


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def answers(url: str) -> bool:
    """Return whether something speaks HTTP there, whatever it says."""
    try:
        DIRECT.open(url, timeout=3).read()
    except urllib.error.HTTPError:
        return True
    return True
