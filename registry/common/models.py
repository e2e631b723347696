"""Tables every app may lean on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateCount(models.Model):
    """How often a key was used in one window of time. The key is a keyed hash, never an address."""

    key_hash = models.CharField(max_length=64)
    #: Seconds since 1970 at which the window began and will end.
    window_start = models.BigIntegerField()
    window_end = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("số lần trong một khoảng thời gian")
        constraints = [
            models.UniqueConstraint(
                fields=["key_hash", "window_start"], name="common_ratecount_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key_hash[:8]} {self.count}"
