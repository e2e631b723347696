"""Create invented events for a first look; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.events.demo import loading


class Command(BaseCommand):
    help = "Nạp sự kiện minh họa; --clear xóa chúng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clear", action="store_true", help="Xóa sự kiện minh họa.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or clear, and report how many."""
        if options["clear"]:
            self.stdout.write(f"Đã xóa {loading.clear()} sự kiện minh họa.")
        else:
            self.stdout.write(f"Sự kiện minh họa mới: {loading.load()}.")
