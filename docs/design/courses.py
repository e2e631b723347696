"""The way a plate is drawn: a shape cut into horizontal courses, and the shapes most plates use."""

from __future__ import annotations

import math

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

WIDTH, HEIGHT, PITCH = 320, 200, 5
THIN, THICK, HEAVY, BRICK, HOLE = 3, 5, 6, 99, 1
STROKES = {HOLE: 1, THIN: 3 * 0.57, THICK: 3, HEAVY: 3.8, BRICK: 3.4}
Layer = tuple[BaseGeometry, int]


def rows(shape: BaseGeometry, shortest: float = 2) -> str:
    """Return the SVG path of the courses of a shape."""
    parts: list[str] = []
    y = PITCH / 2
    while y < HEIGHT:
        cut = shape.intersection(LineString([(-5, y), (WIDTH + 5, y)]))
        for line in getattr(cut, "geoms", [cut]):
            if line.geom_type == "LineString" and not line.is_empty:
                left, right = sorted([line.coords[0][0], line.coords[-1][0]])
                if right - left >= shortest:
                    parts.append(f"M{round(left)} {y:g}H{round(right)}")
        y += PITCH
    return "".join(parts)


def drawing(*layers: Layer) -> str:
    """Return the SVG of one plate; later layers lie on top, a thin halo parts them from the water."""
    frame = box(0, 0, WIDTH, HEIGHT)
    covered: BaseGeometry = Polygon()
    strokes: dict[int, str] = {}
    for shape, weight in reversed(layers):
        seen = shape.intersection(frame).difference(covered)
        covered = covered.union(shape).buffer(0)
        strokes[weight] = strokes.get(weight, "") + rows(seen)
    halo = unary_union([shape for shape, weight in layers if weight != HOLE]).buffer(2.2)
    svg = (
        '<path stroke="var(--plate-thin,#8fb39a)" stroke-width=".8" '
        f'd="{rows(frame.difference(halo))}"/>'
    )
    for weight, path in sorted(strokes.items()):
        colour = "var(--plate-brick,#b23a1b)" if weight == BRICK else "var(--plate-thick,#00663f)"
        svg += f'<path stroke="{colour}" stroke-width="{STROKES[weight]:g}" d="{path}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g id="p" fill="none">{svg}</g></svg>\n'
    )


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0) -> BaseGeometry:
    return affinity.rotate(affinity.scale(Point(x, y).buffer(1, 64), rx, ry), turn)


def band(points: list[tuple[float, float]], width: float) -> BaseGeometry:
    return LineString(points).buffer(width)


def curve(
    x0: float, y0: float, cx: float, cy: float, x1: float, y1: float, steps: int = 24
) -> list[tuple[float, float]]:
    return [
        (
            (1 - t) ** 2 * x0 + 2 * t * (1 - t) * cx + t * t * x1,
            (1 - t) ** 2 * y0 + 2 * t * (1 - t) * cy + t * t * y1,
        )
        for t in (step / steps for step in range(steps + 1))
    ]


def ground(y: float) -> BaseGeometry:
    return box(0, y, WIDTH, HEIGHT)


def dome(x: float, base: float, radius: float, height: float) -> BaseGeometry:
    body = height * 0.42
    points = [(x - radius, base), (x - radius * 0.98, base - body)]
    for step in range(1, 40):
        angle = step * math.pi / 40
        side = math.copysign(abs(math.cos(angle)) ** 0.8, math.cos(angle))
        points.append((x - radius * 0.98 * side, base - body - (height - body) * math.sin(angle)))
    return Polygon([*points, (x + radius * 0.98, base - body), (x + radius, base)])
