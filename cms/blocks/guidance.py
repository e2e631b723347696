"""Blocks that help a reader do something: steps, answers, whom to ask, where to begin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.pages.blocks import QuestionBlock, StepBlock


class StepsBlock(blocks.StructBlock):
    """What to do, one thing after the other."""

    title = blocks.CharBlock(label=_("Tên"), required=False, max_length=160)
    steps = blocks.ListBlock(StepBlock(), label=_("Bước"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Các bước")
        template = "cms/blocks/steps.html"


class QuestionsBlock(blocks.StructBlock):
    """Questions whose answers open; without a script as well."""

    title = blocks.CharBlock(label=_("Tên"), required=False, max_length=160)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Câu hỏi"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Hỏi và đáp, mở ra từng câu")
        template = "cms/blocks/questions.html"


class ContactBlock(blocks.StructBlock):
    """Whom to ask, and how to reach them."""

    title = blocks.CharBlock(label=_("Hỏi ai"), max_length=160)
    text = blocks.TextBlock(label=_("Hỏi việc gì, lúc nào"), required=False, max_length=400)
    phone = blocks.RegexBlock(
        label=_("Điện thoại"),
        regex=r"^\+?[0-9 .]{8,20}$",
        required=False,
        error_messages={"invalid": _("Viết số điện thoại như 0270 123 4567.")},
    )
    email = blocks.EmailBlock(label=_("Email"), required=False)
    place = blocks.CharBlock(label=_("Địa chỉ"), required=False, max_length=300)

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise where there is no way to reach anybody."""
        cleaned = super().clean(value)
        reached = any(cleaned.get(name) for name in ("phone", "email", "place"))
        if not reached and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(
                block_errors={"phone": ValidationError(_("Ghi điện thoại, email hoặc địa chỉ."))}
            )
        return cleaned

    class Meta:
        icon = "user"
        label = _("Nơi hỏi")
        template = "cms/blocks/contact.html"


class ActionBlock(blocks.StructBlock):
    """One button. It is gone when what it leads to is."""

    label = blocks.CharBlock(label=_("Chữ trên nút"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Trang"), required=False)
    url = blocks.URLBlock(label=_("hoặc địa chỉ"), required=False)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=200)

    def clean(self, value: Any) -> Any:
        """Return the cleaned value; raise for a button that leads nowhere."""
        cleaned = super().clean(value)
        if not (cleaned.get("page") or cleaned.get("url") or self.is_deferred_validation):
            raise blocks.StructBlockValidationError(
                block_errors={"page": ValidationError(_("Chọn trang hoặc ghi địa chỉ."))}
            )
        return cleaned

    class Meta:
        icon = "success"
        label = _("Nút dẫn tới một việc")
        template = "cms/blocks/action.html"
