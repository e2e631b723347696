"""Text fields of the desk and of reports: readable text, or a sentence that says what is wrong."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: What text may hold beside letters: line ends, tabs, and the joiners of emoji.
ALLOWED_CONTROLS = frozenset("\n\t\u200c\u200d")
REPLACEMENT = "\ufffd"


class PlainText(forms.CharField):
    """Plain text in NFC; control characters and broken Unicode are refused, not dropped."""

    def __init__(self, *, most: int, lines: bool = False, **kwargs: Any) -> None:
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(**kwargs)
        self.max_length = most
        self.lines = lines

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends, or on one line; raise `ValidationError`."""
        text = unicodedata.normalize("NFC", str(value or "").replace("\r\n", "\n"))
        text = text.strip() if self.lines else " ".join(text.split())
        if any(_unreadable(char) for char in text):
            raise ValidationError(_("Có ký tự không đọc được; xóa rồi nhập lại chỗ đó."))
        if len(text) > self.max_length:
            raise ValidationError(
                _("Tối đa %(max)s ký tự; bạn đã nhập %(length)s.")
                % {"max": self.max_length, "length": len(text)}
            )
        return text


def _unreadable(char: str) -> bool:
    if char in ALLOWED_CONTROLS:
        return False
    return char == REPLACEMENT or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}
