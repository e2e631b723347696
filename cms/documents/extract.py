"""Reading the text of a PDF in a process of its own, so that no file can hold or fell the site.

Run as a program it reads a PDF from standard input and writes JSON to standard output.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import BinaryIO

#: What is read of one file; a code of laws has some 300 pages and 900 000 characters.
MAX_BYTES = 30 * 1024 * 1024
MAX_PAGES = 400
MAX_CHARACTERS = 400_000
SECONDS = 20
MEMORY = 1024 * 1024 * 1024
#: Fewer letters than this on a page, on the average, are a stamp on a picture and not its text.
LETTERS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file gave: state (a value of `FileText.State`), number of pages, text."""

    state: str
    pages: int = 0
    text: str = ""


def extract(file: BinaryIO) -> Extract:
    """Return the text of a PDF; whatever the file does, within `SECONDS`. Never raises for content."""
    data = file.read(MAX_BYTES + 1)
    if not data.lstrip()[:5].startswith(b"%PDF"):
        return Extract("foreign")
    if len(data) > MAX_BYTES:
        return Extract("broken")
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-I", __file__],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)
        return Extract(str(found["state"]), int(found["pages"]), str(found["text"]))
    except (subprocess.SubprocessError, OSError, ValueError, KeyError):
        return Extract("broken")


def read(data: bytes) -> Extract:
    """Return the text of a PDF, in this process; raise whatever the reader raises."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return Extract("broken")
    count = len(reader.pages)
    parts: list[str] = []
    length = 0
    for page in reader.pages[:MAX_PAGES]:
        text = " ".join(page.extract_text().split())
        parts.append(text)
        length += len(text)
        if length >= MAX_CHARACTERS:
            break
    text = clean("\n".join(parts))[:MAX_CHARACTERS]
    letters = sum(character.isalpha() for character in text)
    if letters < LETTERS_A_PAGE * max(1, len(parts)):
        return Extract("scan", count)
    whole = len(parts) == count and length <= MAX_CHARACTERS
    return Extract("text" if whole else "part", count, text)


def clean(text: str) -> str:
    """Return a text without what no database takes: NUL bytes and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def main() -> None:
    """Read within limits of memory and time that the system itself keeps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    found = read(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps({"state": found.state, "pages": found.pages, "text": found.text}))


if __name__ == "__main__":
    main()
