"""nginx as the image runs it, and what stands behind it in a test."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
HOST = "hub.example"
#: What a film of the library holds.
FILM = bytes(range(256)) * 9
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def run(*command: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(word) for word in command], capture_output=True, check=False, **options
    )


class Echo(BaseHTTPRequestHandler):
    """Stands where gunicorn would, and says what reached it."""

    protocol_version = "HTTP/1.1"
    # Header and body in one go: nobody waits for the other half.
    wbufsize = -1
    #: Host and path of each question.
    asked: ClassVar[list[tuple[str, str]]] = []
    #: Until then a visitor below /cham/ waits.
    ready = threading.Event()

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        if self.path.startswith("/tai-lieu/"):
            self.hand_over()
            return
        if self.path.startswith("/cham/"):
            self.ready.wait(20)
        body = json.dumps(
            {
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hand_over(self) -> None:
        """Say what the site says of a document it lets nginx send."""
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Disposition", 'inline; filename="a.mp4"')
        self.send_header("Cache-Control", "private, no-cache")
        self.send_header("X-Accel-Redirect", "/.documents/M%E1%BA%BB%201.mp4")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_args: Any) -> None:
        return


class Crowded(ThreadingHTTPServer):
    """Lets as many wait at the door as come at once."""

    request_queue_size = 128


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """nginx with the configuration of the image, before `Echo`; `bulky`: fewer places for long forms."""

    def __init__(self, folder: Path, upstream: int, bulky: int = 0) -> None:
        self.folder, self.http, self.https = folder, free_port(), free_port()
        etc = folder / "etc"
        (etc / "conf.d").mkdir(parents=True)
        for name in ("static", "media/images", "media/documents", "acme"):
            (folder / name).mkdir(parents=True)
        (folder / "static/site.0123456789ab.css").write_text("main { color: black; }")
        (folder / "static/plain.css").write_text("main { color: black; }")
        (folder / "media/images/a.svg").write_text("<svg/>")
        (folder / "media/documents/a.pdf").write_text("kín")
        (folder / "media/documents/Mẻ 1.mp4").write_bytes(FILM)
        run("sh", DOCKER / "secrets.sh", HOST, env={**os.environ, "HUB_SECRETS": str(folder / "s")})
        values = {
            "HUB_HOSTS": HOST,
            "HUB_MONITORING": "",
            "HUB_HTTP_LISTEN": f"127.0.0.1:{self.http}",
            "HUB_HTTPS_LISTEN": f"127.0.0.1:{self.https}",
            "HUB_UPSTREAM": f"127.0.0.1:{upstream}",
            "HUB_CERTIFICATE": f"{folder}/s/tls.crt",
            "HUB_CERTIFICATE_KEY": f"{folder}/s/tls.key",
            "HUB_STATIC": f"{folder}/static",
            "HUB_MEDIA": f"{folder}/media",
            "HUB_ERRORS": f"{DOCKER}/nginx",
            "HUB_ACME": f"{folder}/acme",
        }
        template = (DOCKER / "nginx/hub.conf.template").read_text()
        filled = re.sub(r"\$\{(HUB_\w+)\}", lambda match: values[match[1]], template)
        if bulky:
            filled, found = re.subn(r"(limit_conn hub_bulky) \d+;", rf"\1 {bulky};", filled)
            assert found == 1
        (etc / "conf.d/hub.conf").write_text(filled)
        shutil.copy(DOCKER / "nginx/nginx.conf", etc)
        shutil.copy("/etc/nginx/mime.types", etc)
        user = "user root; " if os.getuid() == 0 else ""
        self.command = [str(NGINX), "-p", f"{folder}/", "-c", f"{etc}/nginx.conf", "-g"]
        self.options = f"{user}daemon off;"
        self.log = folder / "log"

    def __enter__(self) -> Proxy:
        tested = run(*self.command, self.options, "-t")
        assert tested.returncode == 0, tested.stderr.decode()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, self.options], stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.https), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def __exit__(self, *_args: Any) -> None:
        self.process.terminate()
        self.process.wait(10)

    def ask(
        self,
        path: str,
        *,
        host: str = HOST,
        method: str = "GET",
        body: bytes = b"",
        secure: bool = True,
        **headers: str,
    ) -> tuple[int, dict[str, str], bytes]:
        connection: http.client.HTTPConnection
        if secure:
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.https, timeout=10, context=context
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        got = (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read(),
        )
        connection.close()
        return got
