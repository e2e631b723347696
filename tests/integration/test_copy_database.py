"""Moving a hub from a SQLite file into another database, with the command an operator runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.database import copy_kept, copy_on_server, keep_copy, server

ROOT = Path(__file__).resolve().parents[2]
OLD_HUB = """
from django.core.management import call_command
call_command("load_reference", verbosity=0)
call_command("sync_roles", verbosity=0)
from tests.factories import make_draft, make_live, make_user
owner = make_user("Nguyễn Thị Cũ", email="cu@vam.example")
make_draft(owner, "offer", organisation=make_live(owner))
"""
#: What is asked of both sides: the same answers, and on the new one a next number that is free.
ASK = """
import json
from django.contrib.auth import authenticate
from registry.accounts.models import User
from registry.directory.models import Entry
from registry.taxonomy.models import Term
from search import service
from search.contracts import SearchQuery
owner = authenticate(username="cu@vam.example", password="mot mat khau dai")
live = Entry.objects.get(kind="organisation")
found = service.search(SearchQuery(text=live.working_title))
print(json.dumps({
    "owner": owner.pk, "users": User.objects.count(), "terms": Term.objects.count(),
    "entries": list(Entry.objects.order_by("pk").values_list("pk", "number", "owner_id")),
    "found": [hit.id for hit in found.hits] == [str(live.pk)],
}))
"""
GO_ON = """
from tests.factories import make_draft, make_user
print(make_draft(make_user("Người mới")).number)
"""


class Hub:
    """One hub by the address of its database, each command a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.env = {
            **os.environ,
            "DATABASE_URL": url,
            "HUB_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        }

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.env,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )

    def done(self, *words: str) -> str:
        result = self.manage(*words)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def run(self, code: str) -> Any:
        said = self.done("shell", "--no-imports", "-c", code).strip().splitlines()
        return said[-1] if said else ""


@pytest.fixture
def empty(tmp_path: Path) -> Hub:
    """A SQLite hub as `migrate` leaves it."""
    hub = Hub(f"sqlite:///{tmp_path / 'old.sqlite3'}", tmp_path)
    if not copy_kept(tmp_path / "old.sqlite3"):
        hub.done("migrate", "--verbosity", "0")
        keep_copy(tmp_path / "old.sqlite3")
    return hub


@pytest.fixture
def target(tmp_path: Path, empty: Hub) -> Iterator[Hub]:
    """An empty hub on the server of `DATABASE_URL`, or in a second file."""
    given = settings.DATABASES["default"]
    if "postgresql" not in given["ENGINE"]:
        shutil.copy(tmp_path / "old.sqlite3", tmp_path / "new.sqlite3")
        yield Hub(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
        return
    name = f"copy_{os.getpid()}"
    address = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}".replace(
        ":@", "@"
    )
    with server() as on:
        kept = copy_on_server(on, name)
        if not kept:
            on.execute(f'CREATE DATABASE "{name}"')
        try:
            hub = Hub(f"postgres://{address}/{name}", tmp_path)
            if not kept:
                hub.done("migrate", "--verbosity", "0")
            yield hub
        finally:
            on.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_everything_moves_and_works_on_the_other_side(empty: Hub, target: Hub):
    old = empty
    before = json.loads(old.run(OLD_HUB + ASK))

    target.done("copy_database", old.url)

    after = json.loads(target.run(ASK))
    assert after == before
    assert after["found"]
    assert len(after["entries"]) == 2
    # The counters go on where the old ones stopped.
    assert target.run(GO_ON) not in {number for _pk, number, _owner in before["entries"]}
    again = target.manage("copy_database", old.url)
    assert again.returncode
    assert "--overwrite" in again.stderr
    target.done("copy_database", "--overwrite", old.url)
    assert json.loads(target.run(ASK)) == before


@pytest.mark.slow
def test_what_is_no_hub_of_the_same_form_is_refused(tmp_path: Path, empty: Hub):
    other = empty.manage("copy_database", f"sqlite:///{tmp_path / 'nothing.sqlite3'}")
    assert other.returncode
    assert "khác dạng" in other.stderr
    none = empty.manage("copy_database", "hub.sqlite3")
    assert none.returncode
    assert "sqlite:///" in none.stderr
