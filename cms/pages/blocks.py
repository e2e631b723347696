"""Blocks of the centre's own page types. Each shows nothing, rather than break, where a part is gone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

PLAIN = ["bold", "italic", "ol", "ul", "link", "document-link"]


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("Việc"), max_length=160)
    text = blocks.TextBlock(label=_("Nói rõ hơn"), required=False, max_length=500)

    class Meta:
        icon = "order"
        label = _("Bước")


class RelatedBlock(blocks.StructBlock):
    """A document, a page or an address elsewhere; the title alone where all three are gone."""

    title = blocks.CharBlock(label=_("Tên"), max_length=300)
    page = blocks.PageChooserBlock(label=_("Trang"), required=False)
    document = DocumentChooserBlock(label=_("hoặc tài liệu"), required=False)
    url = blocks.URLBlock(label=_("hoặc địa chỉ"), required=False)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=300)

    class Meta:
        icon = "doc-full"
        label = _("Tài liệu, liên kết")


class GoalBlock(blocks.StructBlock):
    """A goal, with how one sees that it was reached."""

    text = blocks.CharBlock(label=_("Mục tiêu"), max_length=300)
    note = blocks.CharBlock(label=_("Nguồn, cách đo"), required=False, max_length=300)

    class Meta:
        icon = "pick"
        label = _("Mục tiêu")


class PersonBlock(blocks.StructBlock):
    """Somebody who works here. A portrait is shown only with the person's consent."""

    name = blocks.CharBlock(label=_("Họ tên"), max_length=160)
    role = blocks.CharBlock(label=_("Việc phụ trách"), max_length=200, required=False)
    portrait = ImageChooserBlock(label=_("Ảnh chân dung"), required=False)
    consent = blocks.BooleanBlock(
        label=_("Người trong ảnh đồng ý đăng ảnh"),
        required=False,
        help_text=_("Chưa đánh dấu thì ảnh không hiện."),
    )
    email = blocks.EmailBlock(label=_("Email"), required=False)
    phone = blocks.RegexBlock(
        label=_("Điện thoại"),
        regex=r"^\+?[0-9 .]{8,20}$",
        required=False,
        error_messages={"invalid": _("Viết số điện thoại như 0270 123 4567.")},
    )

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise where a portrait has no consent."""
        cleaned = super().clean(value)
        if cleaned.get("portrait") and not cleaned.get("consent"):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "consent": ValidationError(_("Chỉ đăng ảnh khi người trong ảnh đồng ý."))
                }
            )
        return cleaned

    class Meta:
        icon = "user"
        label = _("Người")


class UnitBlock(blocks.StructBlock):
    """A part of the centre: what it does and who works there."""

    name = blocks.CharBlock(label=_("Tên bộ phận"), max_length=160)
    task = blocks.TextBlock(label=_("Làm gì"), required=False, max_length=600)
    people = blocks.ListBlock(PersonBlock(), label=_("Người"), default=[])

    class Meta:
        icon = "group"
        label = _("Bộ phận")


class PartnerBlock(blocks.StructBlock):
    """Somebody outside: who, and what is or may be done together."""

    name = blocks.CharBlock(label=_("Tên"), max_length=200)
    what = blocks.TextBlock(label=_("Cùng làm gì"), max_length=600)
    url = blocks.URLBlock(label=_("Trang của họ"), required=False)
    source = blocks.CharBlock(label=_("Nguồn"), required=False, max_length=300)

    class Meta:
        icon = "site"
        label = _("Bên")


class NetworkBlock(blocks.StructBlock):
    """A group of partners under one heading."""

    title = blocks.CharBlock(label=_("Tên nhóm"), max_length=160)
    text = blocks.TextBlock(label=_("Nói rõ hơn"), required=False, max_length=500)
    partners = blocks.ListBlock(PartnerBlock(), label=_("Các bên"))

    class Meta:
        icon = "site"
        label = _("Mạng lưới")


class QuestionBlock(blocks.StructBlock):
    """A question people ask, and its answer."""

    question = blocks.CharBlock(label=_("Câu hỏi"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Trả lời"), features=PLAIN)

    class Meta:
        icon = "help"
        label = _("Hỏi và đáp")


class QuestionGroupBlock(blocks.StructBlock):
    """Questions about one thing."""

    title = blocks.CharBlock(label=_("Về việc gì"), max_length=160)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Câu hỏi"))

    class Meta:
        icon = "help"
        label = _("Nhóm câu hỏi")


class EvidenceBlock(blocks.StructBlock):
    """What shows that a story is true: a number or a fact, with where it is written."""

    value = blocks.CharBlock(label=_("Số, nếu có"), required=False, max_length=30)
    text = blocks.CharBlock(label=_("Điều đã xảy ra"), max_length=300)
    source = blocks.CharBlock(label=_("Nguồn"), max_length=300)
    url = blocks.URLBlock(label=_("Địa chỉ nguồn"), required=False)

    class Meta:
        icon = "tick"
        label = _("Minh chứng")
