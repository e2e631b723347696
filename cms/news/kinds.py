"""The sections of the news."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an article is; the value stands in the address of its section."""

    NEWS = "tin", _("Tin")
    NOTICE = "thong-bao", _("Thông báo")
    FIGURES = "so-lieu", _("Số liệu")
    STORY = "cau-chuyen", _("Câu chuyện thành công")

    @property
    def plural(self) -> Any:
        """Return the name of the section."""
        return _PLURAL[self.value]


_PLURAL = {
    "tin": _("Tin Trung tâm"),
    "thong-bao": _("Thông báo"),
    "so-lieu": _("Số liệu"),
    "cau-chuyen": _("Câu chuyện thành công"),
}
