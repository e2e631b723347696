"""The hub's one background process: index, mail queue, scheduled jobs."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from portal import jobs
from search import outbox, service

logger = logging.getLogger("hub.worker")


class Command(BaseCommand):
    help = "Gửi thư, cập nhật chỉ mục, chạy việc theo lịch cho đến khi nhận SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=2.0, help="Giây nghỉ giữa hai vòng.")
        parser.add_argument("--once", action="store_true", help="Chạy một vòng rồi dừng.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        holder = f"{socket.gethostname()}:{os.getpid()}"
        while not stop.is_set():
            self.round(holder)
            if options["once"]:
                break
            close_old_connections()
            stop.wait(options["interval"])

    def round(self, holder: str) -> None:
        """Do what waits now. One part that fails does not keep the others from their turn."""
        for part in (_feed_index, lambda: jobs.run_due(holder)):
            try:
                part()
            except Exception:
                logger.exception("Một phần của worker bị lỗi; thử lại ở vòng sau")


def _feed_index() -> None:
    # The embedded engine is written with the change itself; only another one has tasks waiting.
    if settings.SEARCH_ENGINE != "embedded":
        outbox.drain(settings.SEARCH_ENGINE, service.engine())
