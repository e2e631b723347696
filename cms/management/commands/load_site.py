"""Create the first pages of the site; run again it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.desk.roots import name_roots
from cms.desk.workflow import load_workflow
from cms.documents import loading as documents
from cms.pages.loading import load


class Command(BaseCommand):
    help = "Tạo ngôn ngữ, trang chủ, các trang nội dung và tin đầu tiên; chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report how many pages were new."""
        count = load() + documents.load()
        load_workflow()
        name_roots()
        self.stdout.write(f"Trang mới: {count}.")
