"""Pictures that fit the screen: one image as AVIF, WebP and JPEG, in the widths a place needs.

Wagtail makes each size once, when it is first shown, and crops towards the editor's focal point.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from wagtail.images.models import SourceImageIOError

#: Best first: a browser takes the first it knows, the last serves those that know neither.
FORMATS = ("avif", "webp", "jpeg")
#: What a picture of a gallery opens as.
LARGE = "max-1600x1600|format-jpeg"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: its widths in pixels, its shape, how wide it is shown."""

    widths: tuple[int, ...]
    sizes: str
    #: Height for each unit of width; `None` keeps the picture's own shape.
    ratio: float | None = None

    def specs(self) -> list[str]:
        """Return Wagtail's filters, one for each width and format."""
        return [f"{self._shape(width)}|format-{form}" for form in FORMATS for width in self.widths]

    def _shape(self, width: int) -> str:
        return f"fill-{width}x{round(width * self.ratio)}" if self.ratio else f"width-{width}"


PLACES = {
    "card": Place((320, 480, 640, 960), "(max-width: 40rem) 92vw, 22rem", ratio=0.625),
    "lead": Place((480, 800, 1200, 1600), "(max-width: 62rem) 92vw, 60rem"),
    "gallery": Place((320, 480, 800, 1200), "(max-width: 40rem) 92vw, 30rem", ratio=0.75),
    "film": Place((480, 960, 1200, 1600), "(max-width: 62rem) 92vw, 60rem", ratio=0.5625),
    "portrait": Place((96, 192, 384), "(max-width: 40rem) 6rem, 9rem", ratio=1.0),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One `source` element: a format, and its files with their widths."""

    mime: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a `picture` element needs."""

    sources: list[Source]
    srcset: str
    src: str
    width: int
    height: int
    sizes: str


def shown(image: Any, place: str) -> Shown | None:
    """Return the files of an image for a place; `None` when its file is gone or cannot be read.

    Raises `KeyError` for a place that is not in `PLACES`.
    """
    wanted = PLACES[place]
    try:
        renditions = image.get_renditions(*wanted.specs())
    except (SourceImageIOError, OSError):
        return None
    files: dict[str, dict[int, Any]] = defaultdict(dict)
    for spec, rendition in renditions.items():
        # A picture smaller than a width is never blown up: several widths may give one and the same.
        files[spec.rpartition("format-")[2]].setdefault(rendition.width, rendition)
    *better, plain = FORMATS
    middle = list(files[plain].values())[min(1, len(files[plain]) - 1)]
    return Shown(
        sources=[Source(f"image/{form}", _srcset(files[form])) for form in better],
        srcset=_srcset(files[plain]),
        src=middle.url,
        width=middle.width,
        height=middle.height,
        sizes=wanted.sizes,
    )


def large(image: Any) -> str:
    """Return the address of an image as large as a screen; nothing when its file cannot be read."""
    try:
        return str(image.get_rendition(LARGE).url)
    except (SourceImageIOError, OSError):
        return ""


def _srcset(files: dict[int, Any]) -> str:
    return ", ".join(f"{file.url} {width}w" for width, file in sorted(files.items()))
