"""The hub's one background process: index, mail queue, scheduled jobs."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections

from portal import jobs
from search import service

logger = logging.getLogger("hub.worker")


#: Seconds between two looks at what waits for the index.
FEED_PAUSE = 0.5


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
        if options["once"]:
            _attempt(service.feed)
            _attempt(lambda: jobs.run_due(holder))
            return
        # In a thread of its own: a slow mail server must not keep changes from being found.
        feeder = threading.Thread(
            target=_repeat, args=(service.feed, stop, FEED_PAUSE), name="feeder"
        )
        if service.outside() is not None:
            feeder.start()
        _repeat(lambda: jobs.run_due(holder), stop, options["interval"])
        if feeder.is_alive():
            feeder.join()


def _repeat(part: Callable[[], object], stop: threading.Event, pause: float) -> None:
    """Do a part of the work again and again until told to stop."""
    while not stop.is_set():
        _attempt(part)
        close_old_connections()
        stop.wait(pause)
    connections.close_all()


def _attempt(part: Callable[[], object]) -> None:
    """Do a part of the work now. One that fails does not keep the others from their turn."""
    try:
        part()
    except Exception:
        logger.exception("Một phần của worker bị lỗi; thử lại ở vòng sau")
