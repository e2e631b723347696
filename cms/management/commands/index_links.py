"""Write down the links of every live page, for the report of those that lead nowhere."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.desk.following import index_all
from cms.desk.models import PageLink


class Command(BaseCommand):
    help = "Ghi lại liên kết của mọi trang đang hiện, cho báo cáo liên kết hỏng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Chỉ khi chưa ghi lần nào.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index and report."""
        if options["if_empty"] and PageLink.objects.exists():
            return
        count = index_all()
        if options["verbosity"]:
            self.stdout.write(f"Trang đã ghi: {count}.")
