"""The hub as `docker/compose.yaml` runs it, on loopback: settings, folders, start commands, proxy."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from mail import Mailbox
from servers import DIRECT, ROOT, Failed, Processes, Server, answers, filled, free_port, until

HOST = "hub.example"
#: Passes as a node's own security would: https of its own authority, a user, a password.
GUARD = """
server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {secrets}/elasticsearch/node.crt;
    ssl_certificate_key {secrets}/elasticsearch/node.key;
    auth_basic node;
    auth_basic_user_file {folder}/node.users;
    client_max_body_size 100m;
    location / {{
        proxy_pass {node};
        proxy_set_header Authorization "";
    }}
}}
"""


class Tls(http.client.HTTPSConnection):
    """A connection to the proxy that names our host, as a browser's would."""

    def connect(self) -> None:
        """Open the socket to the port while the handshake speaks of `HOST`."""
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=HOST)  # type: ignore[attr-defined]


@dataclass
class Answer:
    """What came back; headers as sent, so that a doubled one shows."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of the header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """Return the header; raise `Failed` when it is missing or doubled."""
        values = self.all(name)
        if len(values) != 1:
            raise Failed(f"đầu mục {name} có {len(values)} lần: {values}")
        return values[0]


@dataclass
class Stack:
    """The whole of it; `close` ends everything and leaves nothing behind."""

    folder: Path
    mailbox: Mailbox = field(default_factory=Mailbox)
    postgres: Server | None = None
    elasticsearch: Server | None = None

    def __post_init__(self) -> None:
        self.processes = Processes(self.folder)
        self.web, self.http, self.https, self.guard = (free_port() for _ in range(4))
        self.secrets = self.folder / "secrets"
        self.data = self.folder / "data"
        self.static = self.folder / "static"
        self.nginx = self.folder / "nginx"
        self.env: dict[str, str] = {}

    def prepare(self) -> None:
        """Make secrets and folders, with the script a centre would run."""
        for path in (self.data / "media/images", self.data / "private", self.nginx / "etc/conf.d"):
            path.mkdir(parents=True)
        (self.folder / "acme").mkdir()
        subprocess.run(  # noqa: S603 - our own script
            ["sh", str(ROOT / "docker/secrets.sh"), HOST],  # noqa: S607
            env={**os.environ, "HUB_SECRETS": str(self.secrets)},
            check=True,
            capture_output=True,
        )
        self.folder.chmod(0o755)

    def settle(self, postgres: Server, elasticsearch: Server) -> None:
        """Take the two servers and write the environment of the hub's own processes."""
        self.postgres, self.elasticsearch = postgres, elasticsearch
        address, _, rest = postgres.address.partition("://")[2].partition("@")
        user, _, password = address.partition(":")
        secret = self.secrets / "postgres_password"
        secret.chmod(0o644)
        secret.write_text(password + "\n")
        self.env = {
            "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
            "HOME": "/nonexistent",
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            "HUB_VAR": str(self.data),
            "HUB_STATIC": str(self.static),
            "WEB_BIND": f"127.0.0.1:{self.web}",
            "WEB_WORKERS": "2",
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mailbox.port),
            "EMAIL_USE_TLS": "0",
            "DATABASE_URL": f"postgres://{user}@{rest}",
            "TRUSTED_PROXY_COUNT": "1",
            "FILES_BY_PROXY": "1",
            "SEARCH_ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
            "ELASTICSEARCH_URLS": f"https://127.0.0.1:{self.guard}",
            "ELASTICSEARCH_USER": "hub",
            "ELASTICSEARCH_CA_FILE": str(self.secrets / "elasticsearch/ca.crt"),
        }
        for name, file in (
            ("SECRET_KEY", "secret_key"),
            ("IDENTIFIER_KEY", "identifier_key"),
            ("DATABASE_PASSWORD", "postgres_password"),
            ("EMAIL_HOST_PASSWORD", "email_password"),
            ("ELASTICSEARCH_PASSWORD", "search_password"),
        ):
            self.env[f"{name}_FILE"] = str(self.secrets / file)

    def build(self) -> None:
        """Collect the static files the way the image is built: without one real secret."""
        self.static.mkdir()
        # The bundle of style sheets is put together beside the data.
        self.processes.own(self.static, self.data)
        thrown_away = dict.fromkeys(
            ("SECRET_KEY", "IDENTIFIER_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_HOST"), "build"
        )
        base = {
            key: self.env[key]
            for key in ("PATH", "HOME", "LANG", "DJANGO_SETTINGS_MODULE", "HUB_STATIC", "HUB_VAR")
        }
        self.entry("collectstatic", "--noinput", "--verbosity", "0", env=base | thrown_away)

    def entry(self, *words: str, env: dict[str, str] | None = None, name: str = "") -> str:
        """Run what a container would run, to its end; return what it printed."""
        command = ["sh", str(ROOT / "docker/entry.sh"), *words]
        return self.processes.run(name or words[0], command, env or self.env)

    def start_proxy(self) -> None:
        """Start nginx with the configuration of the image, and the guard before the node."""
        assert self.elasticsearch  # noqa: S101 - `settle` comes first
        binary = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if binary is None:
            raise Failed("không có nginx")
        etc = self.nginx / "etc"
        shutil.copy(ROOT / "docker/nginx/nginx.conf", etc)
        shutil.copy("/etc/nginx/mime.types", etc)
        template = (ROOT / "docker/nginx/hub.conf.template").read_text()
        values = {
            "HUB_HOSTS": HOST,
            "HUB_MONITORING": "",
            "HUB_HTTP_LISTEN": f"127.0.0.1:{self.http}",
            "HUB_HTTPS_LISTEN": f"127.0.0.1:{self.https}",
            "HUB_UPSTREAM": self.env["WEB_BIND"],
            "HUB_CERTIFICATE": str(self.secrets / "tls.crt"),
            "HUB_CERTIFICATE_KEY": str(self.secrets / "tls.key"),
            "HUB_STATIC": str(self.static),
            "HUB_MEDIA": str(self.data / "media"),
            "HUB_ERRORS": str(ROOT / "docker/nginx"),
            "HUB_ACME": str(self.folder / "acme"),
        }
        (etc / "conf.d/hub.conf").write_text(filled(template, values))
        password = (self.secrets / "search_password").read_text().strip()
        hashed = subprocess.run(
            ["openssl", "passwd", "-apr1", "-stdin"],  # noqa: S607
            input=password.encode(),
            capture_output=True,
            check=True,
        ).stdout.decode()
        (self.nginx / "node.users").write_text(f"hub:{hashed}")
        guard = GUARD.format(
            port=self.guard,
            secrets=self.secrets,
            folder=self.nginx,
            node=self.elasticsearch.address,
        )
        (etc / "conf.d/guard.conf").write_text(guard)
        self.processes.own(self.nginx, self.secrets, self.data)
        command = [
            binary,
            "-p",
            f"{self.nginx}/",
            "-c",
            str(etc / "nginx.conf"),
            "-g",
            "daemon off;",
        ]
        self.processes.run("nginx -t", [*command[:5], "-t"], self.env)
        self.processes.start("nginx", command, self.env)
        until("nginx", lambda: answers(f"http://127.0.0.1:{self.http}/.ok"))

    def start_hub(self) -> None:
        """Start gunicorn and the worker with the containers' commands."""
        for name in ("web", "worker"):
            self.processes.start(name, ["sh", str(ROOT / "docker/entry.sh"), name], self.env)
        until("trang", lambda: self.get("/suc-khoe/").status == 200)

    def healthy(self, part: str) -> None:
        """Ask the container's own health check."""
        python = str(ROOT / ".venv/bin/python")
        command = [python, str(ROOT / "docker/healthcheck.py"), part]
        self.processes.run(f"healthcheck {part}", command, self.env)

    def get(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: str = ""
    ) -> Answer:
        """Ask through the proxy, over TLS with the certificate checked; the path is sent as it is."""
        context = ssl.create_default_context(cafile=str(self.secrets / "tls.crt"))
        connection = Tls("127.0.0.1", self.https, timeout=30, context=context)
        connection.context = context  # type: ignore[attr-defined]
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": HOST, **(headers or {})}.items():
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() or None)
        answer = connection.getresponse()
        result = Answer(answer.status, answer.getheaders(), answer.read())
        connection.close()
        return result

    def plain(self, path: str, host: str = HOST) -> Answer:
        """Ask through the proxy without TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        result = Answer(answer.status, answer.getheaders(), answer.read())
        connection.close()
        return result

    def held(self) -> int:
        """Return how many documents the node's index holds, asked past the guard."""
        assert self.elasticsearch  # noqa: S101 - `settle` comes first
        with DIRECT.open(f"{self.elasticsearch.address}/hub/_count", timeout=10) as answer:
            return int(json.load(answer)["count"])

    def restore_elsewhere(self) -> None:
        """Dump the database and restore it under another name; raise `Failed` when rows differ."""
        url = self.env["DATABASE_URL"]
        other = f"{url.rpartition('/')[0]}/restored"
        env = self.env | {"PGPASSWORD": (self.secrets / "postgres_password").read_text().strip()}
        dump = str(self.data / "hub.dump")
        for words in (
            ["pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}"],
            ["createdb", f"--maintenance-db={url}", "--template=template0", "restored"],
            ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={other}", dump],
        ):
            self.processes.run(words[0], words, env)
        count = (
            "SELECT (SELECT count(*) FROM directory_entry), (SELECT count(*) FROM accounts_user)"
        )
        rows = {
            self.processes.run(
                "psql", ["psql", "--no-align", "-t", f"--command={count}", name], env
            )
            for name in (url, other)
        }
        if len(rows) != 1:
            raise Failed(f"bản phục hồi khác bản gốc: {rows}")
        self.entry("migrate", "--check", env=self.env | {"DATABASE_URL": other}, name="restored")

    def close(self) -> list[str]:
        """End the hub gracefully, then the servers; return what did not end as it should."""
        wrong = []
        for name, number in (
            ("worker", signal.SIGTERM),
            ("web", signal.SIGTERM),
            ("nginx", signal.SIGQUIT),
        ):
            if name not in self.processes.running:
                continue
            try:
                code = self.processes.stop(name, number)
            except Failed as failure:
                wrong.append(str(failure))
                continue
            if code:
                wrong.append(f"{name} kết thúc với mã {code}")
        self.processes.stop_all()
        for server in (self.postgres, self.elasticsearch):
            if server:
                server.stop()
        self.mailbox.shutdown()
        self.mailbox.server_close()
        return wrong
