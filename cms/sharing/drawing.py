"""Draws the picture of a shared page, 1200 × 630, in the look of the site."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from cms.sharing.cards import Card
from registry.common.wording import bind

WIDTH, HEIGHT = 1200, 630
#: Everything is drawn twice as large, then reduced: lines between two pixels stay even.
SCALE = 2
MARGIN, TOP = 64, 62
STRIP = 104
TITLE_WIDTH = 600
TITLE_ROOM = 340
TITLE_SIZES = (76, 66, 58, 50, 43, 37)
LINE_HEIGHT = 1.1

DEEP, DEEP_2, WHITE, SOFT, SPROUT, BRICK, THIN = (
    "#004a30",
    "#003a26",
    "#ffffff",
    "#c4e2c9",
    "#b5e48c",
    "#ff9d76",
    "#3d8263",
)
INKS = {"thin": THIN, "thick": SPROUT, "brick": BRICK}
FONTS = Path(__file__).parent / "fonts"
#: A plate is 320 × 200 of horizontal strokes; the smallest scale that fills its column.
PLATE_SCALE, PLATE_X, PLATE_Y = 1.6, 688, 110
FALLBACK_PLATE = "chau-tho"

Stroke = tuple[str, float, float, float, float]


def draw(card: Card) -> bytes:
    """Return the picture as a PNG."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), DEEP)
    pen = ImageDraw.Draw(image)
    _plate(pen, card.plate)
    _texts(pen, card)
    _strip(pen, card.language)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(128, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


# ── words


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size * SCALE)


@cache
def _has(char: str) -> bool:
    """Whether the font knows a character; an unknown one is drawn like a forbidden one."""
    font = _font("archivo-narrow", 40)
    return char.isspace() or bytes(font.getmask(char)) != bytes(font.getmask("\uffff"))


def readable(text: str) -> str:
    """Return the text without what the font cannot draw: it would be boxes."""
    return " ".join("".join(char for char in text if _has(char)).split())


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return the lines of a text, a word longer than a line cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while font.getlength(word) > width:
            cut = next(n for n in range(len(word) - 1, 0, -1) if font.getlength(word[:n]) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return [*lines, line] if line else lines


def _texts(pen: ImageDraw.ImageDraw, card: Card) -> None:
    label = " · ".join(part for part in (card.number, card.label) if part)
    top = TOP
    if label:
        pen.text((MARGIN * SCALE, top * SCALE), readable(label), SPROUT, _font("archivo-text", 28))
        top += 60
    title = bind(readable(card.title) or _site_name(card.language))
    for size in TITLE_SIZES:
        font = _font("archivo-narrow", size)
        lines = wrap(title, font, TITLE_WIDTH * SCALE)
        most = int((TITLE_ROOM - (60 if label else 0) + 60) // (size * LINE_HEIGHT))
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,;:") + "…"]
    for number, line in enumerate(lines):
        place = (MARGIN * SCALE, round((top + number * size * LINE_HEIGHT) * SCALE))
        pen.text(place, line, WHITE, font)


def _site_name(language: str) -> str:
    with translation.override(language):
        return gettext("Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long")


def _strip(pen: ImageDraw.ImageDraw, language: str) -> None:
    top = HEIGHT - STRIP
    pen.rectangle((0, top * SCALE, WIDTH * SCALE, HEIGHT * SCALE), DEEP_2)
    for x, y, width in _logo():
        left, upper = MARGIN + x * 1.6, top + 30 + y * 1.6
        box = (left, upper, left + width * 1.6, upper + 2.8 * 1.6)
        pen.rectangle([round(edge * SCALE) for edge in box], SPROUT)
    pen.text(
        ((MARGIN + 64) * SCALE, (top + 52) * SCALE),
        _site_name(language),
        SOFT,
        _font("archivo-text", 25),
        anchor="lm",
    )


@cache
def _logo() -> tuple[tuple[float, float, float], ...]:
    """Return the bricks of the mark as (x, y, width), in its own 28 units."""
    found = finders.find("art/logo.svg")
    drawn = Path(str(found)).read_text(encoding="utf-8") if found else ""
    bricks = re.findall(r"M([\d.]+) ([\d.]+)(h|H)([\d.]+)v2\.8", drawn)
    return tuple(
        (float(x), float(y), float(to) - float(x) if kind == "H" else float(to))
        for x, y, kind, to in bricks
    )


# ── the plate


def _plate(pen: ImageDraw.ImageDraw, name: str) -> None:
    for ink, width, left, right, y in strokes(name):
        # The outer strokes run on to the edge of the picture, as courses do.
        far = WIDTH if right >= 320 else PLATE_X + right * PLATE_SCALE
        upper = PLATE_Y + (y - width / 2) * PLATE_SCALE
        box = (PLATE_X + left * PLATE_SCALE, upper, far, upper + width * PLATE_SCALE)
        pen.rectangle([round(edge * SCALE) for edge in box], INKS[ink])


@cache
def strokes(name: str) -> tuple[Stroke, ...]:
    """Return the strokes of a plate as (ink, width, from, to, y)."""
    found = finders.find(f"art/plates/{name}.svg") if re.fullmatch(r"[a-z0-9-]+", name) else None
    path = Path(str(found or finders.find(f"art/plates/{FALLBACK_PLATE}.svg")))
    return tuple(_read(path.read_text(encoding="utf-8")))


def _read(svg: str) -> list[Stroke]:
    found: list[Stroke] = []
    for attributes in re.findall(r"<path ([^>]*)>", svg):
        ink = re.search(r"--plate-(thin|thick|brick)", attributes)
        width = re.search(r'stroke-width="([\d.]+)"', attributes)
        if ink is None or width is None:
            continue
        for left, y, right in re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)", attributes):
            found.append((ink[1], float(width[1]), float(left), float(right), float(y)))
    return found
