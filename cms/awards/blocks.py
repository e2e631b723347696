"""Blocks of call pages beside those of every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class CategoryBlock(blocks.StructBlock):
    """One category people may enter."""

    title = blocks.CharBlock(label=_("Tên hạng mục"), max_length=200)
    text = blocks.TextBlock(label=_("Dành cho ai, xét điều gì"), required=False, max_length=500)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Hạng mục")


class PrizeBlock(blocks.StructBlock):
    """One prize, how often it is given and what it is worth."""

    title = blocks.CharBlock(label=_("Tên giải"), max_length=160)
    count = blocks.IntegerBlock(label=_("Số giải"), min_value=1, max_value=999, default=1)
    value = blocks.CharBlock(label=_("Phần thưởng"), required=False, max_length=200)

    class Meta:
        icon = "pick"
        label = _("Giải")


class DateBlock(blocks.StructBlock):
    """A day to know beside the four of every call."""

    day = blocks.DateBlock(label=_("Ngày"))
    title = blocks.CharBlock(label=_("Việc"), max_length=200)

    class Meta:
        icon = "date"
        label = _("Ngày cần nhớ")
