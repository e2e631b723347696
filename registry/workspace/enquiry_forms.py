"""The form of an enquiry: three questions, when, a budget band, one consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.accounts.consents import INTRODUCTION, PURPOSES
from registry.directory.models import Entry
from registry.marketplace.machine import DECLINE_REASONS
from registry.marketplace.models_enquiry import MAX_ANSWER, Enquiry
from registry.marketplace.services import Answers
from registry.workspace.form_fields import OneOfField, TextField

ANSWER_MISSING = {"required": _("Trả lời câu hỏi này.")}


class Asked:
    """Makes the workspace's fields ask at once for what a draft could leave empty."""

    deferred = False


class Answer(Asked, TextField):
    """A text that must be there."""


class Choice(Asked, OneOfField):
    """A choice that must be made."""


class EnquiryForm(forms.Form):
    """What a sender writes; who they are comes from their account."""

    cooperation = Answer(
        label=_("Bạn tìm hợp tác gì?"),
        help_text=_("Mua, thử nghiệm, cùng nghiên cứu, góp vốn… ở đâu, quy mô nào."),
        error_messages=ANSWER_MISSING,
        most=MAX_ANSWER,
        lines=True,
    )
    information = Answer(
        label=_("Bạn cần biết thêm điều gì?"),
        help_text=_("Điều chưa có trên hồ sơ mà bạn cần để quyết định."),
        error_messages=ANSWER_MISSING,
        most=MAX_ANSWER,
        lines=True,
    )
    introduction = Answer(
        label=_("Giới thiệu tổ chức của bạn"),
        help_text=_(
            "Làm gì, cỡ nào, ở đâu. Chưa ghi tên, điện thoại, email: những thứ đó hiện khi chủ hồ sơ chấp nhận."
        ),
        error_messages=ANSWER_MISSING,
        most=MAX_ANSWER,
        lines=True,
    )
    timeframe = Choice(
        label=_("Thời gian"),
        choices=[("", _("Chưa chọn")), *Enquiry.Timeframe.choices],
        error_messages={"required": _("Chọn thời gian.")},
    )
    budget = Choice(
        label=_("Kinh phí"),
        choices=[("", _("Chưa chọn")), *Enquiry.Budget.choices],
        required=False,
    )
    organisation = Choice(label=_("Bạn hỏi thay cho"), required=False)
    consent = forms.BooleanField(
        label=PURPOSES[INTRODUCTION].current.text,
        error_messages={"required": _("Đánh dấu đồng ý thì Trung tâm mới kết nối được hai bên.")},
    )

    def __init__(self, *args: Any, organisations: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = {item.number_slug: item for item in organisations}
        if organisations:
            names = [(slug, item.working_title) for slug, item in self._organisations.items()]
            self.fields["organisation"].choices = [("", _("Riêng tôi")), *names]
        else:
            del self.fields["organisation"]

    @property
    def chosen_organisation(self) -> Entry | None:
        """The organisation the sender asks for, if any."""
        return self._organisations.get(self.cleaned_data.get("organisation", ""))

    @property
    def answers(self) -> Answers:
        """The answers of a valid form."""
        return Answers(
            cooperation=self.cleaned_data["cooperation"],
            information=self.cleaned_data["information"],
            introduction=self.cleaned_data["introduction"],
            timeframe=self.cleaned_data["timeframe"],
            budget=self.cleaned_data["budget"],
        )


class DeclineForm(forms.Form):
    """Why an owner declines."""

    reason = Choice(
        label=_("Lý do"),
        choices=[("", _("Chưa chọn")), *DECLINE_REASONS.items()],
        help_text=_("Bên gửi đọc lý do này."),
        error_messages={"required": _("Chọn lý do.")},
    )
