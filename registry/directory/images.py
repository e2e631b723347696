"""Pictures of entries: whatever a camera or a stranger sends becomes plain WebP in a few widths.

A file is trusted only after it was decoded here: its name and its declared type say nothing. What
is stored was encoded anew, so it carries no place, no camera, no hidden page and no script.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import pillow_heif
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from registry.directory.models import Entry, EntryImage
from registry.directory.models.image import private_storage
from registry.directory.permissions import may_read_draft, may_write
from registry.directory.services import DirectoryError, Forbidden

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
#: 50 megapixels: more than any telephone, far less than a bomb.
MAX_PIXELS = 50_000_000
MIN_SIDE = 200
WIDTHS = (480, 960, 1600)
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

pillow_heif.register_heif_opener(thumbnails=False)


class ImageProblem(DirectoryError):
    """The file cannot become a picture; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "image")


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A picture ready to be stored: its size and width → WebP bytes."""

    width: int
    height: int
    renditions: dict[int, bytes]


def prepare_image(uploaded: Any) -> PreparedImage:
    """Return the picture encoded anew; raise `ImageProblem` for anything that is none."""
    if uploaded.size > MAX_BYTES:
        raise ImageProblem(
            _("Tệp %(size)s MB; tối đa %(most)s MB.")
            % {"size": -(-uploaded.size // MEGABYTE), "most": MAX_BYTES // MEGABYTE}
        )
    uploaded.seek(0)
    picture = _decoded(uploaded.read())
    if min(picture.size) < MIN_SIDE:
        raise ImageProblem(
            _("Ảnh quá nhỏ; mỗi cạnh ít nhất %(side)s điểm ảnh.") % {"side": MIN_SIDE}
        )
    renditions = {}
    for width in _widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        copy = picture.resize((width, height), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        copy.save(buffer, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=None)
        renditions[width] = buffer.getvalue()
    largest = max(renditions)
    return PreparedImage(
        largest, max(1, round(picture.height * largest / picture.width)), renditions
    )


def _decoded(data: bytes) -> Image.Image:
    """Return the first frame, upright, in RGB(A); raise `ImageProblem`."""
    wrong = ImageProblem(_("Chọn tệp JPG, PNG, WebP hoặc HEIC."))
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a large picture; our own limit below is the lower one.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_many_pixels()
            picture.seek(0)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except ImageProblem:
        raise
    except UnidentifiedImageError as error:
        raise wrong from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        EOFError,
        MemoryError,
        RuntimeError,
    ) as error:
        raise ImageProblem(_("Tệp hỏng hoặc bị cắt; chọn tệp khác.")) from error
    if upright.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would clip them to white instead of scaling.
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    return upright.convert("RGBA" if has_alpha else "RGB")


def _too_many_pixels() -> ImageProblem:
    return ImageProblem(
        _("Ảnh quá lớn; tối đa %(most)s triệu điểm ảnh.") % {"most": MAX_PIXELS // 1_000_000}
    )


def _widths(width: int) -> list[int]:
    """Return the widths to make: never larger than the picture, and at least one."""
    return [item for item in WIDTHS if item <= width] or [width]


def store_image(entry: Entry, actor: Any, uploaded: Any) -> EntryImage:
    """Keep an uploaded picture for the entry; return it. Raises `Forbidden` or `ImageProblem`."""
    return keep_image(entry, actor, prepare_image(uploaded))


@transaction.atomic
def keep_image(entry: Entry, actor: Any, prepared: PreparedImage) -> EntryImage:
    """Store a prepared picture privately; return it. Raises `Forbidden`."""
    if not may_write(actor, entry):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    image = EntryImage(
        entry=entry,
        uid=token_hex(16),
        width=prepared.width,
        height=prepared.height,
        widths=sorted(prepared.renditions),
        uploaded_by=actor,
    )
    storage = private_storage()
    for width, data in prepared.renditions.items():
        storage.save(image.path(width), ContentFile(data))
    image.save()
    return image


def copy_image(image: EntryImage, entry: Entry, actor: Any) -> EntryImage:
    """Store the same picture for another entry; return the copy. Raises `Forbidden`."""
    storage = private_storage()
    renditions = {}
    for width in image.widths:
        with storage.open(image.path(width)) as file:
            renditions[width] = file.read()
    return keep_image(entry, actor, PreparedImage(image.width, image.height, renditions))


def forget_files(image: EntryImage) -> None:
    """Delete the stored files of a picture whose row is gone or never came to be."""
    storage = private_storage()
    for width in image.widths:
        storage.delete(image.path(width))


def is_shown(image: EntryImage) -> bool:
    """Whether a public entry shows this very picture now."""
    entry = image.entry
    if not entry.is_public:
        return False
    return getattr(entry.content, "image_id", None) == image.pk


def may_see(image: EntryImage, user: Any) -> bool:
    """Whether the person may see the picture: anyone when shown, else members and the desk."""
    return is_shown(image) or may_read_draft(user, image.entry)
