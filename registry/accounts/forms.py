"""Forms of the account pages: allauth's, in our words and with our limits."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.accounts.consents import at_signup
from registry.accounts.models import User
from registry.accounts.names import MAX_LENGTH, clean_full_name
from registry.accounts.services import give_consent

PASSWORD_HELP = _("Ít nhất 10 ký tự, không chỉ gồm số, không giống email của bạn.")
PASSWORD_MAX = 256

#: Field name → label, sentence when it is empty. One word for one thing on every page.
WORDS: dict[str, tuple[Any, Any]] = {
    "full_name": (_("Họ và tên"), _("Nhập họ và tên.")),
    "email": (_("Email"), _("Nhập email.")),
    "login": (_("Email"), _("Nhập email.")),
    "password": (_("Mật khẩu"), _("Nhập mật khẩu.")),
    "password1": (_("Mật khẩu"), _("Nhập mật khẩu.")),
    "password2": (_("Gõ lại mật khẩu"), _("Gõ lại mật khẩu.")),
    "oldpassword": (_("Mật khẩu đang dùng"), _("Nhập mật khẩu đang dùng.")),
    "remember": (_("Giữ đăng nhập trên máy này"), ""),
    "code": (_("Mã"), _("Nhập mã.")),
    "name": (_("Tên khóa"), _("Nhập tên khóa.")),
    "language": (_("Ngôn ngữ"), _("Chọn ngôn ngữ.")),
}


class Worded(forms.Form):
    """Gives every field our label, help and limits, and takes placeholders away."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._reword(name, field)

    def _reword(self, name: str, field: forms.Field) -> None:
        field.widget.attrs.pop("placeholder", None)
        label, missing = self.words.get(name) or WORDS.get(name, ("", ""))
        if label:
            field.label = label
        if missing:
            field.error_messages["required"] = missing
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = _("Email chưa đúng dạng, ví dụ ten@donvi.vn.")
            for validator in field.validators:
                if not isinstance(validator, MaxLengthValidator):
                    validator.message = field.error_messages["invalid"]
        if isinstance(field.widget, forms.PasswordInput):
            new = field.widget.attrs.get("autocomplete") == "new-password"
            field.help_text = PASSWORD_HELP if new and name == "password1" else ""
            field.validators = [
                *field.validators,
                MaxLengthValidator(PASSWORD_MAX, _("Mật khẩu tối đa 256 ký tự.")),
            ]


class FullNameField(forms.CharField):
    """A person's name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Return the name as it will be stored."""
        return clean_full_name(super().clean(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser the limit the service keeps."""
        return super().widget_attrs(widget) | {"maxlength": str(MAX_LENGTH)}


class LoginForm(Worded, allauth_forms.LoginForm):
    """E-mail and password."""


class SignupForm(Worded, allauth_forms.SignupForm):
    """Name, e-mail, password, and one unticked consent for each purpose."""

    full_name = FullNameField()
    field_order: ClassVar[list[str]] = ["full_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in at_signup():
            self.fields[f"consent_{purpose.code}"] = forms.BooleanField(
                label=purpose.current.text,
                required=purpose.required,
                initial=False,
                error_messages={
                    "required": _("Trung tâm chỉ mở được tài khoản khi bạn đồng ý với mục này.")
                },
            )

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Return the new account, or the answer that also an address with an account gets."""
        try:
            saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            # A second click: the address was taken in the moment since it was looked up.
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved

    def save(self, request: HttpRequest) -> User:
        """Create the account together with its consents, and return it."""
        with transaction.atomic():
            user: User = super().save(request)
            language = get_language() or settings.LANGUAGE_CODE
            for purpose in at_signup():
                if self.cleaned_data[f"consent_{purpose.code}"]:
                    give_consent(user, purpose.code, language)
        return user


class AddEmailForm(Worded, allauth_forms.AddEmailForm):
    """A new e-mail address."""


class ChangePasswordForm(Worded, allauth_forms.ChangePasswordForm):
    """The password in use and a new one."""

    words: ClassVar = {"password1": (_("Mật khẩu mới"), _("Nhập mật khẩu mới."))}


class SetPasswordForm(Worded, allauth_forms.SetPasswordForm):
    """A first password for an account made by the staff."""


class ResetPasswordForm(Worded, allauth_forms.ResetPasswordForm):
    """The address that gets the mail."""


class ResetPasswordKeyForm(Worded, allauth_forms.ResetPasswordKeyForm):
    """A new password, reached from the mail."""

    words: ClassVar = {"password1": (_("Mật khẩu mới"), _("Nhập mật khẩu mới."))}


class ReauthenticateForm(Worded, allauth_forms.ReauthenticateForm):
    """The password once more before a sensitive step."""


class ProfileForm(Worded):
    """The name others read and the language of mails."""

    full_name = FullNameField()
    language = forms.ChoiceField(choices=settings.INTERFACE_LANGUAGES, widget=forms.RadioSelect)
