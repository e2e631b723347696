"""Write the first support measures; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.support import loading


class Command(BaseCommand):
    help = "Nạp các biện pháp hỗ trợ đầu tiên, kèm nguồn; chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report how many measures were new."""
        self.stdout.write(f"Biện pháp hỗ trợ mới: {loading.load()}.")
