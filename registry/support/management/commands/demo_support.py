"""Create invented support measures for a first look; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.support import services
from registry.support.demo.texts import MEASURES
from registry.support.loading import write


class Command(BaseCommand):
    help = "Nạp biện pháp hỗ trợ minh họa; --clear xóa chúng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clear", action="store_true", help="Xóa biện pháp minh họa.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or clear, and report how many."""
        if options["clear"]:
            self.stdout.write(f"Đã xóa {services.forget_demo()} biện pháp minh họa.")
        else:
            made = sum(write(item) is not None for item in MEASURES)
            self.stdout.write(f"Biện pháp minh họa mới: {made}.")
