"""A cluster as managed ones are: behind TLS with an authority of its own, and a lock on the door."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

REFUSAL = b'{"error": {"type": "security_exception", "reason": "not authenticated"}, "status": 401}'
#: What belongs to one connection, or to the door, and is not passed on.
OWN = {
    "authorization",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "accept-encoding",
}


@dataclass
class Gate:
    """Where the cluster is, whose certificate it shows, and how often somebody was refused."""

    url: str
    authority: Path
    refused: list[str] = field(default_factory=list)


def certificates(folder: Path) -> tuple[Path, Path]:
    """Write the certificate of an authority, and one of 127.0.0.1 with its key; return both files."""
    now = timezone.now()

    def signed(name: str, key: Any, by: tuple[str, Any], *more: x509.ExtensionType) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by[0])]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
        )
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        made = builder.sign(by[1], hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)

    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, server = folder / "authority.pem", folder / "server.pem"
    issuer = ("Nơi cấp", root)
    authority.write_bytes(
        signed("Nơi cấp", root, issuer, x509.BasicConstraints(ca=True, path_length=None))
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    server.write_bytes(signed("127.0.0.1", key, issuer, here) + secret)
    return authority, server


@contextmanager
def gate(address: str, folder: Path, *, lets_in: str) -> Iterator[Gate]:
    """Give a gate before a node that lets in whoever says this in `Authorization`, by TLS only."""
    node = urlsplit(address)
    authority, certificate = certificates(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.headers["Authorization"] != lets_in:
                found.refused.append(self.path)
                self.say(401, {"content-type": "application/json"}, REFUSAL)
                return
            kept = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
            inside = http.client.HTTPConnection(str(node.hostname), node.port or 9200, timeout=60)
            inside.request(self.command, self.path, body, kept)
            said = inside.getresponse()
            self.say(said.status, dict(said.getheaders()), said.read())
            inside.close()

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

        def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in OWN:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_about: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    # Whoever does not trust the certificate hangs up: that is what is tried.
    server.handle_error = lambda *_about: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = Gate(f"https://127.0.0.1:{server.server_address[1]}", authority)
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
