"""The files of the mark that anyone may take: our own drawing, in four ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Mark:
    """One way to draw the mark: its file without ending, its name, whether it stands on dark ground."""

    file: str
    label: Any
    dark: bool


MARKS = (
    Mark("media-kit/dau-hieu-xanh", _("Dấu hiệu màu lá, nền sáng"), dark=False),
    Mark("media-kit/dau-hieu-mam", _("Dấu hiệu màu mầm, nền đậm"), dark=True),
    Mark("media-kit/dau-hieu-den", _("Dấu hiệu một màu đen"), dark=False),
    Mark("media-kit/dau-hieu-trang", _("Dấu hiệu một màu trắng"), dark=True),
)
