"""`manage.py search_rebuild`: make the index anew from the database while the site serves."""

from __future__ import annotations

import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search import rebuilding, service, sources
from search.contracts import DocumentRefused, EngineUnavailable, RebuildRunning

BAR = 20
#: Seconds between two lines where the output is no terminal.
QUIET = 10.0


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm từ cơ sở dữ liệu; trang vẫn trả lời trong khi dựng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--if-empty`, for a first start, and `--only`."""
        parser.add_argument(
            "--if-empty", action="store_true", help="chỉ dựng khi chỉ mục chưa có gì"
        )
        parser.add_argument(
            "--only", choices=("embedded", "outside"), help="chỉ dựng một trong hai chỉ mục"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild the embedded engine's index, then that of the engine outside the database."""
        if threading.current_thread() is threading.main_thread():
            # A stopped container ends as Ctrl-C does: nothing half-built is left.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        embedded, guard = service.embedded(), service.outside()
        if options["only"] != "outside" and not (options["if_empty"] and embedded.count()):
            self._run(embedded.name, embedded.rebuild(service.all_documents()))
        if guard is None or options["only"] == "embedded":
            return
        engine = guard.primary
        if options["if_empty"]:
            try:
                if engine.live():
                    return
            except EngineUnavailable:
                pass  # there is none yet, or the rebuild will say why it cannot be asked
        documents = service.all_documents()
        self._run(engine.name, rebuilding.rebuild(settings.SEARCH_ENGINE, engine, documents))

    def _run(self, name: str, progress: Iterator[int]) -> None:
        total = sum(source.count() for source in sources.sources())
        started = time.monotonic()
        shown, done = 0.0, 0
        try:
            for done in progress:
                took = time.monotonic() - started
                if self.stdout.isatty() or took - shown >= QUIET or not shown:
                    shown = took or QUIET
                    self._show(name, done, total, took)
        except RebuildRunning as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Đã dừng. Chỉ mục cũ vẫn trả lời như trước.")) from None
        except EngineUnavailable as error:
            raise CommandError(
                _("{engine} không trả lời ({reason}). Chỉ mục cũ vẫn như trước.").format(
                    engine=name, reason=error
                )
            ) from error
        except DocumentRefused as error:
            raise CommandError(
                _("{engine}: chỉ mục mới đã trả lời, nhưng thiếu các mục sau. {reason}").format(
                    engine=name, reason=error
                )
            ) from error
        finally:
            service.tell_of_many()
        took = time.monotonic() - started
        self.stdout.write(
            _("{engine}: {done} mục trong {took:.1f} giây").format(
                engine=name, done=done, took=took
            )
        )

    def _show(self, name: str, done: int, total: int, took: float) -> None:
        rate = done / took if took else 0.0
        total = max(total, done)
        left = (total - done) / rate if rate else 0.0
        filled = BAR * done // total if total else BAR
        self.stdout.write(
            _(
                "{engine} [{bar}] {done}/{total} mục, {rate:.0f} mục/giây, còn {left:.0f} giây"
            ).format(
                engine=name,
                bar="#" * filled + "·" * (BAR - filled),
                done=done,
                total=total,
                rate=rate,
                left=left,
            ),
            ending="\r" if self.stdout.isatty() else "\n",
        )
