"""The scripts that start test servers: what they say on a machine that lacks something, and do there.

They run in a copy of the tree, with a PATH of a few tools and without the folders of Debian's packages,
so that nothing of this machine is found and nothing can be installed on it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = "bash cat chmod dirname env grep head id ls mkdir mv readlink rm sed seq sha256sum sleep sort tail"
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
    ("command", "package"),
    [("elasticsearch start", "default-jre-headless"), ("postgres start", "postgresql")],
)
def test_root_installs_it_where_it_is_required_and_nowhere_else(
    machine: Machine, command: str, package: str
) -> None:
    machine.be(0)
    machine.put("apt-get")
    assert machine.run(command).returncode == 0
    assert machine.called == []
    assert machine.run(command, REQUIRE_SERVICES="1").returncode == 1, "it is still not there"
    assert machine.called == ["apt-get update -qq", f"apt-get install -y -qq {package}"]


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
        java(machine)
        (machine.tree / ".cache").mkdir()
        with zipfile.ZipFile(machine.tree / f".cache/elasticsearch-{VERSION}.zip", "w") as archive:
            archive.writestr(f"elasticsearch-{VERSION}/bin/elasticsearch", NODE)
            archive.writestr(f"elasticsearch-{VERSION}/config/elasticsearch.yml", "")
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
