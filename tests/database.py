"""A migrated SQLite file kept between runs: hundreds of migrations take longer than most test files.

It is named by what the migrations and the locked packages say, so a change of either makes it anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache"
FEW = 3


def _path() -> Path:
    said = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for migration in sorted(ROOT.glob("[!.]*/**/migrations/*.py")):
        said.update(str(migration.relative_to(ROOT)).encode() + migration.read_bytes())
    return FOLDER / f"migrated-{said.hexdigest()[:16]}.sqlite3"


def copy_kept(to: Path) -> bool:
    """Copy the kept file there; return whether there was one."""
    if not _path().exists():
        return False
    shutil.copy(_path(), to)
    return True


#: Held by the run that makes the file; another that begins at the same time waits for it.
_making: list[IO[bytes]] = []


def take_out() -> bool:
    """Put the kept file where the tests want their database; return whether there was one.

    Where there was none, `keep` is to follow.
    """
    if connection.vendor != "sqlite":
        return False
    FOLDER.mkdir(exist_ok=True)
    lock = (FOLDER / "migrated.lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX)
    if copy_kept(Path(settings.DATABASES["default"]["TEST"]["NAME"])):
        lock.close()
        return True
    _making.append(lock)
    return False


def keep() -> None:
    """Keep the migrated database for the next run, and few of those of older migrations."""
    if connection.vendor == "sqlite" and not _path().exists():
        newest_first = sorted(
            FOLDER.glob("migrated-*.sqlite3"), key=lambda path: -path.stat().st_mtime
        )
        for old in newest_first[FEW:]:
            old.unlink(missing_ok=True)
        half = _path().with_suffix(f".{os.getpid()}")
        connection.ensure_connection()
        copy = sqlite3.connect(half)
        connection.connection.backup(copy)
        copy.close()
        half.replace(_path())
    while _making:
        _making.pop().close()
