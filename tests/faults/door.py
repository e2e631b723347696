"""A door before the node: what the worker asks goes through it, and bulks can be kept there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from urllib.parse import urlsplit

#: More than any bulk carries.
NEVER = 1_000_000


class Door:
    """Hands requests to the node and answers back, but for the bulks that it is told to keep.

    What such a bulk carries was read from the database and stands nowhere yet. Let in, it is the node's
    to write; what the node answers to it, whoever sent it never learns.
    """

    def __init__(self, node_url: str) -> None:
        self.node = urlsplit(node_url).netloc
        #: The (kind, id) of what each kept bulk carries.
        self.kept: list[set[tuple[str, str]]] = []
        #: What the node said to the kept bulks.
        self.answers: list[bytes] = []
        self._least = NEVER
        self._in = threading.Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def keep_bulks(self, least: int = 1) -> None:
        """From now on keep every bulk of so many objects or more."""
        self._least = least

    def let_in(self) -> None:
        """Hand the kept bulks to the node, and keep no more."""
        self._least = NEVER
        self._in.set()

    def close(self) -> None:
        """Let nobody pass any more."""
        self.let_in()
        self._server.shutdown()
        self._server.server_close()

    def keeps(self, path: str, body: bytes) -> bool:
        """Keep a request that is a bulk as wanted, until it is let in; return whether it was kept."""
        if not path.partition("?")[0].endswith("/_bulk"):
            return False
        objects = set(_objects(body))
        if len(objects) < self._least:
            return False
        self.kept.append(objects)
        self._in.wait()
        return True


def _objects(bulk: bytes) -> Iterator[tuple[str, str]]:
    """Yield the (kind, id) each action of a bulk is about."""
    lines = iter(bulk.splitlines())
    for line in lines:
        ((verb, about),) = json.loads(line).items()
        if verb != "delete":
            next(lines)
        kind, identity, _language = about["_id"].split(":")
        yield kind, identity


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, door: Door) -> None:
        self.door = door
        super().__init__(("127.0.0.1", 0), _Passage)


class _Passage(BaseHTTPRequestHandler):
    """One connection of the worker's. Where the node breaks it off, so does the door."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass(self) -> None:
        door = self.server.door
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = door.keeps(self.path, body)
        beyond = HTTPConnection(door.node)
        try:
            beyond.request(self.command, self.path, body, dict(self.headers))
            answer = beyond.getresponse()
            content = answer.read()
            if kept:
                door.answers.append(content)
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name in ("X-elastic-product", "Content-Type"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (OSError, HTTPException):
            self.close_connection = True
        finally:
            beyond.close()

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = _pass
