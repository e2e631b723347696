"""What is drawn on the site is drawn by us, and follows the reader's light or dark."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "site" / "static"
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"}
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2b50\ufe0f]")
COLOUR = re.compile(r'(?:fill|stroke)="([^"]+)"')
OURS = re.compile(r"none|currentColor|var\(--plate-[a-z]+,#[0-9a-f]{6}\)")


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [Path(name) for name in names.split("\0") if name]


def test_no_picture_is_shipped_but_the_marks_editors_hand_out() -> None:
    pictures = [path for path in tracked() if path.suffix.lower() in PICTURES]
    shown = [path for path in pictures if not {"docs", "tests"} & set(path.parts)]
    assert {path.parent for path in shown} == {Path("site/static/media-kit")}


def test_no_emoji_stands_for_an_icon() -> None:
    written = {".html", ".css", ".js", ".json", ".svg", ".txt"}
    found = [
        str(path)
        for path in tracked()
        if path.suffix in written
        and "tests" not in path.parts
        and EMOJI.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not found


def test_every_plate_takes_its_colours_from_the_page() -> None:
    plates = sorted((STATIC / "art" / "plates").glob("*.svg"))
    assert len(plates) >= 18
    for path in plates:
        drawn = path.read_text(encoding="utf-8")
        colours = COLOUR.findall(drawn)
        assert any("--plate-thick" in colour for colour in colours), path.name
        assert all(OURS.fullmatch(colour) for colour in colours), path.name
        assert "style=" not in drawn, path.name
        assert "<image" not in drawn, path.name
