"""Renew the catalogues of translations from code and templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import catalogues


class Command(BaseCommand):
    help = "Làm mới site/locale: bản tiếng Anh theo mã nguồn và khuôn mẫu, bản tiếng Việt của gói."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Chỉ báo lỗi, kết thúc bằng lỗi nếu có."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        locale = settings.SITE / "locale"
        wrong = []
        for path, language, domain in (
            (locale / "en/LC_MESSAGES/django.po", "en", "django"),
            (locale / "vi/LC_MESSAGES/django.po", "vi", "django"),
            (locale / "vi/LC_MESSAGES/djangojs.po", "vi", "djangojs"),
        ):
            wrong += self._renew(path, language, domain)
        for sentence in wrong:
            self.stdout.write(f"  {sentence}")
        if wrong and options["check"]:
            raise CommandError(f"{len(wrong)} chỗ cần sửa trong site/locale.")

    def _renew(self, path: Path, language: str, domain: str) -> list[str]:
        known = catalogues.catalogue(path, language)
        if language == settings.LANGUAGE_CODE:
            texts, unknown = catalogues.kept(known, catalogues.installed_texts(domain))
        else:
            texts, unknown = catalogues.our_texts(settings.ROOT), []
        new = catalogues.renewed(known, texts, forms=catalogues.FORMS[language])
        changed = catalogues.write(path, new)
        name = path.relative_to(settings.ROOT)
        self.stdout.write(f"{name}: {len(new)} câu{', đã làm mới' if changed else ''}")
        return [f"không gói nào có: {msgid!r}" for msgid in unknown] + catalogues.faults(new)
