"""Forms of the second factor: allauth's, in our words."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.utils.translation import gettext_lazy as _

from registry.accounts.forms import Worded

_CODE = {"code": (_("Mã trong ứng dụng xác thực hoặc mã dự phòng"), _("Nhập mã."))}


class AuthenticateForm(Worded, base_forms.AuthenticateForm):
    """The code at log-in."""

    words: ClassVar = _CODE


class ReauthenticateForm(Worded, base_forms.ReauthenticateForm):
    """The code once more before a sensitive step."""

    words: ClassVar = _CODE


class ActivateTOTPForm(Worded, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    words: ClassVar = {"code": (_("Mã 6 số trong ứng dụng"), _("Nhập mã 6 số."))}


class AddWebAuthnForm(Worded, webauthn_forms.AddWebAuthnForm):
    """A new security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Đăng nhập bằng khóa này, không cần mật khẩu")
            self.fields["passwordless"].help_text = ""


class EditWebAuthnForm(Worded, webauthn_forms.EditWebAuthnForm):
    """The name of a security key."""
