"""A migrated SQLite file kept between runs: hundreds of migrations take longer than most test files.

It is named by what the migrations and the locked packages say, so a change of either makes it anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

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


def take_out() -> bool:
    """Put the kept file where the tests want their database; return whether there was one."""
    return connection.vendor == "sqlite" and copy_kept(
        Path(settings.DATABASES["default"]["TEST"]["NAME"])
    )


def keep() -> None:
    """Keep the migrated database for the next run, and few of those of older migrations."""
    kept = _path()
    if connection.vendor != "sqlite" or kept.exists():
        return
    FOLDER.mkdir(exist_ok=True)
    newest_first = sorted(FOLDER.glob("migrated-*.sqlite3"), key=lambda path: -path.stat().st_mtime)
    for old in newest_first[FEW:]:
        old.unlink(missing_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    copy = sqlite3.connect(half)
    connection.connection.backup(copy)
    copy.close()
    half.replace(kept)
