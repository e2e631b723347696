"""What people type or their browser sends back: readable text, and whole numbers."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Control characters, halves of characters, the mark of a byte that could not be read, and the
#: signs that turn the direction of a line round.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
#: Digits that any of our number columns can hold.
LONGEST_NUMBER = 18


def readable(value: str, *, lines: bool) -> str:
    """Return the text in NFC with plain line ends; raise `ValidationError` for broken characters."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if UNREADABLE.search(text):
        raise ValidationError(_("Có ký tự không đọc được; xóa rồi nhập lại chỗ đó."))
    text = unicodedata.normalize("NFC", text)
    return text.strip() if lines else " ".join(text.split())


def too_long(length: int, most: int) -> ValidationError:
    """Return the message of a text that is too long (words.md §5)."""
    return ValidationError(
        _("Tối đa %(max)s ký tự; bạn đã nhập %(length)s.") % {"max": most, "length": length}
    )


def whole_number(value: object) -> int:
    """Return the number a hidden field brought back; -1, which no row has, for anything else."""
    text = str(value or "")
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if fits else -1
