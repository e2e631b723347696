"""Maps of the delta as rows of bricks: how many live entries each commune has.

The courses were cut by `docs/design/communes.py`; here they only get their weight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "map.json"
#: A commune counts as "many" from this number on, however few the others have.
MANY_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class DeltaMap:
    """SVG paths by weight: the whole land, communes with few entries, communes with many."""

    land: str
    few: str
    many: str


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


def delta(counts: Mapping[str, int]) -> DeltaMap:
    """Return the large map; a quarter of the communes that have entries count as "many"."""
    present = sorted(count for count in counts.values() if count)
    threshold = max(MANY_AT_LEAST, present[len(present) * 3 // 4]) if present else MANY_AT_LEAST
    paths = _data()["fine"]["communes"]
    few = [path for code, path in paths.items() if 0 < counts.get(code, 0) < threshold]
    many = [path for code, path in paths.items() if counts.get(code, 0) >= threshold]
    return DeltaMap(_data()["fine"]["land"], "".join(few), "".join(many))


def small(counts: Mapping[str, int]) -> DeltaMap:
    """Return a small map: communes that have at least one entry stand out."""
    paths = _data()["coarse"]["communes"]
    present = "".join(path for code, path in paths.items() if counts.get(code))
    return DeltaMap(_data()["coarse"]["land"], "", present)


def locator(code: str) -> DeltaMap:
    """Return the land with one commune standing out; nothing stands out for an unknown code."""
    return DeltaMap(
        _data()["coarse"]["land"], "", _data()["fine"]["communes"].get(str(code or ""), "")
    )
