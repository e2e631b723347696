"""Films of the document library and their captions, told by what is in the file, not by its name.

Nothing is converted: what an editor uploads is what a browser plays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cms.pictures import Shown, shown

#: Ending of a film's name → what it is served as.
FILMS = {"mp4": "video/mp4", "webm": "video/webm"}
CAPTIONS = "vtt"
#: Enough of a file to know a film by.
HEAD = 64
CAPTIONS_MOST = 1024 * 1024
_EBML = b"\x1a\x45\xdf\xa3"
_WEBVTT = re.compile(r"WEBVTT(?:[ \t\r\n]|$)")


@dataclass(frozen=True, slots=True)
class Film:
    """What a page shows of a film: one of the library that plays, or one to go and see elsewhere."""

    poster: Shown
    document: Any = None
    mime: str = ""
    captions: Any = None
    outside: str = ""
    host: str = ""


def ending(document: Any) -> str:
    """Return the ending of a document's file, in small letters, without the dot."""
    return str(document.file_extension).lower()


def fault(name: str, file: File[bytes]) -> str:
    """Return what is wrong with a file for the library, as a sentence; nothing when all is well.

    A film and its captions are what their names say, and no file is too large. Raises `OSError`
    when the file cannot be read.
    """
    kind = name.rpartition(".")[2].lower()
    most = settings.FILM_MAX_UPLOAD_SIZE if kind in FILMS else settings.DOCUMENT_MAX_UPLOAD_SIZE
    if kind == CAPTIONS:
        most = CAPTIONS_MOST
    if (file.size or 0) > most:
        return _("Tệp này lớn hơn %(most)s.") % {"most": filesizeformat(most)}
    return _is_another(kind, file)


def _is_another(kind: str, file: File[bytes]) -> str:
    """Return that a file is not what its name says, or nothing."""
    if kind == "mp4" and _head(file)[4:8] != b"ftyp":
        return _("Tệp này mang tên .mp4 nhưng không phải phim MP4.")
    if kind == "webm" and not _is_webm(_head(file)):
        return _("Tệp này mang tên .webm nhưng không phải phim WebM.")
    if kind == CAPTIONS and not _is_captions(file):
        return _("Tệp này mang tên .vtt nhưng không phải phụ đề WebVTT (UTF-8).")
    return ""


def _head(file: File[bytes], length: int = HEAD) -> bytes:
    """Return the beginning of a file; the file is left where its next reader expects it."""
    file.seek(0)
    head = file.read(length)
    file.seek(0)
    return head


def _is_webm(head: bytes) -> bool:
    # Other films stand in the same container, and no browser plays them.
    return head.startswith(_EBML) and b"webm" in head


def _is_captions(file: File[bytes]) -> bool:
    try:
        return bool(_WEBVTT.match(_head(file, CAPTIONS_MOST).decode("utf-8-sig")))
    except UnicodeDecodeError:
        return False


def fault_of(document: Any, kinds: tuple[str, ...]) -> str:
    """Return why a document of the library cannot be used as one of these kinds; nothing when it can."""
    if ending(document) not in kinds:
        endings = ", ".join(f".{kind}" for kind in kinds)
        return _("Chọn tệp có đuôi %(endings)s.") % {"endings": endings}
    if not is_public(document):
        return _("Tệp này ở một bộ sưu tập không công khai.")
    try:
        with document.open_file() as file:
            return fault(document.filename, file)
    except (OSError, ValueError):
        return _("Không mở được tệp này.")


def is_public(document: Any) -> bool:
    """Whether anybody may read a document: its collection and those above it are open."""
    return not document.collection.get_view_restrictions().exists()


def host_of(address: str) -> str:
    """Return where an https address leads; nothing for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme == "https" else ""


def film_of(value: Any) -> Film | None:
    """Return the film of a block; `None` when the poster or the film itself is gone.

    A film whose captions were deleted stays: its transcript is there, and the editors' list of
    broken links names the file.
    """
    poster = shown(value["poster"], "film") if value.get("poster") else None
    if poster is None:
        return None
    if document := value.get("document"):
        if not _is_served(document, tuple(FILMS)):
            return None
        captions = value.get("captions")
        wanted = captions if captions and _is_served(captions, (CAPTIONS,)) else None
        return Film(poster, document, FILMS[ending(document)], wanted)
    outside = value.get("url") or ""
    host = host_of(outside)
    return Film(poster, outside=outside, host=host) if host else None


def _is_served(document: Any, kinds: tuple[str, ...]) -> bool:
    there = document.file.storage.exists(document.file.name)
    return ending(document) in kinds and there and is_public(document)
