"""The header of an event and, per language, the words its page published."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.common.wording import in_active_language


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> EventQuerySet:
        """Return the events that have a page anyone may read."""
        return self.filter(is_public=True)


class Event(models.Model):
    """What operates: state, time, place, seats. Written only by `registry.events.services`."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Sắp diễn ra")
        POSTPONED = "postponed", _("Dời ngày")
        CANCELLED = "cancelled", _("Đã hủy")
        FINISHED = "finished", _("Đã kết thúc")

    class Mode(models.TextChoices):
        ON_SITE = "tai_cho", _("Tại chỗ")
        ONLINE = "truc_tuyen", _("Trực tuyến")
        BOTH = "ket_hop", _("Tại chỗ và trực tuyến")

    #: Shared by the translations of its page, new in a copy; the UID of its calendar entry.
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("số"), max_length=20, unique=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=State.choices, default=State.ANNOUNCED
    )
    is_public = models.BooleanField(_("công khai"), default=False, db_index=True)
    is_demo = models.BooleanField(_("minh họa"), default=False)
    #: Both empty while a postponed event has no new day.
    starts_at = models.DateTimeField(_("bắt đầu"), null=True, blank=True)
    ends_at = models.DateTimeField(_("kết thúc"), null=True, blank=True)
    #: When it was to be before it was postponed.
    planned_starts_at = models.DateTimeField(null=True, blank=True)
    planned_ends_at = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(
        _("hình thức"), max_length=10, choices=Mode.choices, default=Mode.ON_SITE
    )
    online_url = models.URLField(_("liên kết dự trực tuyến"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(_("số chỗ"), null=True, blank=True)
    registration_url = models.URLField(_("địa chỉ đăng ký"), max_length=500, blank=True)
    type = models.ForeignKey(
        "taxonomy.Term", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sector = models.ForeignKey(
        "taxonomy.Term", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    commune = models.ForeignKey(
        "taxonomy.AdminUnit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organiser = models.ForeignKey(
        "directory.Entry", null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    audiences = models.ManyToManyField("taxonomy.Term", blank=True, related_name="+")
    programmes = models.ManyToManyField("taxonomy.Term", blank=True, related_name="+")
    #: Grows with every change a calendar must take over (RFC 5545 §3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    revised_at = models.DateTimeField(default=timezone.now)

    #: Ids of terms of a header that only stands for a draft (`selectors.sketch`).
    sketched: dict[str, list[int]] | None = None

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")
        indexes = [
            models.Index(fields=["is_public", "starts_at"]),
            models.Index(fields=["state", "ends_at"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number_slug(self) -> str:
        """The number as it stands in an address: `sk-0058`."""
        return self.number.lower().replace(" ", "-")

    @property
    def is_online(self) -> bool:
        """Whether one may take part from afar."""
        return self.mode in {self.Mode.ONLINE, self.Mode.BOTH}

    @property
    def is_on_site(self) -> bool:
        """Whether there is a place to come to."""
        return self.mode in {self.Mode.ON_SITE, self.Mode.BOTH}

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether it is past: finished, or its end has gone by."""
        if self.state == self.State.FINISHED:
            return True
        ends = self.ends_at or self.planned_ends_at
        waits = self.state == self.State.POSTPONED and self.ends_at is None
        return not waits and ends is not None and ends <= (now or timezone.now())

    @property
    def entrance(self) -> str:
        """Where to take part from afar; empty once it is over: nobody enters a room that is closed."""
        return self.online_url if self.is_online and not self.is_over() else ""

    @property
    def words(self) -> EventText | None:
        """Its words in the active language, else in Vietnamese, else in any; `None` without a page."""
        found: EventText | None = in_active_language(self.texts.all())
        return found


class EventText(models.Model):
    """What the page of one language says, as it was last published."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    page_id = models.BigIntegerField(unique=True)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    venue = models.CharField(max_length=300, blank=True)
    organiser = models.CharField(max_length=255, blank=True)
    #: What people are told about a postponed or cancelled event.
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("lời của sự kiện")
        verbose_name_plural = _("lời của sự kiện")
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="one_page_per_language"),
        ]

    def __str__(self) -> str:
        return self.title
