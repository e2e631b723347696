"""How names of places are compared and written."""

from __future__ import annotations

import unicodedata

from registry.taxonomy.models import AdminUnit, UnitType

_EXTRA = str.maketrans({"đ": "d", "Đ": "d"})

EN_TYPE = {
    UnitType.PROVINCE: "Province",
    UnitType.CITY: "City",
    UnitType.TOWN: "Town",
    UnitType.DISTRICT: "District",
    UnitType.URBAN_DISTRICT: "Urban District",
    UnitType.COMMUNE: "Commune",
    UnitType.WARD: "Ward",
    UnitType.TOWNSHIP: "Township",
}


def unmarked(text: str) -> str:
    """Return the text without Vietnamese marks, case kept: “Sơn Đông” → “Son Dong”."""
    bare = "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )
    return bare.replace("đ", "d").replace("Đ", "D")


def folded(text: str) -> str:
    """Return the form in which names are compared: no marks, lower case, single spaces."""
    kept = (char if char.isalnum() else " " for char in unmarked(text).lower().translate(_EXTRA))
    return " ".join("".join(kept).split())


def in_sentence(unit: AdminUnit) -> str:
    """Return a Vietnamese full name as written inside a sentence: “xã Sơn Phú”, “phường 8”."""
    return unit.full_name_vi[:1].lower() + unit.full_name_vi[1:]
