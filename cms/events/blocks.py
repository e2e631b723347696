"""Blocks of event pages beside those of every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class SessionBlock(blocks.StructBlock):
    """One line of the programme of the day."""

    time = blocks.TimeBlock(label=_("Lúc"))
    title = blocks.CharBlock(label=_("Việc"), max_length=200)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=300)

    class Meta:
        icon = "time"
        label = _("Phiên")


class MaterialBlock(blocks.StructBlock):
    """A file or a link people may take with them."""

    title = blocks.CharBlock(label=_("Tên"), max_length=200)
    document = DocumentChooserBlock(label=_("Tài liệu"), required=False)
    url = blocks.URLBlock(label=_("hoặc địa chỉ"), required=False)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Tài liệu")
