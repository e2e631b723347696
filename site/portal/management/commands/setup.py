"""Bring a machine to where the site can be opened; run again, it changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

#: What the state of the database follows from; a change in any of these asks for another run.
WATCHED = ("*/migrations/*.py", "*/data/**/*", "*/management/commands/*.py", "*/demo/**/*")


class Command(BaseCommand):
    help = "Di chuyển cơ sở dữ liệu, nạp danh mục, trang, dữ liệu công khai và dữ liệu minh họa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--entries", type=int, default=300, help="Số hồ sơ minh họa.")
        parser.add_argument("--force", action="store_true", help="Chạy lại dù không có gì đổi.")
        parser.add_argument(
            "--deploy",
            action="store_true",
            help="Bản chạy thật, sau mỗi lần nâng cấp; nội dung chỉ nạp khi chưa có tài khoản nào.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deploy"]:
            self._deploy()
            return
        stamp = settings.VAR / "setup.stamp"
        settings.VAR.mkdir(parents=True, exist_ok=True)
        now = fingerprint(settings.ROOT)
        if not options["force"] and stamp.exists() and stamp.read_text() == now:
            return
        steps: list[tuple[str, dict[str, Any]]] = [
            ("migrate", {"interactive": False, "verbosity": 0}),
            ("load_reference", {}),
            ("sync_roles", {}),
            ("search_seed_synonyms", {}),
            ("load_site", {}),
            ("load_public", {}),
            ("load_support", {}),
        ]
        if settings.HUB_DEMO:
            steps += [("demo_users", {}), ("load_demo", {"entries": options["entries"]})]
            steps.append(("demo_events", {}))
            steps.append(("demo_awards", {}))
            steps.append(("demo_pages", {}))
            steps.append(("demo_support", {}))
        # A changed form of the index tables empties them; whatever is public goes back in.
        steps.append(("search_rebuild", {"if_empty": True}))
        self._run(steps)
        stamp.write_text(now)

    def _deploy(self) -> None:
        # What editors may since have renamed or removed is loaded before the first account only.
        self._run(
            [
                ("migrate", {"interactive": False, "verbosity": 0}),
                ("createcachetable", {}),
                ("load_reference", {}),
                ("sync_roles", {}),
                ("load_workflow", {}),
            ]
        )
        if not get_user_model().objects.exists():
            self._run(
                [
                    ("search_seed_synonyms", {}),
                    ("load_site", {}),
                    ("load_public", {}),
                    ("load_support", {}),
                ]
            )
        self._run([("index_links", {"if_empty": True}), ("search_rebuild", {"if_empty": True})])

    def _run(self, steps: list[tuple[str, dict[str, Any]]]) -> None:
        for name, arguments in steps:
            self.stdout.write(f"· {name}")
            call_command(name, stdout=self.stdout, **arguments)
        if connection.vendor == "postgresql":
            # Until autovacuum comes by, the first visitors would meet plans made for empty tables.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")


def fingerprint(root: Path) -> str:
    """Return a digest of the watched files' names, sizes and times under our own folders."""
    digest = hashlib.sha256(str(settings.DATABASES["default"]["NAME"]).encode())
    for folder in ("registry", "cms", "search", "site"):
        for pattern in WATCHED:
            for path in sorted((root / folder).glob(f"**/{pattern}")):
                if path.is_file() and "__pycache__" not in path.parts:
                    stat = path.stat()
                    digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    return digest.hexdigest()
