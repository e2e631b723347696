"""A migrated database kept between runs: hundreds of migrations take longer than most test files.

On SQLite a file below `.cache`, on PostgreSQL a database of the same server, which others are copied
from. It is named by what the migrations and the locked packages say, so a change of either makes it anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache"
FEW = 3
KEPT = "hub_migrated_"
#: What one run at a time holds on a server: any number that nothing else there locks.
LOCK = 20_251_128

#: Held by the run that makes what is kept; another that begins at the same time waits for it.
_making: list[Any] = []


def _version() -> str:
    said = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for migration in sorted(ROOT.glob("[!.]*/**/migrations/*.py")):
        said.update(str(migration.relative_to(ROOT)).encode() + migration.read_bytes())
    return said.hexdigest()[:16]


def _path() -> Path:
    return FOLDER / f"migrated-{_version()}.sqlite3"


def address() -> str:
    """Return the database of this test as DATABASE_URL, for a process beside it."""
    about = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{about['NAME']}"
    who = f"{quote(about['USER'], safe='')}:{quote(about['PASSWORD'], safe='')}"
    return f"postgres://{who}@{about['HOST']}:{about['PORT']}/{about['NAME']}"


def copy_kept(to: Path) -> bool:
    """Copy the kept file there; return whether there was one."""
    if not _path().exists():
        return False
    shutil.copy(_path(), to)
    return True


def keep_copy(of: Path) -> None:
    """Keep a file that another process has just migrated, where none is kept."""
    FOLDER.mkdir(exist_ok=True)
    made = sqlite3.connect(of)
    _keep_file(made)
    made.close()


def server() -> Any:
    """Return a connection to the PostgreSQL server of the tests, to none of their databases."""
    import psycopg

    given = settings.DATABASES["default"]
    return psycopg.connect(
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def copy_on_server(on: Any, name: str) -> bool:
    """Make a database there that is a copy of the kept one; return whether there was one."""
    kept = KEPT + _version()
    if not on.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept]).fetchone():
        return False
    on.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}"')
    return True


def take_out() -> bool:
    """Put a copy of what is kept where the tests want their database; return whether there was any.

    Where there was none, `keep` is to follow.
    """
    wanted = settings.DATABASES["default"]["TEST"]["NAME"]
    lock: Any
    if connection.vendor == "sqlite":
        FOLDER.mkdir(exist_ok=True)
        lock = (FOLDER / "migrated.lock").open("ab")
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken = copy_kept(Path(wanted))
    else:
        lock = server()
        lock.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        taken = copy_on_server(lock, wanted)
    if taken:
        lock.close()
    else:
        _making.append(lock)
    return taken


def keep() -> None:
    """Keep the migrated database for the next run, and few of those of older migrations."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _keep_file(connection.connection)
    else:
        _keep_on_server(_making[-1])
    while _making:
        _making.pop().close()


def _keep_file(made: sqlite3.Connection) -> None:
    if _path().exists():
        return
    newest_first = sorted(FOLDER.glob("migrated-*.sqlite3"), key=lambda path: -path.stat().st_mtime)
    for old in newest_first[FEW:]:
        old.unlink(missing_ok=True)
    half = _path().with_suffix(f".{os.getpid()}")
    copy = sqlite3.connect(half)
    made.backup(copy)
    copy.close()
    half.replace(_path())


def _keep_on_server(on: Any) -> None:
    found = on.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{KEPT}%"])
    for (old,) in found.fetchall():
        on.execute(f'DROP DATABASE IF EXISTS "{old}"')
    # Only a database that nobody is connected to can be copied.
    made = connection.settings_dict["NAME"]
    connection.close()
    on.execute(f'CREATE DATABASE "{KEPT}{_version()}" TEMPLATE "{made}"')


def wait_for_others(seconds: float = 300) -> None:
    """Wait until no transaction that is running now, of whatever database of the server, is left.

    Tests that run beside ours hold transactions open, and while one does, nothing it may still read is
    cut off.
    """
    if connection.vendor == "sqlite":
        return
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        now = cursor.fetchone()[0]
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= now:
                return
            assert time.monotonic() < until, "a transaction beside ours does not end"
            time.sleep(0.1)


def drop_copy() -> None:
    """Drop the database the tests ran on, where a copy was made on a server."""
    if connection.vendor == "sqlite":
        return
    made = connection.settings_dict["NAME"]
    connection.close()
    with server() as on:
        on.execute(f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')
