"""The image of pages and news: Wagtail's, with a source, and alternative text asked in Vietnamese."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class SiteImage(AbstractImage):
    """A picture of the public pages. `description` is its alternative text."""

    credit = models.CharField(_("Nguồn ảnh"), max_length=200, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")
        permissions = [("choose_image", "Can choose image")]

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> ContentFile[bytes]:
        """Return a size of the picture in memory; Wagtail would leave its scratch file open."""
        made: File[bytes] = super().generate_rendition_file(filter, source=source)
        with made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


def is_described(image: Any) -> bool:
    """Whether somebody wrote what stands in for a picture; its title alone is often a file's name."""
    return bool((getattr(image, "description", "") or "").strip())


class SiteRendition(AbstractRendition):
    """A size of a picture, made when first shown."""

    image = models.ForeignKey(SiteImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        verbose_name = _("cỡ ảnh")
        verbose_name_plural = _("cỡ ảnh")
