"""Cases, their append-only timeline, and the days the centre works."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.cases.machine import Machine, State, machine_of


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        """Return the cases that are not closed."""
        return self.filter(closed_at__isnull=True)

    def late(self, now: Any = None) -> CaseQuerySet:
        """Return the open cases past their deadline."""
        return self.open().filter(due_at__lt=now or timezone.now())


class Case(models.Model):
    """One thing two sides settle. Its states live in the machine of its kind."""

    kind = models.CharField(_("loại"), max_length=20)
    number = models.CharField(_("số"), max_length=20, blank=True)
    state = models.CharField(_("trạng thái"), max_length=24)
    subject = models.ForeignKey("directory.Entry", on_delete=models.CASCADE, related_name="cases")
    opener = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="opened_cases",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_cases",
    )
    created_at = models.DateTimeField(default=timezone.now)
    state_since = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: Grows by one with every transition; the compare-and-set of `act` reads it.
    seq = models.PositiveIntegerField(default=1)
    #: Unique while the case is open: no second review of one entry, no doubled enquiry.
    dedupe_key = models.CharField(max_length=120, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("vụ việc")
        verbose_name_plural = _("vụ việc")
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=models.Q(closed_at__isnull=True) & ~models.Q(dedupe_key=""),
                name="case_dedupe_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "due_at"]),
            models.Index(fields=["subject", "kind"]),
            models.Index(
                fields=["due_at"], condition=models.Q(closed_at__isnull=True), name="case_open_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.machine.label} {self.number or self.pk}"

    @property
    def machine(self) -> Machine:
        """The machine of this kind."""
        return machine_of(self.kind)

    @property
    def state_info(self) -> State:
        """The current state as its sides read it."""
        return self.machine.state(self.state)

    @property
    def is_open(self) -> bool:
        """Whether anyone may still act."""
        return self.closed_at is None


class CaseEvent(models.Model):
    """One line of the timeline; never changed, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    transition = models.CharField(max_length=32)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Who acted, kept when the account is gone: `owner`, `sender`, `centre`, `hub`.
    side = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    payload = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("diễn biến")
        verbose_name_plural = _("diễn biến")
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_event_per_seq"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.transition}"


class DayOverride(models.Model):
    """A day the calendar of public holidays gets wrong: an extra day off, a working Saturday."""

    day = models.DateField(_("ngày"), unique=True)
    is_working = models.BooleanField(_("là ngày làm việc"), default=False)
    note = models.CharField(_("ghi chú"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("ngày điều chỉnh")
        verbose_name_plural = pgettext_lazy("số nhiều", "ngày điều chỉnh")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
