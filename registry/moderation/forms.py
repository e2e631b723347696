"""The desk's and the public's forms: they read and check, services decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from registry.cases.machine import Transition
from registry.cases.models import Case
from registry.common.wording import day
from registry.directory.models import Recognition
from registry.moderation.canned import REASONS
from registry.moderation.checklist import ANSWERS, questions
from registry.moderation.form_fields import PlainText
from registry.moderation.models import CannedText, Report
from registry.moderation.publishing import KEEP_LIVE, TAKE_PENDING

NOTE_LENGTH = 2000
EVIDENCE_LENGTH = 300


class CannedSelect(forms.Select):
    """A select whose options carry their whole text, for the script that copies it to the note."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        instance = getattr(option["value"], "instance", None)
        if instance is not None:
            option["attrs"] |= {"data-text": instance.text, "data-reason": instance.reason}
        return option


class CannedField(forms.ModelChoiceField):
    """Chooses a ready answer, shown with its reason."""

    widget = CannedSelect

    def label_from_instance(self, obj: CannedText) -> str:
        """Return “Quảng cáo: Bạn bỏ các câu so sánh nhất…”."""
        text = obj.text if len(obj.text) <= 70 else obj.text[:69].rstrip() + "…"
        return f"{obj.get_reason_display()}: {text}"


class DecisionForm(forms.Form):
    """One decision on a case: which step, why, in which words, and what was checked."""

    expect = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Lý do"),
        required=False,
        help_text=gettext_lazy("Cần khi yêu cầu bổ sung hoặc từ chối."),
    )
    canned = CannedField(
        label=gettext_lazy("Câu trả lời mẫu"),
        queryset=CannedText.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tự viết"),
    )
    note = PlainText(
        label=gettext_lazy("Nội dung gửi chủ hồ sơ"), required=False, most=NOTE_LENGTH, lines=True
    )
    go_on = forms.BooleanField(
        label=gettext_lazy("Xong, mở việc kế tiếp"), required=False, initial=True
    )

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        steps: list[Transition],
        action: str = "",
        clash_labels: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial={"expect": case.seq})
        self.case = case
        self.step = next((item for item in steps if item.code == action), None)
        self.questions = questions(case)
        self.clash_labels = clash_labels or {}
        needs_reason = any(item.reasons for item in steps)
        if needs_reason:
            self.fields["reason"].choices = [("", _("Chọn lý do")), *REASONS.items()]
            language = getattr(case.opener, "language", "") or get_language() or "vi"
            canned: Any = self.fields["canned"]
            canned.queryset = CannedText.objects.filter(language=language[:2])
        else:
            del self.fields["reason"], self.fields["canned"]
        if case.kind == "report":
            self.fields["note"].label = _("Câu trả lời cho người báo")
        for question in self.questions:
            self.fields[f"check_{question.code}"] = forms.ChoiceField(
                label=question.text,
                choices=ANSWERS,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"evidence_{question.code}"] = PlainText(
                label=_("Minh chứng: %(question)s") % {"question": question.text},
                required=False,
                most=EVIDENCE_LENGTH,
            )
        for place, path in enumerate(self.clash_labels):
            self.fields[f"keep_{place}"] = forms.ChoiceField(
                label=self.clash_labels[path],
                choices=(
                    (KEEP_LIVE, _("Giữ bản đang hiển thị")),
                    (TAKE_PENDING, _("Lấy bản chủ hồ sơ gửi")),
                ),
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen step needs; a ready answer stands in for an empty note."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("note", "").strip() and data.get("canned"):
            data["note"] = data["canned"].text
        if self.step is None:
            return data
        if self.step.reasons and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Chọn lý do."))
        if (
            self.step.note_required
            and not data.get("note", "").strip()
            and "note" not in self.errors
        ):
            self.add_error("note", _("Ghi rõ nội dung."))
        if self.step.code == "approve":
            for place in range(len(self.clash_labels)):
                if not data.get(f"keep_{place}") and f"keep_{place}" not in self.errors:
                    self.add_error(f"keep_{place}", _("Chọn một bản."))
        return data

    @property
    def keep(self) -> dict[str, str]:
        """Which side of each clashing path was chosen."""
        chosen = {
            path: self.cleaned_data.get(f"keep_{place}", "")
            for place, path in enumerate(self.clash_labels)
        }
        return {path: side for path, side in chosen.items() if side}

    @property
    def payload(self) -> dict[str, Any]:
        """The answered questions, as they are kept with the decision."""
        answers = {
            question.code: {
                "answer": self.cleaned_data.get(f"check_{question.code}", ""),
                "evidence": self.cleaned_data.get(f"evidence_{question.code}", "").strip(),
            }
            for question in self.questions
        }
        given = {code: item for code, item in answers.items() if any(item.values())}
        return {"checklist": given} if given else {}

    def checks(self) -> Iterator[tuple[Any, Any]]:
        """Yield each question's field with the field of its evidence."""
        for question in self.questions:
            yield self[f"check_{question.code}"], self[f"evidence_{question.code}"]

    def clashes(self) -> Iterator[tuple[str, Any]]:
        """Yield each clashing path with the field that settles it."""
        for place, path in enumerate(self.clash_labels):
            yield path, self[f"keep_{place}"]


class ReasonForm(forms.Form):
    """Why the desk hides, shows or archives an entry."""

    reason = PlainText(
        label=gettext_lazy("Lý do"),
        most=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi rõ lý do.")},
    )


class EnterForm(forms.Form):
    """The name an organisation is entered under."""

    title = PlainText(
        label=gettext_lazy("Tên tổ chức"),
        most=256,
        help_text=gettext_lazy("Tên đầy đủ như trên giấy đăng ký."),
        error_messages={"required": gettext_lazy("Nhập tên tổ chức.")},
    )


class InviteForm(forms.Form):
    """The address of the person who takes an entry over."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Nhập email."),
            "invalid": gettext_lazy("Nhập email như ten@to-chuc.example."),
        },
    )


class RecognitionForm(forms.ModelForm):
    """A certificate the desk has seen."""

    class Meta:
        model = Recognition
        fields = ["type", "number", "issuer", "scope", "issued_on", "expires_on", "source"]
        widgets = {
            "issued_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in ("number", "issuer"):
            self.fields[name].required = True
        for field in self.fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def clean(self) -> dict[str, Any]:
        """Keep the dates in order."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        issued, expires = data.get("issued_on"), data.get("expires_on")
        if issued and expires and expires < issued:
            message = _("Ngày hết hạn phải từ %(date)s trở đi.")
            self.add_error("expires_on", message % {"date": day(issued)})
        return data


class CorrectionForm(forms.Form):
    """Why the desk corrects a live entry, and the revision the correction starts from."""

    expect_live = forms.IntegerField(widget=forms.HiddenInput)
    reason = PlainText(
        label=gettext_lazy("Lý do sửa"),
        most=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi rõ lý do.")},
    )


class ReportForm(forms.Form):
    """What a visitor reports; `website` is a trap that people do not see."""

    claim = forms.ChoiceField(
        label=gettext_lazy("Điều cần báo"),
        choices=Report.Claim.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn điều cần báo."),
            "invalid_choice": gettext_lazy("Chọn điều cần báo."),
        },
    )
    text = PlainText(
        label=gettext_lazy("Nội dung"),
        most=NOTE_LENGTH,
        lines=True,
        help_text=gettext_lazy("Chỗ nào sai, điều đúng là gì, bạn biết từ đâu."),
        error_messages={"required": gettext_lazy("Nhập nội dung.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email để Trung tâm trả lời"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Chỉ dùng để trả lời báo cáo này."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Nhập email như ten@to-chuc.example.")},
    )
    website = forms.CharField(
        label=gettext_lazy("Để trống ô này"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any = None, *, reporter: Any = None) -> None:
        super().__init__(data)
        if reporter is not None:
            del self.fields["email"]

    def clean_website(self) -> str:
        """Refuse what only a machine fills in."""
        if self.cleaned_data["website"]:
            self.data = {**dict(self.data.items()), "website": ""}
            raise ValidationError(_("Có một ô ẩn bị điền sẵn; ô đó đã xóa, bạn gửi lại."))
        return ""
