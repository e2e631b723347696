"""The style page in a browser: every component has the size and the colours it had, in both schemes.

Of the picture, sizes and the share of each rough colour are compared, not pixels: another build of the
browser draws letters a little differently and may break a line elsewhere, which changes the shares by a
hundredth at most. A component that broke is higher, wider or gone; one that lost its drawing or its
colour has other shares. To renew what is compared, delete the JSON files beside this one and run the
test once.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.browser import DESKTOP, PHONE, SHOTS
from tests.e2e.conftest import axe_violations

pytestmark = pytest.mark.django_db(transaction=True)

HERE = Path(__file__).parent
#: How much a height may differ: as a share, and in pixels.
SHARE, PIXELS = 0.12, 12
#: How much of a component may have another colour.
COLOURED = 0.03
#: Shares below this are left out of what is kept.
SEEN = 0.002
MEASURE = """() => Object.fromEntries([...document.querySelectorAll('.sample')].map(one => {
  const box = one.querySelector('.shown').getBoundingClientRect();
  return [one.id, [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round)];
}))"""
WIDTHS = {"390": PHONE, "1280": DESKTOP}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_looks_as_it_did(
    open_page: Callable[..., Page], settings: object, scheme: str
) -> None:
    settings.DEBUG = True
    sizes: dict[str, dict[str, list[int]]] = {}
    colours: dict[str, dict[str, dict[str, float]]] = {}
    SHOTS.mkdir(exist_ok=True)
    for name, viewport in WIDTHS.items():
        page = open_page("/styleguide/", viewport=viewport, scheme=scheme)
        page.evaluate("() => document.fonts.ready")
        boxes = page.evaluate(MEASURE)
        shot = page.screenshot(path=SHOTS / f"styleguide-{name}-{scheme}.png", full_page=True)
        sizes[name] = {component: box[2:] for component, box in boxes.items()}
        colours[name] = shares(shot, boxes)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert axe_violations(page) == []
    wanted = kept("styleguide", sizes)
    assert {name: set(found) for name, found in sizes.items()} == {
        name: set(found) for name, found in wanted.items()
    }
    changed = {
        f"{component} {name}": (size, wanted[name][component])
        for name, found in sizes.items()
        for component, size in found.items()
        if any(
            abs(now - then) > max(PIXELS, then * SHARE)
            for now, then in zip(size, wanted[name][component], strict=True)
        )
    }
    assert not changed
    before = kept(f"styleguide-{scheme}", colours)
    recoloured = {
        f"{component} {name}": (now, before[name][component])
        for name, found in colours.items()
        for component, now in found.items()
        if apart(now, before[name][component]) > COLOURED
    }
    assert not recoloured


def shares(shot: bytes, boxes: dict[str, list[int]]) -> dict[str, dict[str, float]]:
    """Return for each component how much of it has which colour, told by a quarter of each channel."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB").point(lambda value: round(value / 85))
    found = {}
    for component, (left, top, width, height) in boxes.items():
        part = picture.crop((left, top, left + width, top + height))
        counted = sorted(part.getcolors(64) or [], reverse=True)
        found[component] = {
            "".join(map(str, colour)): round(count / (width * height), 3)
            for count, colour in counted
            if count >= SEEN * width * height
        }
    return found


def apart(now: dict[str, float], then: dict[str, float]) -> float:
    """Return how much of a component has a colour that was not there."""
    colours = now.keys() | then.keys()
    return sum(abs(now.get(one, 0) - then.get(one, 0)) for one in colours) / 2


def kept(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return what was measured before; where nothing was, keep what is now and fail."""
    path = HERE / f"{name}.json"
    if not path.exists():
        lines = [
            f" {json.dumps(width)}: {{\n"
            + ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in each.items())
            + "\n }"
            for width, each in found.items()
        ]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        pytest.fail(f"Chưa có mẫu {path.name}; vừa ghi, chạy lại.")
    measured: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return measured
