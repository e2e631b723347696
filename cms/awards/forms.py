"""The admin's form of a call."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm


class CallPageForm(WagtailAdminPageForm):
    """A draft may still lack its dates; what is published may not."""

    def defer_required_fields(self) -> None:
        """Let the page know that it is only a draft which is saved."""
        super().defer_required_fields()
        self.instance.is_only_drafted = True

    def restore_required_fields(self) -> None:
        """Let the page know that it goes to the public after all."""
        super().restore_required_fields()
        self.instance.is_only_drafted = False
