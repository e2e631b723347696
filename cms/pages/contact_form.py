"""The contact form: readable words, and traps for what no person does."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.pages.contact import ContactMessage
from registry.common.typed import readable, too_long

SALT = "cms.pages.contact"
#: Nobody writes a message faster than this; a page left open for longer gets a new stamp.
SECONDS_AT_LEAST = 3
SECONDS_AT_MOST = 24 * 3600

CONSENT = gettext_lazy(
    "Tôi đồng ý để Trung tâm dùng tên, email và lời nhắn này để trả lời tôi; Trung tâm xóa sau 180 ngày."
)


def stamp() -> str:
    """Return the present moment, signed."""
    return signing.dumps(int(time.time()), salt=SALT)


def age_of(signed: str) -> int | None:
    """Return how many seconds ago a stamp was made; `None` for one that is not ours."""
    try:
        made = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    return int(time.time()) - made if isinstance(made, int) else None


class _Words(forms.CharField):
    """Plain text; broken characters are refused with a sentence, not dropped."""

    def __init__(self, *, most: int, lines: bool = False, **kwargs: Any) -> None:
        if lines:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 7})
        super().__init__(**kwargs)
        self.most = most
        self.lines = lines

    def to_python(self, value: Any) -> str:
        """Return the text in NFC; raise `ValidationError` when it is too long or unreadable."""
        text = readable(str(value or ""), lines=self.lines)
        if len(text) > self.most:
            raise too_long(len(text), self.most)
        return text


class ContactForm(forms.Form):
    """What a visitor writes; `website` is a trap that people do not see, `at` when they began."""

    topic = forms.ChoiceField(
        label=gettext_lazy("Về việc gì"),
        choices=[("", gettext_lazy("Chọn một việc")), *ContactMessage.Topic.choices],
        error_messages={
            "required": gettext_lazy("Chọn việc bạn hỏi."),
            "invalid_choice": gettext_lazy("Chọn việc bạn hỏi."),
        },
    )
    subject = _Words(
        label=gettext_lazy("Tiêu đề"),
        most=160,
        error_messages={"required": gettext_lazy("Nhập tiêu đề.")},
    )
    text = _Words(
        label=gettext_lazy("Lời nhắn"),
        most=4000,
        lines=True,
        help_text=gettext_lazy(
            "Hỏi về một hồ sơ thì ghi số của hồ sơ. Đừng ghi số định danh cá nhân."
        ),
        error_messages={"required": gettext_lazy("Nhập lời nhắn.")},
    )
    name = _Words(
        label=gettext_lazy("Họ tên"),
        most=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email để Trung tâm trả lời"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Nhập email."),
            "invalid": gettext_lazy("Nhập email như ten@to-chuc.example."),
        },
    )
    consent = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": gettext_lazy("Đánh dấu ô đồng ý để Trung tâm trả lời được.")},
    )
    website = forms.CharField(
        label=gettext_lazy("Để trống ô này"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"at": stamp()})

    def clean_email(self) -> str:
        """Refuse what no mail programme could send to."""
        return readable(self.cleaned_data["email"], lines=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what only a machine sends, in words that let a person go on."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("website"):
            self._renew()
            raise ValidationError(_("Có một ô ẩn bị điền sẵn; ô đó đã xóa, bạn gửi lại."))
        age = age_of(data.get("at", ""))
        if age is None or not SECONDS_AT_LEAST <= age <= SECONDS_AT_MOST:
            keeps = age is not None and 0 <= age < SECONDS_AT_LEAST
            if not keeps:
                self._renew()
            raise ValidationError(
                _("Trang nhận lời nhắn quá nhanh; chờ vài giây rồi gửi lại.")
                if keeps
                else _("Trang mở đã lâu; lời bạn viết vẫn còn, bạn gửi lại.")
            )
        return data

    def _renew(self) -> None:
        """Give the page a new stamp and an empty trap, and keep what was typed."""
        self.data = {**dict(self.data.items()), "website": "", "at": stamp()}
