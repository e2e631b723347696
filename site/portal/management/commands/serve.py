"""`make run`: set up, then the site and its worker together, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

STOP_SECONDS = 10


class Command(BaseCommand):
    help = "Chuẩn bị nếu cần, rồi chạy trang và worker trên máy này."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--entries", type=int, default=300)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("setup", entries=options["entries"], stdout=self.stdout)
        address = f"127.0.0.1:{options['port']}"
        site = f"http://{address}"
        self.greet(site)
        # Links in mails lead back to this port.
        settings.WAGTAILADMIN_BASE_URL = site
        worker = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, str(settings.ROOT / "manage.py"), "worker"],
            env={**os.environ, "SITE_URL": site},
        )
        # runserver ends by KeyboardInterrupt only; a TERM must stop the worker too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            call_command("runserver", address, use_reloader=False)
        finally:
            worker.terminate()
            try:
                worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()

    def greet(self, site: str) -> None:
        """Print where to go and, where there are any, the demo log-ins."""
        self.stdout.write(f"\n  Trang công khai   {site}/\n  Tiếng Anh         {site}/en/")
        self.stdout.write(f"  Bàn làm việc      {site}/ban-lam-viec/")
        self.stdout.write(f"  Quản trị          {site}/quan-tri/\n")
        if settings.HUB_DEMO:
            call_command("demo_users", stdout=self.stdout)
        self.stdout.write("")
