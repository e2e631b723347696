"""`manage.py search_seed_synonyms`: put the project's own synonyms where staff edit them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from search.vocabulary import services


class Command(BaseCommand):
    help = "Đưa danh sách từ đồng nghĩa của dự án vào nơi biên tập; chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        made = services.seed()
        self.stdout.write(_("Đã thêm {n} nhóm từ đồng nghĩa.").format(n=made))
