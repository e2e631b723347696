"""What allauth asks of us: messages, mails, redirects, second factors."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from registry.accounts.models import User
from registry.accounts.permissions import is_staff
from registry.common.crypto import decrypt, encrypt
from registry.common.mail import send_text
from registry.common.wording import deadline

#: Links in mails live this many days; the mail names the last full day.
LINK_DAYS = 3

STRONG_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: our words, the person's language, mails through the queue."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Tài khoản này đã đóng."),
        "cannot_remove_primary_email": _("Không xóa được email chính."),
        "duplicate_email": _("Email này đã có trong tài khoản của bạn."),
        "email_password_mismatch": _("Email hoặc mật khẩu chưa đúng."),
        "email_taken": _("Email này đã có tài khoản."),
        "enter_current_password": _("Mật khẩu đang dùng chưa đúng."),
        "incorrect_code": _("Mã chưa đúng."),
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "invalid_or_expired_key": _("Liên kết đã hết hạn. Nhận liên kết mới."),
        "invalid_login": _("Email hoặc mật khẩu chưa đúng."),
        "invalid_password_reset": _("Liên kết đã hết hạn. Nhận liên kết mới."),
        "max_email_addresses": _("Tối đa %d email cho một tài khoản."),
        "too_many_login_attempts": _("Quá nhiều lần đăng nhập sai; thử lại sau 5 phút."),
        "unverified_primary_email": _("Xác nhận email trước."),
        "select_only_one": _("Chỉ chọn một."),
        "same_as_current": _("Nhập giá trị khác giá trị đang dùng."),
        "rate_limited": _("Quá nhiều yêu cầu; thử lại sau 60 giây."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Fill a new account from the sign-up form and return it."""
        user.full_name = form.cleaned_data.get("full_name", "")
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def clean_password(self, password: str, user: Any = None) -> str:
        """Return an acceptable password; raise `ValidationError` otherwise."""
        if "\x00" in password:
            raise ValidationError(_("Mật khẩu có ký tự không dùng được."))
        return str(super().clean_password(password, user))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail in the recipient's language; it greets by name and names the last day."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(user, "language", "") or translation.get_language()
        last_day = timezone.localdate() + dt.timedelta(days=LINK_DAYS - 1)
        with translation.override(language):
            extra = {
                "email": email,
                "name": getattr(user, "full_name", ""),
                "deadline": deadline(last_day),
                "site_url": settings.WAGTAILADMIN_BASE_URL,
            }
            message = self.render_mail(template_prefix, email, {**context, **extra})
        html = next((item[0] for item in getattr(message, "alternatives", [])), "")
        send_text(email, message.subject, message.body, html=html)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody tried to sign up with it."""
        with translation.override(
            User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
            or settings.LANGUAGE_CODE
        ):
            super().send_account_already_exists_mail(email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where work begins: the admin for staff, the workspace for everybody else."""
        if is_staff(request.user):
            return reverse("wagtailadmin_home")
        return str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the profile page."""
        return reverse("accounts:profile")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is, in our words."""
        words = {
            "reauthenticate": _("Dùng mật khẩu"),
            "mfa_reauthenticate": _("Dùng mã xác thực"),
            "mfa_reauthenticate:webauthn": _("Dùng khóa bảo mật"),
        }
        return [
            method | {"description": words.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: our words, secrets encrypted, one factor always left to staff."""

    error_messages: ClassVar[dict[str, Any]] = {
        "add_email_blocked": _("Tắt xác thực hai bước trước khi đổi email."),
        "cannot_delete_authenticator": _(
            "Nhân sự của Trung tâm cần giữ ít nhất một cách xác thực."
        ),
        "cannot_generate_recovery_codes": _("Bật xác thực hai bước trước, rồi tạo mã dự phòng."),
        "incorrect_code": _("Mã chưa đúng."),
        "unverified_email": _("Xác nhận email trước, rồi bật xác thực hai bước."),
    }

    def get_totp_issuer(self) -> str:
        """Return the name an authenticator app shows."""
        return "Vinh Long Innovation Hub"

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret in the clear."""
        return decrypt(encrypted_text.encode())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether an authenticator may go: staff keep at least one where it is required."""
        if not settings.STAFF_MFA_REQUIRED or not is_staff(authenticator.user):
            return True
        others = Authenticator.objects.filter(
            user=authenticator.user, type__in=STRONG_FACTORS
        ).exclude(pk=authenticator.pk)
        return others.exists()
