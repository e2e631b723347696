"""A database of its own for a measurement, thrown away afterwards."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start() -> Path:
    """Set Django up on an empty scratch database with the search tables; return its folder."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HUB_VAR"] = str(folder)
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from search.engines.embedded import tables

    tables.prepare("default", cleared=True)
    return folder
