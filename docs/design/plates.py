"""Draw the plates: every picture is a shape cut into horizontal courses.

Usage: python docs/design/plates.py site/static/art/plates   (needs shapely 2; run by hand)
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from courses import (
    BRICK,
    HEAVY,
    HEIGHT,
    HOLE,
    THICK,
    THIN,
    WIDTH,
    Layer,
    band,
    curve,
    dome,
    drawing,
    ellipse,
    ground,
)
from shapely import affinity
from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union


def draw(name: str, *layers: Layer) -> None:
    """Write one plate."""
    (OUT / f"{name}.svg").write_text(drawing(*layers), encoding="utf-8")


def kiln() -> None:
    doors = unary_union([box(104, 140, 136, 184), ellipse(120, 140, 16, 18)])
    doors = unary_union([doors, box(227, 154, 249, 184), ellipse(238, 154, 11, 13)])
    draw(
        "vat-lieu",
        (ground(184), THIN),
        (dome(238, 184, 50, 112), THIN),
        (dome(118, 184, 64, 148), THICK),
        (box(110, 22, 130, 38), THICK),
        (doors, BRICK),
    )


def palm() -> None:
    trunk = band(curve(150, 200, 128, 130, 166, 66), 7)
    fronds = []
    for degrees, length, drop in (
        (-168, 96, 46),
        (-140, 92, 14),
        (-110, 70, 0),
        (-70, 74, 0),
        (-38, 98, 16),
        (-10, 104, 50),
        (14, 84, 76),
        (168, 80, 74),
    ):
        angle = math.radians(degrees)
        tip = (166 + length * math.cos(angle), 64 + length * math.sin(angle) * 0.62 + drop)
        middle = (166 + length * 0.55 * math.cos(angle), 50 + length * 0.62 * math.sin(angle))
        spine = curve(166, 64, *middle, *tip)
        edge = [
            (x, y - 4 - 15 * math.sin(step / 24 * math.pi)) for step, (x, y) in enumerate(spine)
        ]
        fronds.append(Polygon(spine + edge[::-1]).buffer(1))
    nuts = unary_union([ellipse(154, 80, 9, 10), ellipse(172, 84, 9, 10), ellipse(184, 76, 8, 9)])
    draw("dua", (ground(186), THIN), (trunk, THIN), (unary_union(fronds), THICK), (nuts, BRICK))


def rice() -> None:
    spine = curve(96, 200, 120, 70, 226, 50)
    grains = []
    for step in range(8, 25, 2):
        (x, y), (x2, y2) = spine[step], spine[step - 1]
        turn = math.degrees(math.atan2(y - y2, x - x2))
        for side in (1, -1):
            angle = math.radians(turn + 90 * side)
            grains.append(
                ellipse(
                    x + math.cos(angle) * 11, y + math.sin(angle) * 11, 13, 6.6, turn + side * 30
                )
            )
    leaf = Polygon(curve(100, 200, 60, 120, 30, 96) + curve(30, 96, 80, 120, 108, 196)).buffer(1)
    falling = unary_union([ellipse(240 + i * 9, 64 + i * 22, 12, 7, 66) for i in range(4)])
    draw(
        "lua-gao",
        (ground(188), THIN),
        (leaf, THIN),
        (band(spine, 4), THIN),
        (unary_union(grains), THICK),
        (falling, BRICK),
    )


def dryer() -> None:
    house = Polygon([(52, 184), (52, 112), (128, 66), (204, 112), (204, 184)])
    slats = unary_union([box(70, 124 + i * 20, 186, 132 + i * 20) for i in range(3)])
    roof = Polygon([(40, 116), (128, 60), (216, 116), (216, 108), (128, 50), (40, 108)])
    draw(
        "bao-quan",
        (ground(184), THIN),
        (house, THIN),
        (slats, HEAVY),
        (roof, HEAVY),
        (Point(246, 52).buffer(30), BRICK),
    )


def boat() -> None:
    hull = Polygon(
        curve(28, 118, 90, 168, 160, 168)
        + curve(160, 168, 240, 168, 296, 104)
        + [(286, 104)]
        + curve(286, 110, 220, 136, 160, 136)
        + curve(160, 136, 90, 136, 40, 114)
    )
    cabin = Polygon(curve(96, 138, 110, 84, 160, 84) + curve(160, 84, 206, 84, 216, 134))
    fruit = unary_union([Point(118 + i * 22, 74).buffer(9) for i in range(4)])
    draw(
        "ghe",
        (ground(168), THIN),
        (cabin, THIN),
        (hull, HEAVY),
        (Point(262, 130).buffer(6), HOLE),
        (fruit, BRICK),
    )


def bridge() -> None:
    deck = Polygon(
        [*curve(0, 158, 160, 134, 320, 158), (320, 166), *curve(320, 166, 160, 142, 0, 166)]
    )
    towers = unary_union(
        [
            Polygon(
                [
                    (x, 186),
                    (x + 10, 30),
                    (x + 18, 30),
                    (x + 28, 186),
                    (x + 20, 186),
                    (x + 16, 100),
                    (x + 12, 100),
                    (x + 8, 186),
                ]
            )
            for x in (92, 200)
        ]
    )
    cables = [
        Polygon(
            [
                (x, 30 + i * 9),
                (x + side * i * 25, 151),
                (x + side * (i * 25 - 11), 151),
                (x, 38 + i * 9),
            ]
        ).buffer(0)
        for x in (106, 214)
        for i in (1, 2, 3, 4)
        for side in (-1, 1)
    ]
    draw(
        "du-lich",
        (ground(180), THIN),
        (unary_union(cables), THIN),
        (deck, HEAVY),
        (towers, HEAVY),
        (Point(270, 44).buffer(24), BRICK),
    )


def drop() -> None:
    foot = [
        (160 + 56 * math.cos(i * math.pi / 30), 130 + 54 * math.sin(i * math.pi / 30))
        for i in range(31)
    ]
    shape = Polygon(
        [(160, 18), *curve(160, 18, 224, 92, 216, 130), *foot, *curve(104, 130, 96, 92, 160, 18)]
    ).buffer(0)
    shine = Polygon(
        curve(124, 128, 120, 160, 156, 170) + curve(156, 162, 132, 154, 132, 126)
    ).buffer(1)
    motes = unary_union([Point(56, 60).buffer(12), Point(258, 78).buffer(16)])
    draw("moi-truong", (ground(188), THIN), (shape, THICK), (shine, HOLE), (motes, BRICK))


def fish() -> None:
    body = Polygon(curve(40, 104, 110, 40, 226, 96) + curve(226, 112, 110, 164, 40, 104)).buffer(2)
    tail = Polygon([(214, 104), (282, 58), (268, 104), (282, 150)])
    fin = Polygon([(118, 70), (142, 36), (168, 76)])
    bubbles = unary_union([Point(264, 34).buffer(9), Point(236, 24).buffer(6)])
    draw(
        "thuy-san",
        (ground(176), THIN),
        (body, THICK),
        (tail, THIN),
        (fin, THIN),
        (Point(76, 96).buffer(7), HOLE),
        (bubbles, BRICK),
    )


def pomelo() -> None:
    fruit = unary_union(
        [
            ellipse(160, 116, 70, 66),
            Polygon([(136, 62), (160, 30), (184, 62)]).buffer(6),
        ]
    )
    leaf = Polygon(curve(162, 34, 206, 0, 256, 30) + curve(256, 30, 214, 54, 162, 34)).buffer(1)
    draw(
        "cay-an-qua",
        (ground(182), THIN),
        (fruit, THICK),
        (leaf, THIN),
        (ellipse(160, 122, 36, 34), BRICK),
    )


def buffalo() -> None:
    body = unary_union([ellipse(176, 112, 78, 38), ellipse(120, 104, 34, 30)])
    legs = unary_union([box(x, 124, x + 17, 184) for x in (112, 140, 206, 232)])
    head = Polygon([(112, 80), (78, 84), (50, 118), (52, 134), (70, 138), (98, 124), (124, 110)])
    horn = Polygon(curve(102, 84, 60, 74, 54, 30) + curve(62, 30, 78, 60, 112, 72)).buffer(1)
    tail = band(curve(252, 100, 272, 120, 266, 152), 3)
    draw(
        "chan-nuoi",
        (ground(184), THIN),
        (legs, THIN),
        (body, THICK),
        (tail, THIN),
        (head.buffer(3), HEAVY),
        (horn, HEAVY),
        (Point(254, 42).buffer(24), BRICK),
    )


def jar() -> None:
    glass = unary_union([box(92, 72, 178, 184), ellipse(135, 78, 43, 20)])
    small = unary_union([box(206, 112, 264, 184), ellipse(235, 116, 29, 12)])
    lids = unary_union([box(100, 44, 170, 58), box(211, 92, 259, 102)])
    labels = unary_union([box(92, 108, 178, 150), box(206, 136, 264, 164)])
    draw(
        "che-bien",
        (ground(184), THIN),
        (glass, THIN),
        (small, THIN),
        (lids, HEAVY),
        (labels, BRICK),
    )


def gear() -> None:
    def wheel(x: float, y: float, radius: float, teeth: int, turn: float) -> BaseGeometry:
        spikes = [
            affinity.rotate(
                box(x - radius * 0.16, y - radius * 1.24, x + radius * 0.16, y),
                turn + i * 360 / teeth,
                origin=(x, y),
            )
            for i in range(teeth)
        ]
        return unary_union([Point(x, y).buffer(radius), *spikes])

    big = wheel(126, 104, 58, 10, 0).difference(Point(126, 104).buffer(26))
    little = wheel(232, 128, 36, 8, 14).difference(Point(232, 128).buffer(15))
    draw(
        "co-khi",
        (ground(186), THIN),
        (little, THIN),
        (big, THICK),
        (Point(126, 104).buffer(17), BRICK),
    )


def screen() -> None:
    case = box(66, 34, 254, 152)
    glass = box(78, 46, 242, 140)
    lines = unary_union(
        [
            box(92, 58, 170, 66),
            box(92, 78, 214, 86),
            box(110, 98, 196, 106),
            box(110, 118, 160, 126),
        ]
    )
    foot = unary_union([box(146, 152, 174, 174), box(116, 174, 204, 184)])
    draw(
        "so",
        (ground(184), THIN),
        (case, THICK),
        (glass, HOLE),
        (lines, HEAVY),
        (foot, THIN),
        (box(170, 113, 190, 131), BRICK),
    )


def sensor() -> None:
    mast = unary_union([box(153, 64, 167, 190), box(140, 112, 196, 146)])
    panel = Polygon([(96, 92), (206, 62), (218, 82), (108, 112)])
    rings = []
    for radius in (34, 62, 90):
        ring = Point(160, 52).buffer(radius).difference(Point(160, 52).buffer(radius - 11))
        rings += [
            ring.intersection(Polygon([(160, 52), (340, -30), (340, 60)])),
            ring.intersection(Polygon([(160, 52), (-20, -30), (-20, 60)])),
        ]
    draw(
        "ai-iot",
        (ground(170), THIN),
        (mast, THICK),
        (panel, HEAVY),
        (unary_union(rings), THIN),
        (Point(160, 48).buffer(11), BRICK),
    )


def turbine() -> None:
    def mill(x: float, hub: float, size: float, turn: float) -> BaseGeometry:
        blade = Polygon(
            [(x - 3, hub), (x + 7, hub - size * 0.3), (x + 1, hub - size), (x - 3, hub)]
        )
        blades = [
            affinity.rotate(blade, turn + i * 120, origin=(x, hub)).buffer(1.6) for i in range(3)
        ]
        return unary_union(blades)

    towers = unary_union(
        [
            Polygon([(136, 76), (144, 76), (148, 184), (132, 184)]),
            Polygon([(228, 112), (233, 112), (236, 184), (225, 184)]),
        ]
    )
    draw(
        "nang-luong",
        (ground(184), THIN),
        (towers, THIN),
        (mill(140, 76, 68, 18), THICK),
        (mill(230, 112, 42, 50), THICK),
        (Point(62, 56).buffer(26), BRICK),
    )


def helix() -> None:
    def strand(phase: float) -> BaseGeometry:
        points = [
            (28 + x, 100 + 52 * math.sin(x / 264 * 3 * math.pi + phase)) for x in range(0, 265, 4)
        ]
        return band(points, 8)

    rungs = []
    for x in range(14, 264, 22):
        height = 52 * math.sin(x / 264 * 3 * math.pi)
        if abs(height) > 14:
            rungs.append(box(25 + x, 100 - abs(height), 31 + x, 100 + abs(height)))
    beads = unary_union([Point(28 + x, 100).buffer(12) for x in (88, 176)])
    draw(
        "cnsh",
        (unary_union(rungs), THIN),
        (strand(math.pi), THIN),
        (strand(0), THICK),
        (beads, BRICK),
    )


def mortar() -> None:
    bowl = Polygon(
        [
            (78, 106),
            (242, 106),
            *curve(238, 110, 226, 168, 190, 174),
            *curve(130, 174, 94, 168, 82, 110),
        ]
    )
    foot = box(120, 170, 200, 184)
    rim = box(70, 96, 250, 108)
    pestle = Polygon([(176, 100), (232, 22), (250, 34), (198, 100)]).buffer(4)
    leaf = Polygon(curve(128, 98, 70, 92, 66, 36) + curve(66, 36, 128, 40, 128, 98)).buffer(1)
    berries = unary_union([Point(150, 84).buffer(11), Point(150, 62).buffer(8)])
    draw(
        "y-duoc",
        (ground(184), THIN),
        (pestle, THIN),
        (leaf, THIN),
        (bowl, THICK),
        (foot, THICK),
        (rim, HEAVY),
        (berries, BRICK),
    )


def book() -> None:
    left = Polygon(
        [*curve(160, 74, 110, 44, 40, 60), (40, 158), *curve(40, 158, 110, 142, 160, 172)]
    )
    right = Polygon(
        [*curve(160, 74, 210, 44, 280, 60), (280, 158), *curve(280, 158, 210, 142, 160, 172)]
    )
    lines = unary_union(
        [box(62, 86 + i * 20, 138, 92 + i * 20) for i in range(3)]
        + [box(182, 86 + i * 20, 258, 92 + i * 20) for i in range(2)]
    )
    gutter = box(157, 74, 163, 172)
    draw(
        "giao-duc",
        (ground(184), THIN),
        (left.buffer(0), THIN),
        (right.buffer(0), THICK),
        (gutter, HOLE),
        (lines, HOLE),
        (Point(160, 36).buffer(20), BRICK),
    )


def coins() -> None:
    piles = []
    for x, count in ((76, 3), (146, 5), (216, 8)):
        piles += [ellipse(x, 180 - i * 15, 31, 8) for i in range(count)]
    top = ellipse(216, 56, 31, 11)
    shoot = unary_union(
        [
            band(curve(216, 46, 214, 30, 226, 18), 2),
            Polygon(curve(226, 20, 252, 4, 270, 22) + curve(270, 22, 244, 36, 226, 20)).buffer(1),
        ]
    )
    draw(
        "tai-chinh",
        (ground(188), THIN),
        (unary_union(piles), THICK),
        (shoot, THIN),
        (top, BRICK),
    )


def delta() -> None:
    river = Polygon(
        curve(206, 84, 120, 104, 178, 128)
        + curve(178, 128, 250, 160, 120, 200)
        + [(250, 200)]
        + curve(250, 200, 330, 150, 222, 122)
        + curve(222, 122, 170, 104, 214, 84)
    ).buffer(0)
    far = unary_union([dome(60, 84, 40, 22), dome(280, 84, 50, 26)])
    fields = box(0, 84, WIDTH, HEIGHT).difference(river.buffer(3))
    dikes = unary_union([box(0, y, WIDTH, y + 3) for y in (106, 138, 176)])
    draw(
        "chau-tho",
        (far, THIN),
        (fields.difference(dikes), THICK),
        (Point(112, 52).buffer(24), BRICK),
    )


if __name__ == "__main__":
    OUT = Path(sys.argv[1])
    OUT.mkdir(parents=True, exist_ok=True)
    for picture in (
        kiln,
        palm,
        rice,
        dryer,
        boat,
        bridge,
        drop,
        fish,
        pomelo,
        buffalo,
        jar,
        gear,
        screen,
        sensor,
        turbine,
        helix,
        mortar,
        book,
        coins,
        delta,
    ):
        picture()
