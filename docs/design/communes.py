"""Cut the province into horizontal courses, one path per commune, for the maps of the home page.

Usage: python docs/design/communes.py wards.geojson wards.csv cms/data/map.json
(needs shapely 2; run by hand when boundaries change; sources in cms/data/README.md)

The island groups of the delta part at its rivers, so their shared edges are the rivers' middle
lines; they are widened toward the sea and cut out of the land.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

from shapely import affinity
from shapely.geometry import LineString, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

WEST, NORTH, EAST = 105.68164, 10.34014, 106.79178
SHRINK = math.cos(math.radians(9.95))
SCALE = 900 / ((EAST - WEST) * SHRINK)


def projected(geometry: BaseGeometry) -> BaseGeometry:
    return affinity.affine_transform(
        geometry, [SHRINK * SCALE, 0, 0, -SCALE, -WEST * SHRINK * SCALE, NORTH * SCALE]
    ).buffer(0)


def island(row: dict[str, str]) -> str:
    """Return the group of islands a commune belongs to, by its districts before 1 July 2025."""
    districts = row["former_districts"]
    if row["former_province_code"] in {"84", "86"}:
        return row["former_province_code"]
    if "Thành phố Bến Tre" not in districts and any(
        name in districts for name in ("Chợ Lách", "Mỏ Cày", "Thạnh Phú")
    ):
        return "minh"
    return "hoa" if "Bình Đại" in districts else "bao"


def river(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    """Return the water between two island groups, wider toward the sea."""
    middle = first.buffer(1.2).intersection(second.buffer(1.2))
    if middle.is_empty:
        return middle
    west, south, east, north = middle.bounds
    parts, x = [], west
    while x < east:
        piece = middle.intersection(box(x, south - 5, x + 12, north + 5))
        parts.append(piece.buffer(2.6 + (x / 900) ** 1.6 * 9))
        x += 10
    return unary_union(parts)


def courses(geometry: BaseGeometry, pitch: float, shortest: float) -> str:
    """Return the SVG path of the courses of a shape, on one grid for the whole province."""
    _west, top, _east, bottom = geometry.bounds
    y = (math.floor(top / pitch) + 0.5) * pitch
    parts = []
    while y < bottom:
        cut = geometry.intersection(LineString([(-10, y), (910, y)]))
        for line in getattr(cut, "geoms", [cut]):
            if line.geom_type == "LineString" and not line.is_empty:
                left, right = sorted([line.coords[0][0], line.coords[-1][0]])
                if right - left >= shortest:
                    parts.append(f"M{round(left)} {y:g}H{round(right)}")
        y += pitch
    return "".join(parts)


def main(boundaries: Path, units: Path, target: Path) -> None:
    rows = {row["code"]: row for row in csv.DictReader(units.open(encoding="utf-8"))}
    features = json.loads(boundaries.read_text(encoding="utf-8"))["features"]
    shapes = {item["properties"]["code"]: projected(shape(item["geometry"])) for item in features}
    groups: dict[str, list[BaseGeometry]] = {}
    for code, geometry in shapes.items():
        groups.setdefault(island(rows[code]), []).append(geometry.buffer(0.4))
    land_of = {name: unary_union(parts).buffer(-0.4) for name, parts in groups.items()}
    pairs = (("minh", "bao"), ("bao", "hoa"), ("minh", "86"), ("minh", "84"), ("bao", "86"))
    water = unary_union([river(land_of[a], land_of[b]) for a, b in pairs])
    province = unary_union([geometry.buffer(0.4) for geometry in shapes.values()]).buffer(-0.4)
    land = province.difference(water)
    dry = {code: geometry.intersection(land) for code, geometry in sorted(shapes.items())}
    result = {
        "fine": {
            "land": courses(land, 9, 2),
            "communes": {code: courses(part, 9, 2) for code, part in dry.items()},
        },
        "coarse": {
            "land": courses(land, 22, 4),
            "communes": {code: courses(part, 22, 4) for code, part in dry.items()},
        },
    }
    text = json.dumps(result, ensure_ascii=False, indent=0, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
