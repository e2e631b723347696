"""Spreadsheets that the admin exports: what people typed stays text when it is opened."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin, list_to_str

#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(value: Any) -> Any:
    """Return the value of a CSV cell; a text that would run as a formula begins with `'`."""
    cell = force_str(value, strings_only=True)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def guard_exports() -> None:
    """Have every CSV export of Wagtail defuse what no preprocessor of its own turns into text."""
    csv = SpreadsheetExportMixin.FORMAT_CSV
    kinds: dict[Any, dict[str, Any]] = SpreadsheetExportMixin.custom_value_preprocess
    kinds[list] = kinds[list] | {csv: lambda value: defused(list_to_str(value))}
    kinds[object] = {csv: defused}
