"""The admin's form of a legal document."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm


class LegalDocumentForm(WagtailAdminPageForm):
    """A draft may still lack what a published document may not."""

    def defer_required_fields(self) -> None:
        """Let the page know that it is only a draft which is saved."""
        super().defer_required_fields()
        self.instance.is_only_drafted = True

    def restore_required_fields(self) -> None:
        """Let the page know that it goes to the public after all."""
        super().restore_required_fields()
        self.instance.is_only_drafted = False
