"""A small SVG graph of how engines grow: both axes logarithmic, colours that follow the scheme."""

from __future__ import annotations

import math
from html import escape
from typing import Any

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 30, 50
NAMES = {
    "sqlite": "nhúng, SQLite",
    "postgresql": "nhúng, PostgreSQL",
    "elasticsearch": "Elasticsearch",
}
DASHES = {"sqlite": "none", "postgresql": "8 4", "elasticsearch": "2 4"}
STYLE = """
svg { color: #12233a; background: #fff; font: 13px system-ui, sans-serif; }
line, polyline { stroke: currentColor; fill: none; }
.grid { opacity: .15; }
.curve { stroke-width: 2.5; }
text { fill: currentColor; }
@media (prefers-color-scheme: dark) { svg { color: #e6edf5; background: #0f1722; } }
"""


def draw(rows: list[dict[str, Any]]) -> str:
    """Return the graph of the median of warm mixed questions by the number of entries."""
    rows = [row for row in rows if "mixed" in row]
    sizes = sorted({row["entries"] for row in rows})
    medians = [row["mixed"][0] for row in rows]
    low, high = math.floor(math.log10(min(medians))), math.ceil(math.log10(max(medians)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        share = (math.log10(size) - first) / ((last - first) or 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        share = (math.log10(value) - low) / ((high - low) or 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Thời gian trả lời theo số mục"><style>{STYLE}</style>',
        f'<text x="{LEFT}" y="18">Câu hỗn hợp đã ấm, trung vị (mili giây)</text>',
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_number(10.0**power)}</text>'
        )
    for size in sizes:
        parts.append(
            f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">'
            f"{_number(size)}</text>"
        )
    ends: list[float] = []
    for engine in dict.fromkeys(row["engine"] for row in rows):
        own = sorted((row["entries"], row["mixed"][0]) for row in rows if row["engine"] == engine)
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in own)
        end = y(own[-1][1])
        while any(abs(end - other) < 16 for other in ends):
            end -= 16
        ends.append(end)
        parts.append(
            f'<polyline class="curve" stroke-dasharray="{DASHES[engine]}" points="{points}"/>'
            f'<text x="{WIDTH - RIGHT + 8}" y="{end + 4:.1f}">{escape(NAMES[engine])}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _number(value: float) -> str:
    """Return the number in Vietnamese form."""
    return f"{value:,.0f}".replace(",", ".") if value >= 1 else f"{value:g}".replace(".", ",")
