"""A database of its own for a measurement, thrown away afterwards."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
#: Seconds.
MERGING = 300


def start(*, migrated: bool = False) -> Path:
    """Set Django up on an empty scratch database with the search tables; return its folder.

    SQLite; with a `DATABASE_URL` of PostgreSQL, a new database on that server. `migrated` makes
    every table of the project, not only those of the search.
    """
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HUB_VAR"] = str(folder)
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        os.environ["DATABASE_URL"] = _on_server(server)
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    from search.engines.embedded import tables

    if migrated:
        call_command("migrate", verbosity=0)
        return folder
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("search").get_models():
            editor.create_model(model)
    tables.prepare("default", cleared=True)
    return folder


def on_given_servers(prefix: str) -> None:
    """Use the PostgreSQL of `HUB_BENCH_POSTGRES` and the node of `HUB_TEST_ELASTICSEARCH`, where given."""
    if os.environ.get("HUB_BENCH_POSTGRES"):
        os.environ["DATABASE_URL"] = os.environ["HUB_BENCH_POSTGRES"]
    if os.environ.get("HUB_TEST_ELASTICSEARCH"):
        os.environ["SEARCH_ENGINE"] = "search.engines.elasticsearch.ElasticsearchEngine"
        os.environ["ELASTICSEARCH_URLS"] = os.environ["HUB_TEST_ELASTICSEARCH"]
        os.environ["ELASTICSEARCH_PREFIX"] = prefix


def wait_for_pieces(engine: Any) -> float:
    """Wait until the node has put a rebuilt index into few pieces; return the seconds it took.

    What is written meanwhile is not put together: after some minutes it is measured as it stands.
    """
    from search.engines.elasticsearch.lifecycle import SEGMENTS

    patient = engine.client.options(request_timeout=60)

    def pieces() -> int:
        told = patient.indices.stats(index=engine.live(), metric="segments")
        return int(told["_all"]["primaries"]["segments"]["count"])

    started = time.monotonic()
    while pieces() > SEGMENTS and time.monotonic() - started < MERGING:
        time.sleep(0.5)
    if pieces() > SEGMENTS:
        print(f"the index stands in {pieces()} pieces", file=sys.stderr)
    return time.monotonic() - started


def _on_server(url: str) -> str:
    """Make a database on a PostgreSQL server; return its address. It goes when the process ends."""
    import psycopg

    name = f"hub_bench_{secrets.token_hex(4)}"

    def order(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    order(f'CREATE DATABASE "{name}"')
    atexit.register(order, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return urlsplit(url)._replace(path=f"/{name}").geturl()
