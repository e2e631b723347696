"""Pictures of entries: re-encoded at upload, private until a public entry shows them."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    """Return the storage that no public address reaches."""
    return storages["private"]


class EntryImage(models.Model):
    """One picture, in a few widths of WebP, without the metadata its camera wrote."""

    entry = models.ForeignKey("directory.Entry", on_delete=models.CASCADE, related_name="images")
    uid = models.CharField(max_length=32, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    #: Widths that exist beside each other, smallest first: `[480, 960]`.
    widths = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")

    def __str__(self) -> str:
        return f"{self.uid} ({self.width}×{self.height})"

    def path(self, width: int) -> str:
        """Return the stored name of one width."""
        return f"entries/{self.entry_id}/{self.uid}-{width}.webp"

    def url(self, width: int) -> str:
        """Return the address of one width; the view behind it asks who may see it."""
        return reverse("directory:image", kwargs={"uid": self.uid, "width": width})

    @property
    def src(self) -> str:
        """The middle width, for `src`."""
        return self.url(self.widths[len(self.widths) // 2])

    @property
    def srcset(self) -> str:
        """Every width, for `srcset`."""
        return ", ".join(f"{self.url(width)} {width}w" for width in self.widths)
