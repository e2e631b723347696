"""`manage.py search_status`: which engine answers, and whether its index is the code's and complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from search import outbox, service, sources
from search.contracts import EngineUnavailable
from search.engines.embedded import tables
from search.guard import OutsideEngine
from search.models import IndexRebuild, IndexTask


class Command(BaseCommand):
    help = "Cho biết công cụ tìm kiếm, dạng chỉ mục, số mục so với cơ sở dữ liệu, việc còn chờ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one fact per line."""
        guard = service.outside()
        embedded = service.embedded()
        self._line(_("Công cụ trả lời"), service.engine().name)
        if guard is not None:
            self._outside(guard.primary)
        self.stdout.write(_("Công cụ nhúng ({vendor})").format(vendor=connection.vendor))
        stored = tables.stored_form(connection)
        fits = _("khớp mã nguồn")
        if stored != tables.form(connection):
            fits = _("khác mã nguồn, chạy migrate")
        self._line(_("Dạng chỉ mục"), f"{stored} ({fits})")
        self._counts(embedded.count_by_kind())

    def _outside(self, engine: OutsideEngine) -> None:
        try:
            health = engine.health()
            held = engine.count_by_kind()
        except EngineUnavailable as error:
            self._line(_("Không trả lời, công cụ nhúng trả lời thay"), str(error))
        else:
            fits = (
                _("khớp mã nguồn") if health["current"] else _("khác mã nguồn, chạy search_rebuild")
            )
            self._line(_("Cụm máy chủ"), str(health["status"]))
            self._line(_("Chỉ mục"), str(health["index"]))
            self._line(_("Dạng chỉ mục"), f"{health['form']} ({fits})")
            self._counts(held)
        waiting = outbox.waiting(settings.SEARCH_ENGINE)
        self._line(_("Việc chờ đưa vào chỉ mục"), str(waiting.count()))
        oldest = waiting.first()
        if oldest:
            self._line(_("Việc chờ lâu nhất"), _moment(oldest.created))
        dead = IndexTask.objects.filter(target=settings.SEARCH_ENGINE, dead=True, done_at=None)
        self._line(_("Việc đã ngừng thử"), str(dead.count()))
        running = IndexRebuild.objects.filter(target=settings.SEARCH_ENGINE).first()
        if running:
            self._line(_("Đang dựng lại từ"), _moment(running.started))

    def _counts(self, held: Mapping[str, int]) -> None:
        for source in sources.sources():
            self._line(
                str(source.label_plural),
                _("{held} trong chỉ mục, {public} công khai trong cơ sở dữ liệu").format(
                    held=held.get(source.kind, 0), public=source.count()
                ),
            )

    def _line(self, name: str, value: str) -> None:
        self.stdout.write(f"{name}: {value}")


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%H:%M:%S %d/%m/%Y")
