"""Create the invented people and story for a first look; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.pages.demo import loading


class Command(BaseCommand):
    help = "Nạp trang con người và câu chuyện minh họa; --clear xóa chúng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clear", action="store_true", help="Xóa trang minh họa.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or clear, and report how many."""
        if options["clear"]:
            self.stdout.write(f"Đã xóa {loading.clear()} trang minh họa.")
        else:
            self.stdout.write(f"Trang minh họa mới: {loading.load()}.")
