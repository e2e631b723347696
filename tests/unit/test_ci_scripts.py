"""The scripts that start test servers and tests: what they say on a bare machine, and do there.

They run in a copy of the tree, with a PATH of a few tools and without the folders of Debian's packages,
so that nothing of this machine is found and nothing can be installed on it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "bash cat chmod dirname env grep head id ls mkdir mktemp mv nproc readlink rm sed seq sha256sum sleep sort"
    " stat tail"
)
VERSION = "8.19.8"

#: Stands where the node would: says it is well, and that its process is there.
NODE = f"""#!/bin/bash
{sys.executable} - "$3" "$PWD/node/config/elasticsearch.yml" <<'PYTHON' >/dev/null 2>&1 &
import http.server, os, pathlib, re, sys
port = int(re.search(r"http.port: (\\d+)", pathlib.Path(sys.argv[2]).read_text())[1])
server = http.server.HTTPServer(("127.0.0.1", port), type("Well", (http.server.BaseHTTPRequestHandler,), {{
    "do_GET": lambda self: (self.send_response(200), self.end_headers()),
}}))
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
server.serve_forever()
PYTHON
until [ -s "$3" ]; do sleep 0.05; done
"""


class Machine:
    """A bare machine with the project's scripts on it."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.bin = folder / "hub", folder / "bin"
        self.bin.mkdir()
        (self.tree / ".ci").mkdir(parents=True)
        for script in (ROOT / ".ci").iterdir():
            text = script.read_text(encoding="utf-8")
            for place in ("/usr/lib/", "/usr/sbin"):
                text = text.replace(place, f"{folder}/nothing{place}")
            (self.tree / ".ci" / script.name).write_text(text, encoding="utf-8")
        for tool in TOOLS.split():
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        (self.bin / "python3").symlink_to(sys.executable)
        self.notes = folder / "notes"
        self.notes.touch()
        self.be(1000)

    def put(self, tool: str, *lines: str) -> None:
        """Give the machine a tool of ours, which notes how it was called."""
        script = self.bin / tool
        script.unlink(missing_ok=True)
        note = f'echo "{tool} $*" >>{self.notes}'
        script.write_text("\n".join(["#!/bin/bash", note, *lines, ""]))
        script.chmod(0o755)

    def be(self, user: int) -> None:
        """Let the scripts run as this user, whoever runs the test."""
        self.put("id", f"echo {user}")

    def run(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script of `.ci`."""
        return subprocess.run(
            [str(self.bin / "bash"), *f".ci/{command}".split()],
            cwd=self.tree,
            env={"PATH": str(self.bin), "TMPDIR": str(self.tree.parent), **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def called(self) -> list[str]:
        """What was asked of the tools of ours."""
        return [line for line in self.notes.read_text().splitlines() if not line.startswith("id ")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def java(machine: Machine) -> None:
    machine.put("java", "echo 'openjdk version \"17.0.9\"' >&2")


def downloaded(machine: Machine) -> None:
    """Let the machine have all that a node needs."""
    java(machine)
    (machine.tree / ".cache").mkdir()
    with zipfile.ZipFile(machine.tree / f".cache/elasticsearch-{VERSION}.zip", "w") as archive:
        archive.writestr(f"elasticsearch-{VERSION}/bin/elasticsearch", NODE)
        archive.writestr(f"elasticsearch-{VERSION}/config/elasticsearch.yml", "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


LACKING = [
    ("elasticsearch start", "Java 17 trở lên", "apt-get install default-jre-headless"),
    ("postgres start", "PostgreSQL 15 trở lên", "apt-get install postgresql"),
    ("services", "nginx", "apt-get install nginx-light"),
    ("services", "Chromium", "apt-get install chromium"),
    ("lighthouse", "Node 20 trở lên", "apt-get install nodejs npm"),
]


@pytest.mark.parametrize(("command", "what", "advice"), LACKING)
def test_what_is_missing_is_named_and_skipped_or_required(
    machine: Machine, command: str, what: str, advice: str
) -> None:
    machine.put("apt-get")
    skipped = machine.run(command)
    assert (skipped.returncode, skipped.stdout) == (0, "")
    assert what in skipped.stderr
    assert advice in skipped.stderr
    assert "bỏ qua" in skipped.stderr.lower()
    required = machine.run(command, REQUIRE_SERVICES="1")
    assert (required.returncode, required.stdout) == (1, "")
    assert advice in required.stderr
    assert machine.called == [], "only root installs anything"


@pytest.mark.parametrize(
    ("command", "packages"),
    [
        ("elasticsearch start", ["default-jre-headless"]),
        ("postgres start", ["postgresql"]),
        ("services", ["nginx-light", "chromium"]),
    ],
)
def test_root_installs_it_where_it_is_required_and_nowhere_else(
    machine: Machine, command: str, packages: list[str]
) -> None:
    machine.be(0)
    machine.put("apt-get", f'echo "level ${{RUNLEVEL:-}}" >>{machine.notes}')
    assert machine.run(command).returncode == 0
    assert machine.called == []
    assert machine.run(command, REQUIRE_SERVICES="1").returncode == 1, "it is still not there"
    asked = [line for line in machine.called if not line.startswith("level")]
    assert asked == [
        line
        for name in packages
        for line in ("apt-get update -qq", f"apt-get install -y -qq {name}")
    ]
    assert machine.called[3::4] == ["level 1"] * len(packages), "no service is started"


def test_lighthouse_without_a_browser(machine: Machine) -> None:
    machine.put("node", "echo v22.1.0")
    held = machine.tree / ".cache/lighthouse/node_modules/lighthouse/package.json"
    held.parent.mkdir(parents=True)
    held.write_text('{\n  "version": "12.8.2"\n}\n')
    skipped = machine.run("lighthouse")
    assert (skipped.returncode, skipped.stdout) == (0, "")
    assert "Lighthouse cần Chromium" in skipped.stderr
    assert machine.run("lighthouse", REQUIRE_SERVICES="1").returncode == 1


class TestArchive:
    """The server is downloaded once; after that no network and no Maven is needed."""

    def test_without_maven_the_first_run_says_so(self, machine: Machine) -> None:
        java(machine)
        skipped = machine.run("elasticsearch start")
        assert (skipped.returncode, skipped.stdout) == (0, "")
        assert "apt-get install maven" in skipped.stderr
        assert machine.run("elasticsearch start", REQUIRE_SERVICES="1").returncode == 1

    def test_what_is_not_the_published_file_is_not_kept(self, machine: Machine) -> None:
        java(machine)
        machine.put(
            "mvn",
            'for word in "$@"; do case $word in -DoutputDirectory=*) folder=${word#*=} ;; esac; done',
            f'echo another >"$folder/elasticsearch-{VERSION}.zip"',
        )
        refused = machine.run("elasticsearch start", REQUIRE_SERVICES="1")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert any(line.startswith("mvn -q -B dependency:copy") for line in machine.called)
        assert not list((machine.tree / ".cache").iterdir())

    def test_a_later_run_starts_from_what_was_kept(self, machine: Machine) -> None:
        downloaded(machine)
        started = machine.run("elasticsearch start", REQUIRE_SERVICES="1")
        address = started.stdout.strip()
        try:
            assert address.startswith("http://127.0.0.1:"), started.stderr
            port = address.rpartition(":")[2]
            config = machine.tree.parent / f"hub-elasticsearch-{port}/node/config/elasticsearch.yml"
            for line in ("discovery.type: single-node", "network.host: 127.0.0.1"):
                assert line in config.read_text()
            assert "mvn" not in "".join(machine.called)
        finally:
            stopped = machine.run(f"elasticsearch stop {address}")
        assert stopped.returncode == 0
        assert not list(machine.tree.parent.glob("hub-elasticsearch-*"))


class TestFolders:
    """A server's folder stands in a /tmp that others may write to as well."""

    def prepare(self, machine: Machine, folder: Path) -> None:
        """Make a folder as somebody would who wants their own program run."""
        (folder / "node/bin").mkdir(parents=True)
        trap = f"#!/bin/bash\necho trapped >>{machine.notes}\n"
        (folder / "node/bin/elasticsearch").write_text(trap)

    @pytest.mark.parametrize("whose", ["a link", "another's"])
    def test_what_another_has_put_there_is_neither_run_nor_ended(
        self, machine: Machine, whose: str
    ) -> None:
        downloaded(machine)
        port = free_port()
        folder = machine.tree.parent / f"hub-elasticsearch-{port}"
        if whose == "a link":
            self.prepare(machine, machine.tree.parent / "elsewhere")
            folder.symlink_to(machine.tree.parent / "elsewhere")
        elif os.getuid():
            pytest.skip("only root gives a folder away")
        else:
            self.prepare(machine, folder)
            os.chown(folder, 65534, 65534)
        victim = subprocess.Popen(["sleep", "60"])
        (folder / "pid").write_text(str(victim.pid))
        try:
            for command in ("start", "stop"):
                refused = machine.run(f"elasticsearch {command} http://127.0.0.1:{port}")
                assert (refused.returncode, refused.stdout) == (1, "")
                assert f"{folder} không phải do lệnh này tạo ra" in refused.stderr
            assert victim.poll() is None
        finally:
            victim.kill()
            victim.wait()
        assert "trapped" not in machine.called
        assert folder.exists()

    @pytest.mark.parametrize(("owner", "code"), [("hub-elasticsearch", 0), ("mallory", 1)])
    def test_root_takes_the_folder_of_the_servers_user_only(
        self, machine: Machine, owner: str, code: int
    ) -> None:
        machine.be(0)
        machine.put("stat", f"echo {owner}")
        folder = machine.tree.parent / "folder"
        folder.mkdir()
        (machine.tree / ".ci/look").write_text(
            f"user=hub-elasticsearch folder={folder}\n. .ci/server.sh\ninsist_ours\n"
        )
        assert machine.run("look").returncode == code

    def test_a_node_without_an_address_starts_in_a_folder_of_its_own(
        self, machine: Machine
    ) -> None:
        downloaded(machine)
        taken, free = free_port(), free_port()
        left = machine.tree.parent / f"hub-elasticsearch-{taken}"
        self.prepare(machine, left)
        ports = machine.tree / "ports"
        ports.write_text(f"{taken}\n{taken}\n{free}\n")
        machine.put(
            "python3",
            f'if [ "$1" = -c ]; then head -n 1 {ports}; sed -i 1d {ports}; exit; fi',
            f'exec {sys.executable} "$@"',
        )
        started = machine.run("elasticsearch start")
        address = f"http://127.0.0.1:{free}"
        try:
            assert started.stdout.strip() == address, started.stderr
            assert "trapped" not in machine.called
        finally:
            machine.run(f"elasticsearch stop {address}")
        assert sorted(path.name for path in left.iterdir()) == ["node"]


def test_an_interrupted_run_leaves_no_linter_behind(machine: Machine) -> None:
    (machine.tree / ".ci/lint").write_text("bash -c 'echo $$ >linter; exec sleep 300'\ntrue\n")
    test = subprocess.Popen(
        [str(machine.bin / "bash"), ".ci/test"],
        cwd=machine.tree,
        env={"PATH": str(machine.bin), "TMPDIR": str(machine.tree.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told, linter = machine.tree / "linter", 0
    try:
        wait_for(lambda: told.exists() and told.read_text().endswith("\n"))
        linter = int(told.read_text())
        test.send_signal(signal.SIGTERM)
        assert test.wait(20) == 130
        wait_for(lambda: not runs(linter))
    finally:
        test.kill()
        test.wait()
        if linter and runs(linter):
            os.kill(linter, signal.SIGKILL)


def runs(pid: int) -> bool:
    """Whether the process is still at work; a dead one may linger until its parent looks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
