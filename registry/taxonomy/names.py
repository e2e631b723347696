"""How names of places are compared and written."""

from __future__ import annotations

import unicodedata

from registry.taxonomy.models import AdminUnit


def unmarked(text: str) -> str:
    """Return the text without Vietnamese marks, case kept: “Sơn Đông” → “Son Dong”."""
    bare = "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )
    return bare.replace("đ", "d").replace("Đ", "D")


def folded(text: str) -> str:
    """Return the form in which names are compared: no marks, lower case, single spaces."""
    kept = (char if char.isalnum() else " " for char in unmarked(text).lower())
    return " ".join("".join(kept).split())


def in_sentence(unit: AdminUnit) -> str:
    """Return a Vietnamese full name as written inside a sentence: “xã Sơn Phú”, “phường 8”."""
    return unit.full_name_vi[:1].lower() + unit.full_name_vi[1:]
