"""The colours: dark by the machine's wish and by the reader's are the same; plates follow, paper is light."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "site" / "static"
CSS = STATIC / "css" / "tokens.css"


def tokens(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r" \{(.*?)\n    \}", CSS.read_text(), re.DOTALL)
    assert found, selector
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", found[1]))


def test_both_ways_into_the_dark_show_the_same_colours():
    by_machine = tokens(':root:not([data-theme="light"])')
    assert len(by_machine) > 20
    assert by_machine == tokens(':root[data-theme="dark"]')


def test_the_dark_is_for_screens_only():
    css = CSS.read_text()
    assert "@media screen and (prefers-color-scheme: dark)" in css
    assert re.search(r'@media screen \{\s+:root\[data-theme="dark"\]', css)


def test_every_plate_is_drawn_in_the_colours_of_the_page():
    plates = {path.name: path.read_text() for path in (STATIC / "art" / "plates").glob("*.svg")}
    assert len(plates) >= 18
    # The light colour is named as well: a drawing that is opened by itself has no page to ask.
    dark = [name for name in tokens(':root[data-theme="dark"]') if name.startswith("--plate-")]
    light = dict(re.findall(r"(--plate-\w+): ([^;]+);", CSS.read_text().split("@media")[0]))
    allowed = {"none", *(f"var({name},{light[name]})" for name in dark)}
    own = {
        (name, written)
        for name, drawn in plates.items()
        for written in re.findall(r'(?:fill|stroke|color|style)="([^"]+)"', drawn)
        if written not in allowed
    }
    assert own == set()
    # Nothing else brings a colour along; without one a line would be invisible, or a shape black.
    assert [
        name
        for name, drawn in plates.items()
        if set(re.findall(r"<(\w+)", drawn)) != {"svg", "g", "path"}
        or 'fill="none"' not in drawn
        or drawn.count("<path") != drawn.count('stroke="var(--plate-')
    ] == []
