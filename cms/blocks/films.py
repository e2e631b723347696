"""A film in the body of a page: one of the library that plays here, or one to go and see elsewhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms import films
from cms.desk.links import own_path
from cms.images import is_described


class VideoBlock(blocks.StructBlock):
    """A film with what replaces its sound: captions and a transcript. Nothing comes from elsewhere."""

    title = blocks.CharBlock(label=_("Tên phim"), max_length=160)
    document = DocumentChooserBlock(
        label=_("Tệp phim"),
        required=False,
        help_text=_("Tệp .mp4 (H.264 và AAC thì máy nào cũng phát được) hoặc .webm."),
    )
    url = blocks.URLBlock(
        label=_("hoặc địa chỉ phim ở nơi khác"),
        required=False,
        help_text=_("Trang chỉ dẫn tới đó, không tải gì từ đó."),
    )
    poster = ImageChooserBlock(
        label=_("Ảnh bìa"), help_text=_("Một cảnh của phim; hiện theo khổ 16:9.")
    )
    no_speech = blocks.BooleanBlock(
        label=_("Phim không có lời nói"),
        required=False,
        help_text=_("Khi đó không cần phụ đề."),
    )
    captions = DocumentChooserBlock(
        label=_("Phụ đề"),
        required=False,
        help_text=_("Tệp .vtt tiếng Việt, cho người không nghe được."),
    )
    transcript = blocks.TextBlock(
        label=_("Bản chữ"),
        help_text=_(
            "Mọi lời trong phim, và điều người xem thấy mà không ai nói ra. "
            "Người không xem được phim đọc ở đây; ô tìm kiếm cũng đọc."
        ),
    )

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise for a film that is none, or that leaves somebody out."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors = {**_film_errors(cleaned), **_captions_errors(cleaned)}
        if errors:
            wrong = {name: ValidationError(message) for name, message in errors.items()}
            raise blocks.StructBlockValidationError(block_errors=wrong)
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return Wagtail's context with the film, if it is there to be shown."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"film": films.film_of(value)}

    class Meta:
        icon = "media"
        label = _("Phim")
        template = "cms/blocks/video.html"


def _film_errors(value: Any) -> dict[str, str]:
    """Return what is wrong with where the film stands: in one place, and one a page can show."""
    document, url = value.get("document"), value.get("url")
    if url and not is_described(value.get("poster")):
        # Here the poster is a picture of the page, with no player that carries the film's name.
        return {"poster": gettext("Viết chữ thay ảnh cho ảnh này trong kho ảnh.")}
    if document and url:
        return {"url": gettext("Chọn tệp hoặc ghi địa chỉ, không cả hai.")}
    if document:
        wrong = films.fault_of(document, tuple(films.FILMS))
        return {"document": wrong} if wrong else {}
    if not url:
        return {"document": gettext("Chọn tệp phim hoặc ghi địa chỉ của phim.")}
    if not films.host_of(url):
        return {"url": gettext("Chỉ nhận địa chỉ bắt đầu bằng https://.")}
    if own_path(url) is not None:
        return {"url": gettext("Địa chỉ này ở ngay trang web này: chọn tệp ở trên.")}
    return {}


def _captions_errors(value: Any) -> dict[str, str]:
    """Return what is wrong with, or missing in, what whoever does not hear the film reads."""
    captions = value.get("captions")
    if captions:
        wrong = films.fault_of(captions, (films.CAPTIONS,))
    elif value.get("document") and not value.get("no_speech"):
        wrong = gettext("Chọn tệp phụ đề, hoặc đánh dấu phim không có lời nói.")
    else:
        wrong = ""
    return {"captions": wrong} if wrong else {}
