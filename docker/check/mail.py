"""A mail server on loopback that keeps what it is given: what the check reads instead of a mailbox."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
from email.message import EmailMessage
from typing import Any


class Session(socketserver.StreamRequestHandler):
    """One connection, just enough of SMTP (RFC 5321) for Django's client."""

    def handle(self) -> None:
        """Answer commands until QUIT."""
        self._say("220 mailbox")
        while line := self.rfile.readline():
            verb = line.strip().upper()[:4]
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA":
                self._say("354 go on")
                self.server.keep(self._body())  # type: ignore[attr-defined]
            self._say("250 ok")

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes mails on a free port of loopback from the moment it is made."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails: list[EmailMessage] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def keep(self, raw: bytes) -> None:
        """Remember one mail."""
        message: Any = email.message_from_bytes(raw, policy=email.policy.default)
        self.mails.append(message)

    def wait_for(self, address: str, seconds: float = 30, *, having: str = "") -> str:
        """Return the text of the newest mail to the address; raise `TimeoutError` when none comes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in reversed(self.mails):
                body = mail.get_body(("plain",))
                text = body.get_content() if body else ""
                if address in str(mail["To"]) and having in text:
                    return str(text)
            time.sleep(0.2)
        raise TimeoutError(f"no mail to {address} within {seconds} s")
