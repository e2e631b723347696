"""When what a page shows last changed, in an order every process agrees on."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """The last change under one tag, as its place in the order of all changes."""

    tag = models.CharField(max_length=255, unique=True)
    place = models.PositiveBigIntegerField(default=0)
    #: What the tag stood for then, where only a comparison tells whether it changed.
    note = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.tag} {self.place}"
