"""The admin's form of an event."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class EventPageForm(WagtailAdminPageForm):
    """A draft may still lack its place; what is published may not."""

    def defer_required_fields(self) -> None:
        """Let the page know that it is only a draft which is saved."""
        super().defer_required_fields()
        self.instance.is_only_drafted = True

    def restore_required_fields(self) -> None:
        """Let the page know that it goes to the public after all."""
        super().restore_required_fields()
        self.instance.is_only_drafted = False

    def clean(self) -> dict[str, Any]:
        """Refuse to bring back what was cancelled: people were told that it does not take place."""
        cleaned: dict[str, Any] = super().clean()
        header = self.instance.header
        asked = cleaned.get("status")
        if header is not None and header.state == "cancelled" and asked != "cancelled":
            self.add_error(
                "status",
                _("Sự kiện đã hủy không mở lại được. Sao chép trang này để tạo sự kiện mới."),
            )
        return cleaned
