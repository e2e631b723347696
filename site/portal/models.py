"""Who runs a scheduled job now, and when it last ran."""

from __future__ import annotations

from django.db import models


class JobLease(models.Model):
    """One row a job: two workers never run the same one at the same time."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
