"""The Elasticsearch node of the tests, and an engine of one's own on it."""

from __future__ import annotations

import os
import secrets
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from search.engines.elasticsearch import ElasticsearchEngine


def node() -> str:
    """Return the address of the node; skip the test without one, or fail where one is required."""
    address = os.environ.get("HUB_TEST_ELASTICSEARCH", "")
    if not address:
        reason = "no Elasticsearch node: HUB_TEST_ELASTICSEARCH is not set (make elasticsearch)"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return address


@contextmanager
def fresh_engine(settings: Any) -> Iterator[ElasticsearchEngine]:
    """Give an engine with an empty index of its own that shows each change at once."""
    settings.ELASTICSEARCH_URLS = [node()]
    settings.ELASTICSEARCH_PREFIX = f"test-{secrets.token_hex(6)}"
    engine = ElasticsearchEngine(refresh=True)
    engine.swap(engine.create())
    try:
        yield engine
    finally:
        for name in engine.indices.all():
            engine.drop(name)
        engine.client.close()


@contextmanager
def slow_proxy(address: str, *, delay: float) -> Iterator[tuple[str, list[str]]]:
    """Give the address of a node that answers each request so many seconds late, and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = {name: self.headers[name] for name in ("Content-Type", "Accept")}
            request = urllib.request.Request(address + self.path, body, kept, method="POST")
            with urllib.request.urlopen(request) as answer:
                said, kind = answer.read(), answer.headers["Content-Type"]
            time.sleep(delay)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_about: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Whoever asked has hung up: that is what is tried.
    server.handle_error = lambda *_about: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
