"""How gunicorn serves the site: `gunicorn --config python:portal.gunicorn portal.wsgi`."""

from __future__ import annotations

from pathlib import Path

from portal import env

bind = env.text("WEB_BIND", "127.0.0.1:8000")
workers = env.number("WEB_WORKERS", 3)
# Threads of one process share its bitmaps of the index; a slow reader occupies a thread only.
worker_class = "gthread"
threads = env.number("WEB_THREADS", 4)
timeout = env.number("WEB_TIMEOUT", 60)
graceful_timeout = 30
# A little longer than the proxy keeps its own connections.
keepalive = 75
# The heartbeat file on a disk that stalls would end healthy processes.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a folder of ours
control_socket_disable = True
# A long query in Vietnamese is nine bytes a letter once encoded.
limit_request_line = 8190
max_requests = 20_000
max_requests_jitter = 4_000
# The proxy's log has every request, without addresses; here only what goes wrong.
accesslog = None
errorlog = "-"
