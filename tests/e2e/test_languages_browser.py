"""The Khmer page as a reader sees it: its own letters, room for them, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.e2e.conftest import axe_violations

SMALL = {"width": 320, "height": 640}
#: Faces that came over the wire, by the files' names.
LOADED = "() => performance.getEntriesByType('resource').map(one => one.name).join(' ')"
LINES = """() => [...document.querySelectorAll('main [lang=km] :is(h1, h2, p)')]
  .map(one => getComputedStyle(one))
  .map(style => [parseFloat(style.lineHeight) / parseFloat(style.fontSize), style.letterSpacing])"""


def test_khmer_is_set_in_its_own_font_with_room_and_fits_a_small_phone(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/km/", viewport=SMALL)
    assert page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('16px Khmer', 'ខ្មែរ'))"
    )
    assert "khmer-text" in page.evaluate(LOADED)
    lines = page.evaluate(LINES)
    assert len(lines) > 5
    assert all(height >= 1.8 and spacing in {"normal", "0px"} for height, spacing in lines)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert axe_violations(page) == []


def test_no_other_page_loads_the_khmer_letters(open_page: Callable[..., Page]) -> None:
    # The switch of the front page has the name of the language, in a file of its own.
    for path, unwanted in (("/", "khmer-text"), ("/gioi-thieu/", "khmer")):
        page = open_page(path)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert unwanted not in page.evaluate(LOADED), path
