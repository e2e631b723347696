"""Set up the review of pages by a second person; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.desk.workflow import load_workflow


class Command(BaseCommand):
    help = "Tạo quy trình duyệt trang khi trang chưa có; chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up and report."""
        made = load_workflow()
        if options["verbosity"]:
            self.stdout.write("Đã tạo quy trình duyệt." if made else "Quy trình duyệt đã có.")
