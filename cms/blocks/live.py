"""A list the catalogue fills by itself: “latest offers of coconut”, the events to come."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

MOST = 12
#: Name of the field → what narrows a list by it, as the search knows it.
NARROWED_BY = ("sector", "value_chain", "commune")


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of entries there are, and events."""
    from cms.pages import live

    return live.kind_choices()


def sector_choices() -> list[tuple[str, str]]:
    """Return the sectors in use."""
    from cms.pages import live

    return live.term_choices("sector")


def value_chain_choices() -> list[tuple[str, str]]:
    """Return the value chains in use."""
    from cms.pages import live

    return live.term_choices("value_chain")


def commune_choices() -> list[tuple[str, str]]:
    """Return the communes and wards of today."""
    from cms.pages import live

    return live.commune_choices()


class LiveBlock(blocks.StructBlock):
    """Entries as they are when the page is read. A term that is gone leaves the list empty."""

    title = blocks.CharBlock(label=_("Tên mục"), max_length=160)
    kind = blocks.ChoiceBlock(label=_("Lấy từ mục lục"), choices=kind_choices)
    sector = blocks.ChoiceBlock(label=_("Lĩnh vực"), choices=sector_choices, required=False)
    value_chain = blocks.ChoiceBlock(
        label=_("Chuỗi giá trị"), choices=value_chain_choices, required=False
    )
    commune = blocks.ChoiceBlock(label=_("Xã, phường"), choices=commune_choices, required=False)
    count = blocks.IntegerBlock(label=_("Nhiều nhất"), min_value=1, max_value=MOST, default=4)

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise where the kind cannot be narrowed that way."""
        from cms.pages import live

        cleaned = super().clean(value)
        known = live.narrows(cleaned.get("kind") or "")
        errors = {
            name: ValidationError(_("Loại này không lọc được theo mục này; để trống."))
            for name in NARROWED_BY
            if cleaned.get(name) and name not in known
        }
        if errors and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return Wagtail's context with the rows, and where to see all of them."""
        from cms.pages import live

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        terms = {name: value.get(name) or "" for name in NARROWED_BY}
        return context | live.listed(value.get("kind") or "", terms, value.get("count") or 1)

    class Meta:
        icon = "list-ul"
        label = _("Danh sách tự cập nhật")
        template = "cms/blocks/live.html"
