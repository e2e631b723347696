"""The style page in a browser: every component has the place and size it had, in both schemes.

Sizes are compared, not pixels: another build of the browser draws letters a little differently,
but a component that broke is higher, wider or gone. To renew them, delete `styleguide.json` and
run the test once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import DESKTOP, PHONE, SHOTS
from tests.e2e.conftest import axe_violations

pytestmark = pytest.mark.django_db(transaction=True)

BASELINE = Path(__file__).with_name("styleguide.json")
#: How much a height may differ: as a share, and in pixels.
SHARE, PIXELS = 0.12, 12
MEASURE = """() => Object.fromEntries([...document.querySelectorAll('.sample')].map(one => {
  const box = one.querySelector('.shown').getBoundingClientRect();
  return [one.id, [Math.round(box.width), Math.round(box.height)]];
}))"""
WIDTHS = {"390": PHONE, "1280": DESKTOP}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_looks_as_it_did(
    open_page: Callable[..., Page], settings: object, scheme: str
) -> None:
    settings.DEBUG = True
    found: dict[str, dict[str, list[int]]] = {}
    SHOTS.mkdir(exist_ok=True)
    for name, viewport in WIDTHS.items():
        page = open_page("/styleguide/", viewport=viewport, scheme=scheme)
        page.evaluate("() => document.fonts.ready")
        found[name] = page.evaluate(MEASURE)
        page.screenshot(path=SHOTS / f"styleguide-{name}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert axe_violations(page) == []
    if not BASELINE.exists():
        BASELINE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        pytest.fail("Chưa có kích thước mẫu; vừa ghi, chạy lại.")
    wanted = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert {name: set(sizes) for name, sizes in found.items()} == {
        name: set(sizes) for name, sizes in wanted.items()
    }
    changed = {
        f"{component} {name}": (size, wanted[name][component])
        for name, sizes in found.items()
        for component, size in sizes.items()
        if any(
            abs(now - then) > max(PIXELS, then * SHARE)
            for now, then in zip(size, wanted[name][component], strict=True)
        )
    }
    assert not changed
