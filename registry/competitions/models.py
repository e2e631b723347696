"""The header of a call and, per language, what its page published: words and winners."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.common.wording import in_active_language


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> CallQuerySet:
        """Return the calls that have a page anyone may read."""
        return self.filter(is_public=True)


class Call(models.Model):
    """One year's round of an award or contest. Written only by `registry.competitions.services`."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Sắp mở")
        OPEN = "open", _("Đang nhận hồ sơ")
        CLOSED = "closed", _("Đã đóng")
        RESULTS = "results", _("Kết quả chính thức")
        AWARDED = "awarded", _("Đã trao giải")
        CANCELLED = "cancelled", _("Đã hủy")

    class Kind(models.TextChoices):
        AWARD = "giai_thuong", pgettext_lazy("loại giải", "Giải thưởng")
        CONTEST = "cuoc_thi", pgettext_lazy("loại giải", "Cuộc thi")

    #: Shared by the translations of its page, new in a copy.
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("số"), max_length=20, unique=True)
    #: As of the last publication or turn of the clock; `state_at` is what holds now.
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=State.choices, default=State.ANNOUNCED
    )
    is_public = models.BooleanField(_("công khai"), default=False, db_index=True)
    is_demo = models.BooleanField(_("minh họa"), default=False)
    #: The recurring award it is a round of: the translation key of that award's page.
    series = models.UUIDField(null=True, blank=True, db_index=True)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind.choices, default=Kind.AWARD)
    year = models.PositiveSmallIntegerField(_("năm"), default=0, db_index=True)
    opens_at = models.DateTimeField(_("bắt đầu nhận hồ sơ"), null=True, blank=True)
    closes_at = models.DateTimeField(_("hạn nộp hồ sơ"), null=True, blank=True)
    results_at = models.DateTimeField(_("công bố kết quả"), null=True, blank=True)
    awarded_at = models.DateTimeField(_("trao giải"), null=True, blank=True)
    has_results = models.BooleanField(_("có kết quả"), default=False)
    sector = models.ForeignKey(
        "taxonomy.Term", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organiser = models.ForeignKey(
        "directory.Entry", null=True, blank=True, on_delete=models.SET_NULL, related_name="calls"
    )
    programmes = models.ManyToManyField("taxonomy.Term", blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revised_at = models.DateTimeField(default=timezone.now)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt nhận hồ sơ")
        verbose_name_plural = _("đợt nhận hồ sơ")
        indexes = [
            models.Index(fields=["is_public", "-year"], name="call_public_year"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number_slug(self) -> str:
        """The number as it stands in an address: `gt-0058`."""
        return self.number.lower().replace(" ", "-")

    def state_at(self, now: datetime | None = None) -> str:
        """Return the state that its dates make at a moment; what is cancelled stays so."""
        at = now or timezone.now()
        if self.state == self.State.CANCELLED:
            return self.State.CANCELLED.value
        if self.has_results and self.results_at is not None and self.results_at <= at:
            given = self.awarded_at is not None and self.awarded_at <= at
            return (self.State.AWARDED if given else self.State.RESULTS).value
        if self.closes_at is not None and self.closes_at <= at:
            return self.State.CLOSED.value
        if self.opens_at is not None and self.opens_at <= at:
            return self.State.OPEN.value
        return self.State.ANNOUNCED.value

    def shows_results(self, now: datetime | None = None) -> bool:
        """Whether its winners are public: their day has come."""
        return self.state_at(now) in {self.State.RESULTS, self.State.AWARDED}

    @property
    def words(self) -> CallText | None:
        """Its words in the active language, else in Vietnamese, else in any; `None` without a page."""
        found: CallText | None = in_active_language(self.texts.all())
        return found


class CallText(models.Model):
    """What the page of one language says, as it was last published."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    page_id = models.BigIntegerField(unique=True)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    organiser = models.CharField(max_length=255, blank=True)
    #: Name and address of the recurring award.
    award = models.CharField(max_length=255, blank=True)
    award_url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("lời của đợt nhận hồ sơ")
        verbose_name_plural = _("lời của đợt nhận hồ sơ")
        constraints = [
            models.UniqueConstraint(fields=["call", "language"], name="one_call_page_per_language"),
        ]

    def __str__(self) -> str:
        return self.title


class Winner(models.Model):
    """One line of the results as the page of one language gives it.

    Entries are linked, not copied: their names are read when shown, and only while they are public.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="winners")
    language = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    prize = models.CharField(max_length=160)
    category = models.CharField(max_length=200, blank=True)
    #: People, or whoever has no entry.
    name = models.CharField(max_length=300, blank=True)
    work = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    entry = models.ForeignKey(
        "directory.Entry", null=True, blank=True, on_delete=models.SET_NULL, related_name="wins"
    )
    offer = models.ForeignKey(
        "directory.Entry",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="work_wins",
    )

    class Meta:
        verbose_name = _("người, đơn vị đạt giải")
        verbose_name_plural = _("người, đơn vị đạt giải")
        ordering = ["call", "language", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "language", "position"], name="one_winner_per_place"
            ),
        ]

    def __str__(self) -> str:
        return self.prize
