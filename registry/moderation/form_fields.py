"""Text fields of the desk and of reports: readable text, or a sentence that says what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms

from registry.common.typed import readable, too_long


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
        text = readable(str(value or ""), lines=self.lines)
        if len(text) > self.max_length:
            raise too_long(len(text), self.max_length)
        return text
