"""The colours: dark by the machine's wish and dark by the reader's are the same; paper is light."""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "site" / "static" / "css" / "tokens.css"


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
