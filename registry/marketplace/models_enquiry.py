"""What somebody asks of the owner of an entry: the details of an enquiry's case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_ANSWER = 2000


class Enquiry(models.Model):
    """The three questions of marketplace.md §3.8, and who asks.

    `sender` and `sender_organisation` stay with the Centre until the owner accepts; what leaves
    this row goes through `selectors`.
    """

    class Timeframe(models.TextChoices):
        QUARTER = "quarter", _("Trong 3 tháng")
        HALF = "half", _("Trong 6 tháng")
        YEAR = "year", _("Trong 12 tháng")
        OPEN = "open", _("Chưa định")

    class Budget(models.TextChoices):
        UNDER_100 = "under_100", _("Dưới 100 triệu đồng")
        TO_300 = "to_300", _("100–300 triệu đồng")
        TO_500 = "to_500", _("300–500 triệu đồng")
        TO_1000 = "to_1000", _("500 triệu–1 tỷ đồng")
        OVER_1000 = "over_1000", _("Trên 1 tỷ đồng")

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="enquiry")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="enquiries"
    )
    sender_organisation = models.ForeignKey(
        "directory.Entry",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="enquiries_sent",
    )
    cooperation = models.TextField(_("Bạn tìm hợp tác gì?"), max_length=MAX_ANSWER)
    information = models.TextField(_("Bạn cần biết thêm điều gì?"), max_length=MAX_ANSWER)
    introduction = models.TextField(_("Giới thiệu tổ chức của bạn"), max_length=MAX_ANSWER)
    timeframe = models.CharField(_("Thời gian"), max_length=10, choices=Timeframe.choices)
    budget = models.CharField(_("Kinh phí"), max_length=10, choices=Budget.choices, blank=True)
    #: Of the three answers without case and spacing; the same text is sent once.
    text_hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("đề nghị kết nối")
        verbose_name_plural = _("đề nghị kết nối")

    def __str__(self) -> str:
        return str(self.case)
