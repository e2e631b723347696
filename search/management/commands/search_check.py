"""`manage.py search_check [--fix]`: compare the index with the database, and mend the difference."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search import checking, outbox, service
from search.contracts import DocumentRefused, EngineUnavailable
from search.guard import OutsideEngine

#: Objects named one by one; of more, the number.
NAMED = 20


class Command(BaseCommand):
    help = "So chỉ mục tìm kiếm với cơ sở dữ liệu; --fix sửa chỗ khác."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--fix`."""
        parser.add_argument("--fix", action="store_true", help="sửa mọi chỗ khác")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every index; fail when a difference is left."""
        left = self._embedded(fix=options["fix"])
        guard = service.outside()
        if guard is not None:
            try:
                left += self._outside(guard.primary, fix=options["fix"])
            except EngineUnavailable as error:
                raise CommandError(
                    _("{engine} không trả lời ({reason}).").format(engine=guard.name, reason=error)
                ) from error
        if left:
            raise CommandError(_("Chỉ mục còn {left} chỗ khác cơ sở dữ liệu.").format(left=left))

    def _embedded(self, *, fix: bool) -> int:
        engine = service.embedded()
        found = checking.compare(engine)
        self._tell(engine.name, found)
        if fix and found.all:
            for kind in sorted({kind for kind, _identity in found.all}):
                service.renew(kind, [identity for other, identity in found.all if other == kind])
            return len(checking.compare(engine).all)
        return len(found.all)

    def _outside(self, engine: OutsideEngine, *, fix: bool) -> int:
        waiting = outbox.waiting(settings.SEARCH_ENGINE).count()
        if waiting:
            self.stdout.write(
                _("Còn {waiting} việc chờ đưa vào chỉ mục; chỗ khác có thể do chúng.").format(
                    waiting=waiting
                )
            )
        engine.refresh()
        found = checking.compare(engine)
        self._tell(engine.name, found)
        if not (fix and found.all):
            return len(found.all)
        for start in range(0, len(found.all), outbox.BATCH):
            try:
                outbox.feed(engine, found.all[start : start + outbox.BATCH])
            except DocumentRefused as error:
                self.stderr.write(str(error))
        engine.refresh()
        return len(checking.compare(engine).all)

    def _tell(self, name: str, found: checking.Difference) -> None:
        if not found.all:
            self.stdout.write(_("{engine}: khớp cơ sở dữ liệu").format(engine=name))
            return
        self.stdout.write(
            _("{engine}: {outdated} mục thiếu hoặc cũ, {surplus} mục thừa").format(
                engine=name, outdated=len(found.outdated), surplus=len(found.surplus)
            )
        )
        for kind, identity in found.all[:NAMED]:
            self.stdout.write(f"  {kind} {identity}")
