"""The admin's form of a page with a picture of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms.images import is_described


class PicturePageForm(WagtailAdminPageForm):
    """The form of a page with a picture of its own: it goes out once the picture is described."""

    is_only_drafted = False

    def defer_required_fields(self) -> None:
        """Let a draft wait for the description."""
        super().defer_required_fields()
        self.is_only_drafted = True

    def restore_required_fields(self) -> None:
        """Ask for it again."""
        super().restore_required_fields()
        self.is_only_drafted = False

    def clean(self) -> dict[str, Any]:
        """Refuse a picture nobody described in the library."""
        cleaned: dict[str, Any] = super().clean()
        image = cleaned.get("image")
        if image is not None and not self.is_only_drafted and not is_described(image):
            self.add_error(
                "image", _("Ảnh này chưa có chữ thay ảnh. Mở ảnh trong kho ảnh để viết.")
            )
        return cleaned
