"""The Khmer page as a reader sees it: its own letters, room for them, nothing wider than the screen."""

from __future__ import annotations

import unicodedata
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


#: Which of these letters a face has not: those it leaves to whatever stands after it, drawn side by side.
MISSING = """async ([faces, letters]) => {
  await Promise.all(faces.map(face => document.fonts.load(`40px "${face}"`, letters)));
  const pen = Object.assign(document.createElement("canvas"), { width: 80, height: 80 })
    .getContext("2d", { willReadFrequently: true });
  const drawn = (font, letter) => {
    pen.clearRect(0, 0, 80, 80);
    pen.font = `40px ${font}`;
    pen.fillText(letter, 10, 55);
    return pen.getImageData(0, 0, 80, 80).data.join();
  };
  return Object.fromEntries(faces.map(face => [
    face,
    [...letters].filter(letter => drawn(`"${face}", serif`, letter) !== drawn(`"${face}", monospace`, letter)),
  ]));
}"""
VOWELS = "aăâeêioôơuưy"
MARKS = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
LOWER = [unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS] + ["đ"]
FACES = ["Archivo", "Archivo Narrow VL", "Newsreader"]


def test_each_of_our_faces_has_every_vietnamese_letter(open_page: Callable[..., Page]) -> None:
    letters = "".join(LOWER) + "".join(LOWER).upper()
    assert len(set(letters)) == 2 * (12 * 6 + 1)
    page = open_page("/")
    # A letter that none of them has shows that one which is missing is noticed.
    lacking = page.evaluate(MISSING, [FACES, letters + "Ж"])
    assert lacking == {face: ["Ж"] for face in FACES}
