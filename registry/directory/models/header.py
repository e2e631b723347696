"""The header of every entry: never revisioned, changed only by services."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from registry.common.fields import Kind, kind_of

if TYPE_CHECKING:
    from registry.directory.models.base import Content

MAX_SLUG = 80


def slug_of(title: str) -> str:
    """Return a plain ASCII slug of a Vietnamese title (`đ` becomes `d`)."""
    plain = title.replace("đ", "d").replace("Đ", "D")
    return slugify(plain)[:MAX_SLUG].strip("-") or "ho-so"


class EntryQuerySet(models.QuerySet["Entry"]):
    def public(self) -> EntryQuerySet:
        """Return what anyone may read: one indexed column, set when publishing."""
        return self.filter(is_public=True)

    def of_member(self, user: Any) -> EntryQuerySet:
        """Return the entries that a member's organisations own, and those organisations."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = Membership.objects.filter(user=user).values("entry_id")
        return self.filter(models.Q(pk__in=mine) | models.Q(owner__in=mine))


class Entry(models.Model):
    """What stays the same while its content is rewritten: number, owner, lifecycle, freshness."""

    class Lifecycle(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        LIVE = "live", _("Đang hiển thị")
        ON_HOLD = "on_hold", _("Tạm ẩn")
        EXPIRED = "expired", _("Đã hết hạn")
        ARCHIVED = "archived", _("Đã lưu trữ")
        REJECTED = "rejected", _("Không được duyệt")
        MERGED = "merged", _("Đã gộp")

    class Source(models.TextChoices):
        OWNER = "owner", _("Chủ hồ sơ khai")
        STAFF = "staff", _("Trung tâm nhập thay")
        REGISTER = "register", _("Nguồn công khai")
        DEMO = "demo", _("Minh họa")

    kind = models.CharField(_("loại"), max_length=20, db_index=True)
    number = models.CharField(_("số"), max_length=20, unique=True)
    slug = models.SlugField(_("tên trên địa chỉ"), max_length=MAX_SLUG)
    owner = models.ForeignKey(
        "self",
        verbose_name=_("tổ chức chủ quản"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="owned",
    )
    lifecycle = models.CharField(
        _("vòng đời"), max_length=10, choices=Lifecycle.choices, default=Lifecycle.DRAFT
    )
    is_public = models.BooleanField(_("công khai"), default=False, db_index=True)
    #: The latest draft's title, for its owners and the desk; never shown to the public.
    working_title = models.CharField(_("tên đang soạn"), max_length=256, blank=True)
    #: The live revision the latest draft was begun from; what a later rebase starts at.
    draft_base = models.BigIntegerField(null=True, blank=True, editable=False)
    source = models.CharField(
        _("nguồn"), max_length=10, choices=Source.choices, default=Source.OWNER
    )
    source_note = models.CharField(_("ghi chú nguồn"), max_length=300, blank=True)
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    is_demo = models.BooleanField(_("minh họa"), default=False, db_index=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    first_published_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: The last reminder sent before expiry: 30, 14 or 3 days; cleared by confirming.
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Hidden by the Centre: its owner cannot show it again.
    held_by_centre = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=300, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        indexes = [
            models.Index(fields=["is_public", "kind"]),
            models.Index(fields=["owner", "kind"]),
            models.Index(
                fields=["kind", "is_public", "-last_confirmed_at", "-id"], name="entry_freshest"
            ),
        ]
        permissions = [("enter_entry", _("Nhập hồ sơ thay tổ chức"))]

    def __str__(self) -> str:
        return f"{self.number} {self.working_title}".strip()

    def get_absolute_url(self) -> str:
        return reverse(
            f"directory:{self.kind}", kwargs={"slug": self.slug, "number": self.number_slug}
        )

    @property
    def kind_info(self) -> Kind:
        """The declaration of this entry's kind."""
        return kind_of(self.kind)

    @property
    def content(self) -> Content:
        """The content row (live values when `is_public`; otherwise the first draft's)."""
        content: Content = getattr(self, self.kind_info.code)
        return content

    @property
    def organisation_entry(self) -> Entry:
        """The organisation this entry belongs to; an organisation belongs to itself."""
        return self.owner if self.owner_id and self.owner else self

    @property
    def number_slug(self) -> str:
        """The number as it stands in the address: `cn-0412`."""
        return self.number.lower().replace(" ", "-")

    @property
    def was_public(self) -> bool:
        """Whether the public ever saw it; only then does it leave a 410 behind."""
        return self.first_published_at is not None


class NumberSequence(models.Model):
    """The last number given out for a prefix (`CN`, `TC`, `TN`, `ĐN`)."""

    prefix = models.CharField(max_length=4, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"


class Membership(models.Model):
    """A person's role in an organisation's entry; its offers and labs inherit it."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Chủ hồ sơ")
        EDITOR = "editor", _("Người biên tập")
        VIEWER = "viewer", _("Người xem")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("quyền"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        constraints = [
            models.UniqueConstraint(fields=["entry", "user"], name="one_role_per_member"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"


def _invitation_token() -> str:
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """An offer of a role by e-mail; the signed-in holder of the address accepts it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email"))
    role = models.CharField(_("quyền"), max_length=10, choices=Membership.Role.choices)
    token = models.CharField(max_length=64, unique=True, default=_invitation_token)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lời mời")
        verbose_name_plural = _("lời mời")

    def __str__(self) -> str:
        return f"{self.email} – {self.get_role_display()}"


class Identifier(models.Model):
    """A number that identifies the organisation; the value is stored encrypted.

    `key_hash` is keyed, so equal values match without being readable. A personal tax code
    (12 digits, household businesses since 07/2025) is personal data and never public.
    """

    class Scheme(models.TextChoices):
        TAX_CODE = "tax_code", _("Mã số thuế")
        PERSONAL_TAX_CODE = "personal_tax_code", _("Mã số thuế cá nhân")

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Chủ hồ sơ khai")
        VERIFIED = "verified", _("Trung tâm đã xem")
        SUPERSEDED = "superseded", _("Đã thay")
        REVOKED = "revoked", _("Đã thu hồi")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=Scheme.choices)
    encrypted = models.BinaryField()
    key_hash = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLAIMED)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mã định danh")
        verbose_name_plural = _("mã định danh")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "key_hash"],
                condition=models.Q(state="verified"),
                name="identifier_unique_while_verified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} ({self.get_state_display()})"


class Recognition(models.Model):
    """A certificate or decision: held by the header, so no draft can bring a revoked one back."""

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("Chủ hồ sơ khai")
        GRANTED = "granted", _("Còn hiệu lực")
        SUSPENDED = "suspended", _("Tạm đình chỉ")
        REVOKED = "revoked", _("Đã thu hồi")
        DENIED = "denied", _("Không được xác nhận")

    class Type(models.TextChoices):
        ST_ENTERPRISE = "st_enterprise", _("Giấy chứng nhận doanh nghiệp KH&CN")
        STARTUP = "startup", _("Công nhận doanh nghiệp khởi nghiệp sáng tạo")
        ST_ORGANISATION = "st_organisation", _("Giấy chứng nhận hoạt động KH&CN")
        ACCREDITATION = "accreditation", _("Công nhận phòng thử nghiệm (ISO/IEC 17025)")
        HIGH_TECH = "high_tech", _("Giấy chứng nhận doanh nghiệp công nghệ cao")
        INNOVATION_CENTRE = "innovation_centre", _("Công nhận trung tâm đổi mới sáng tạo")
        OTHER = "other", _("Giấy chứng nhận khác")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="recognitions")
    type = models.CharField(_("loại"), max_length=20, choices=Type.choices)
    number = models.CharField(_("số"), max_length=60, blank=True)
    issuer = models.CharField(_("nơi cấp"), max_length=200, blank=True)
    scope = models.CharField(_("phạm vi"), max_length=500, blank=True)
    issued_on = models.DateField(_("ngày cấp"), null=True, blank=True)
    expires_on = models.DateField(_("ngày hết hạn"), null=True, blank=True)
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=Status.choices, default=Status.CLAIMED
    )
    source = models.CharField(_("nguồn"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        indexes = [models.Index(fields=["entry", "status"])]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.number}".strip()

    @property
    def is_current(self) -> bool:
        """Whether it is granted and not past its date."""
        return self.status == self.Status.GRANTED and (
            self.expires_on is None or self.expires_on >= timezone.localdate()
        )
