"""Accounts and consents."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.accounts.managers import UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; the e-mail address is the log-in name."""

    email = models.EmailField(_("Email"), unique=True)
    full_name = models.CharField(_("Họ và tên"), max_length=150, blank=True)
    language = models.CharField(
        _("Ngôn ngữ"),
        max_length=5,
        choices=settings.INTERFACE_LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    is_staff = models.BooleanField(_("Nhân sự của Trung tâm"), default=False)
    is_active = models.BooleanField(_("Đang hoạt động"), default=True)
    date_joined = models.DateTimeField(_("Ngày tạo"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_any_case",
                violation_error_message=_("Email này đã có tài khoản."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        """Keep the address in lower case."""
        self.email = UserManager.normalize_email(self.email)

    def get_full_name(self) -> str:
        """Return the name others read; the address where no name was given."""
        return self.full_name.strip() or self.email

    def get_short_name(self) -> str:
        """Return the given name, which Vietnamese names put last."""
        words = self.full_name.split()
        return words[-1] if words else self.email


class Consent(models.Model):
    """One consent to one purpose: given once, withdrawn at most once, never rewritten.

    A person who consents again gets a new row, so the rows are the history (Law 91/2025/QH15).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Mục đích"), max_length=40)
    text_version = models.CharField(_("Phiên bản nội dung"), max_length=20)
    text_language = models.CharField(_("Ngôn ngữ"), max_length=5)
    given_at = models.DateTimeField(_("Đồng ý lúc"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("Rút lại lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("sự đồng ý")
        verbose_name_plural = _("sự đồng ý")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="accounts_consent_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"
