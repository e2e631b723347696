"""Pictures in the body of a page: each says what it shows, or that it shows nothing to be told."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from cms.images import is_described
from cms.pictures import large

FEWEST, MOST = 2, 12


def _told(block: blocks.StructBlock, value: Any, message: Any) -> None:
    """Raise where nobody wrote what a picture shows; a draft may wait for it."""
    image = value.get("image")
    if block.is_deferred_validation or image is None or value.get("decorative"):
        return
    if not value.get("alt", "").strip() and not is_described(image):
        raise blocks.StructBlockValidationError(block_errors={"alt": ValidationError(message)})


class PictureBlock(blocks.StructBlock):
    """One picture across the column."""

    image = ImageChooserBlock(label=_("Ảnh"))
    decorative = blocks.BooleanBlock(
        label=_("Ảnh chỉ để trang trí"),
        required=False,
        help_text=_("Người nghe đọc trang sẽ không biết là có ảnh này."),
    )
    alt = blocks.CharBlock(
        label=_("Chữ thay ảnh"),
        required=False,
        max_length=300,
        help_text=_("Để trống để dùng chữ thay ảnh của kho ảnh."),
    )
    caption = blocks.CharBlock(label=_("Chú thích"), required=False, max_length=300)

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise for a picture that says nothing of itself."""
        cleaned = super().clean(value)
        _told(self, cleaned, _("Viết chữ thay ảnh, hoặc đánh dấu ảnh chỉ để trang trí."))
        return cleaned

    class Meta:
        icon = "image"
        label = _("Ảnh")
        template = "cms/blocks/picture.html"


class GalleryPictureBlock(blocks.StructBlock):
    """One picture of a gallery. It opens larger, so it always needs a name."""

    image = ImageChooserBlock(label=_("Ảnh"))
    alt = blocks.CharBlock(
        label=_("Chữ thay ảnh"),
        required=False,
        max_length=300,
        help_text=_("Để trống để dùng chữ thay ảnh của kho ảnh."),
    )
    caption = blocks.CharBlock(label=_("Chú thích"), required=False, max_length=200)

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise for a picture that says nothing of itself."""
        cleaned = super().clean(value)
        _told(self, cleaned, _("Viết chữ thay ảnh: ảnh này mở lớn được nên cần có tên."))
        return cleaned

    class Meta:
        icon = "image"
        label = _("Ảnh")


class GalleryBlock(blocks.StructBlock):
    """Pictures side by side; each leads to itself, larger."""

    title = blocks.CharBlock(label=_("Tên bộ ảnh"), required=False, max_length=160)
    pictures = blocks.ListBlock(GalleryPictureBlock(), label=_("Ảnh"), min_num=FEWEST, max_num=MOST)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return Wagtail's context and the pictures whose files are there."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        found = [(item, large(item["image"])) for item in value["pictures"] if item["image"]]
        shown = [{"picture": item, "large": address} for item, address in found if address]
        return context | {"shown": shown}

    class Meta:
        icon = "image"
        label = _("Bộ ảnh")
        template = "cms/blocks/gallery.html"
