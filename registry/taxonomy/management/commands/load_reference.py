"""Load administrative units and vocabularies from the files beside `registry/taxonomy`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.taxonomy.reference import BadReference
from registry.taxonomy.services import Tally, load_reference


class Command(BaseCommand):
    """Writes only what differs; a second run changes nothing."""

    help = "Load reference data (units, vocabularies); may be run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and print one line for each table."""
        try:
            report = load_reference()
        except BadReference as error:
            raise CommandError(str(error)) from error
        if not options["verbosity"]:
            return
        self._line("Danh mục", report.vocabularies)
        self._line("Mục từ", report.terms)
        self._line("Đơn vị hành chính", report.units)
        self._line("Kế thừa địa giới", report.successions)

    def _line(self, name: str, tally: Tally) -> None:
        total = tally.created + tally.changed + tally.unchanged
        self.stdout.write(
            f"{name}: {total} dòng, mới {tally.created}, sửa {tally.changed}, "
            f"thôi dùng {tally.retired}"
        )
