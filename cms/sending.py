"""Documents of the library on their way to a reader: whole, in part, or by the proxy's hand.

Wagtail decides who may read a document. A film is asked for in parts, and an iPhone plays none that
does not come so; neither Wagtail nor Django answers with a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve

CHUNK = 64 * 1024
#: Where the proxy finds the documents; a place of its own configuration that no visitor reaches.
BY_PROXY = "/.documents/"
#: What the proxy keeps of our answer; it writes the rest itself.
HANDED_ON = ("Content-Type", "Content-Disposition", "Cache-Control")
#: What the proxy, which knows the file by other marks than we, answers itself.
CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)
#: One part; whoever asks for several gets the whole, as the protocol allows.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def send_document(request: HttpRequest, document_id: str, filename: str) -> HttpResponseBase:
    """Return a document as Wagtail serves it to who may read it; a part of it where one was asked."""
    if settings.FILES_BY_PROXY:
        for name in CONDITIONS:
            request.META.pop(name, None)
    answer: HttpResponseBase = serve(request, document_id, filename)
    # Who may read it is asked each time: no cache on the way gives it to others.
    patch_cache_control(answer, private=True, no_cache=True)
    if answer.get("Content-Encoding") == "None":
        # Wagtail writes the word where a file has no encoding; nobody knows one of that name.
        del answer["Content-Encoding"]
    if answer.get("ETag") == '""':
        # A file that was put there past the form has no mark of its own; this one would fit any.
        del answer["ETag"]
    if not isinstance(answer, FileResponse) or answer.status_code != 200:
        return answer
    if settings.FILES_BY_PROXY and (place := _place(answer)):
        return _by_proxy(answer, place)
    answer["Accept-Ranges"] = "bytes"
    return _part(request, answer) if _wants_part(request, answer) else answer


def _file(answer: FileResponse) -> Any:
    """Return the open file of an answer."""
    return answer.file_to_stream


def _place(answer: FileResponse) -> str:
    """Return where a document stands below the folder of documents; nothing for one elsewhere."""
    path, folder = Path(_file(answer).name), Path(settings.MEDIA_ROOT) / "documents"
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""


def _by_proxy(answer: FileResponse, place: str) -> HttpResponse:
    """Return the answer that has nginx send the file, in parts as well, and frees this process."""
    _file(answer).close()
    headers = {name: answer[name] for name in HANDED_ON if name in answer}
    return HttpResponse(headers={**headers, "X-Accel-Redirect": quote(BY_PROXY + place)})


def _wants_part(request: HttpRequest, answer: FileResponse) -> bool:
    """Whether a part was asked for, of the very file there is."""
    if request.method != "GET" or not _RANGE.fullmatch(request.headers.get("Range", "")):
        return False
    known = request.headers.get("If-Range")
    return known is None or known in (answer.get("ETag"), answer.get("Last-Modified"))


def _part(request: HttpRequest, answer: FileResponse) -> HttpResponseBase:
    """Return the part of a file that was asked for, or that there is no such part."""
    size = int(answer["Content-Length"])
    first, last = _bounds(request.headers["Range"], size)
    if not 0 <= first <= last:
        _file(answer).close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(
        Part(_file(answer), first, last - first + 1), status=206, headers=dict(answer.items())
    )
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return part


def _bounds(asked: str, size: int) -> tuple[int, int]:
    """Return the first and the last byte asked for; the first behind the last when there are none."""
    match = _RANGE.fullmatch(asked)
    first, last = match.groups() if match else ("", "")
    if first:
        return int(first), min(int(last) if last else size, size - 1)
    # The last so many bytes.
    return (max(0, size - int(last)), size - 1) if last else (size, size - 1)


class Part:
    """The bytes of a file from one place on; the file is closed with it."""

    def __init__(self, file: Any, first: int, length: int) -> None:
        self.file, self.left = file, length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (data := self.file.read(min(CHUNK, self.left))):
            self.left -= len(data)
            yield data

    def close(self) -> None:
        """Close the file."""
        self.file.close()
