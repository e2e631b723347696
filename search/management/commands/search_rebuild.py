"""`manage.py search_rebuild`: make the index anew from the database while the site serves."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search import service, sources
from search.engines.embedded.rebuilding import RebuildRunning


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm từ cơ sở dữ liệu; trang vẫn trả lời trong khi dựng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--if-empty`, for a first start."""
        parser.add_argument(
            "--if-empty", action="store_true", help="chỉ dựng khi chỉ mục chưa có gì"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild the engine that answers, and the embedded one when that is another."""
        embedded = service.embedded()
        if options["if_empty"] and embedded.count():
            return
        total = sum(source.count() for source in sources.sources())
        engines = {engine.name: engine for engine in (embedded, service.engine())}
        for engine in engines.values():
            started = time.monotonic()
            done = 0
            try:
                for done in engine.rebuild(service.all_documents()):
                    self._show(engine.name, done, total, time.monotonic() - started)
            except RebuildRunning as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                raise CommandError(_("Đã dừng. Chỉ mục cũ vẫn trả lời như trước.")) from None
            took = time.monotonic() - started
            self.stdout.write(
                _("{engine}: {done} mục trong {took:.1f} giây").format(
                    engine=engine.name, done=done, took=took
                )
            )

    def _show(self, name: str, done: int, total: int, took: float) -> None:
        rate = done / took if took else 0.0
        left = max(0, total - done) / rate if rate else 0.0
        self.stdout.write(
            _("{engine}: {done}/{total} mục, {rate:.0f} mục/giây, còn {left:.0f} giây").format(
                engine=name, done=done, total=max(total, done), rate=rate, left=left
            )
        )
