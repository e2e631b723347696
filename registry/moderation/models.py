"""What a review is about: the pinned revisions, the certificates, the reports; and ready answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.common.fields import FieldClass
from registry.moderation.canned import REASON_CHOICES

#: The opening event of a correction by the desk.
CORRECT = "correct"


class Review(models.Model):
    """The details of a moderation case: exactly which revision is under review.

    Revisions are kept by number, not by foreign key: a retention job may drop old ones, but
    never one that an open case pins.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="review")
    base_revision = models.BigIntegerField(null=True, blank=True)
    revision = models.BigIntegerField()
    highest_class = models.PositiveSmallIntegerField(default=FieldClass.LEGAL)
    #: Paths that both sides changed, found at the last attempt to approve.
    clashes = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("lần xem xét")
        verbose_name_plural = _("lần xem xét")
        permissions = [("review_entry", _("Xem xét hồ sơ"))]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.revision}"

    @property
    def is_correction(self) -> bool:
        """Whether the desk wrote what is under review, beside whatever draft the owner has."""
        return self.case.events.filter(seq=1, transition=CORRECT).exists()


class RecognitionCase(models.Model):
    """The details of a case about a certificate."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, related_name="recognition_case"
    )
    recognition = models.ForeignKey(
        "directory.Recognition", on_delete=models.CASCADE, related_name="cases"
    )

    class Meta:
        verbose_name = _("vụ việc giấy chứng nhận")
        verbose_name_plural = _("vụ việc giấy chứng nhận")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.recognition_id}"


class Report(models.Model):
    """The details of a report that a listing is wrong or closed."""

    class Claim(models.TextChoices):
        WRONG = "wrong", _("Thông tin sai")
        CLOSED = "closed", _("Đã ngừng hoạt động")
        NOT_OWNER = "not_owner", _("Không phải chủ hồ sơ")
        OTHER = "other", _("Khác")

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="report")
    claim = models.CharField(_("điều cần báo"), max_length=10, choices=Claim.choices)
    text = models.TextField(_("nội dung"), max_length=2000)
    #: Only when the reporter wants an answer.
    email = models.EmailField(_("email để Trung tâm trả lời"), blank=True)

    class Meta:
        verbose_name = _("báo thông tin sai")
        verbose_name_plural = _("báo thông tin sai")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.claim}"


class CannedText(models.Model):
    """A ready answer for a reason, to begin a note with; moderators keep the list."""

    reason = models.CharField(_("lý do"), max_length=20, choices=REASON_CHOICES)
    language = models.CharField(
        _("ngôn ngữ"),
        max_length=5,
        choices=settings.INTERFACE_LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    text = models.TextField(_("câu trả lời"), max_length=1000)

    class Meta:
        verbose_name = _("câu trả lời mẫu")
        verbose_name_plural = pgettext_lazy("số nhiều", "câu trả lời mẫu")
        ordering = ["reason", "language", "pk"]

    def __str__(self) -> str:
        return Truncator(self.text).words(14)
