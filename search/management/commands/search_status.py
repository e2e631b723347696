"""`manage.py search_status`: which engine answers, and whether its index is the code's and complete."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.translation import gettext as _

from search import service, sources
from search.engines.embedded import tables
from search.models import IndexTask


class Command(BaseCommand):
    help = "Cho biết công cụ tìm kiếm, dạng chỉ mục, số mục so với cơ sở dữ liệu, việc còn chờ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one fact per line."""
        embedded = service.embedded()
        held = embedded.count_by_kind()
        self._line(_("Công cụ trả lời"), service.engine().name)
        stored = tables.stored_form(connection)
        fits = _("khớp mã nguồn") if stored == tables.FORM else _("khác mã nguồn, chạy migrate")
        self._line(_("Dạng chỉ mục"), f"{stored} ({fits})")
        for source in sources.sources():
            self._line(
                str(source.label_plural),
                _("{held} trong chỉ mục, {public} công khai trong cơ sở dữ liệu").format(
                    held=held.get(source.kind, 0), public=source.count()
                ),
            )
        oldest = IndexTask.objects.order_by("id").first()
        self._line(_("Việc chờ đưa vào chỉ mục"), str(IndexTask.objects.count()))
        if oldest:
            self._line(_("Việc chờ lâu nhất"), oldest.created.isoformat(timespec="seconds"))

    def _line(self, name: str, value: str) -> None:
        self.stdout.write(f"{name}: {value}")
