"""Whether a container does its work: `healthcheck.py web` or `healthcheck.py worker`; exit 0 or 1."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))

from portal import env

#: Minutes within which some job of the worker must have ended; the shortest turn is two seconds.
QUIET = 10


def web() -> bool:
    """Return whether this container's gunicorn answers the health page as the proxy would ask it."""
    port = env.text("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = (env.items("ALLOWED_HOSTS") or ["localhost"])[0].lstrip(".")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/suc-khoe/",
        headers={"Host": host, "X-Forwarded-Proto": "https"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=8) as answer:
        return bool(answer.status == 200)


def worker() -> bool:
    """Return whether any of the worker's jobs ended in the last minutes."""
    import psycopg

    settings = env.database(env.secret("DATABASE_URL"), env.secret("DATABASE_PASSWORD"))
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
        connect_timeout=5,
        **settings["OPTIONS"],
    ) as connection:
        row = connection.execute(
            "SELECT count(*) FROM portal_joblease WHERE ran_at > now() - make_interval(mins => %s)",
            [QUIET],
        ).fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    try:
        healthy = {"web": web, "worker": worker}[sys.argv[1]]()
    except Exception as failure:  # whatever it is, the engine's log of checks shall name it
        print(type(failure).__name__, failure)
        healthy = False
    sys.exit(not healthy)
