"""Telling Vietnamese words from those around them, so that a page may say in which language they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LETTERS = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SIGNED = "".join(
    unicodedata.normalize("NFC", letter + tone) for letter in _LETTERS for tone in ("", *_TONES)
).translate({ord(plain): None for plain in "aeiouy"})
#: Every letter that Vietnamese has and English has not.
SIGNS = _SIGNED + "đ" + _SIGNED.upper() + "Đ"
_SIGN = re.compile(f"[{SIGNS}]")
_WORD = re.compile(r"[^\W\d_]+")
_WITH_SIGN = rf"[^\W\d_]*[{SIGNS}][^\W\d_]*"
_NAME = r"[^\W\d_a-zà-ỹ][^\W\d_]*"
#: A name inside another language: words with signs, and the capitalised ones beside them.
_RUN = re.compile(rf"(?:{_NAME}[ \u00a0-])*{_WITH_SIGN}(?:[ \u00a0-](?:{_WITH_SIGN}|{_NAME}))*")
#: Words of English that are none of Vietnamese.
_ENGLISH = frozenset({"the", "of", "and", "for", "with", "from", "is", "are", "was", "by", "not"})


def has_signs(text: str) -> bool:
    """Whether a text has a letter that only Vietnamese has."""
    return _SIGN.search(text) is not None


def is_vietnamese(text: str) -> bool:
    """Whether a text as a whole is Vietnamese, not one of another language with names in it."""
    words = [word.lower() for word in _WORD.findall(text)]
    signed = sum(has_signs(word) for word in words)
    if _ENGLISH.isdisjoint(words):
        return signed * 5 >= len(words) > 0
    return signed * 2 > len(words)


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it is Vietnamese."""
    if not has_signs(text) or is_vietnamese(text):
        yield text, has_signs(text)
        return
    end = 0
    for found in _RUN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False
