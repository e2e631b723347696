"""Who reviewed the translation of a page, when, and of which versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationReview(models.Model):
    """The last review of a translated page. It lapses when either text is published anew.

    A version is the time a text was last published: old revisions may be deleted, this stays.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="translation_review"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Người soát"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("Soát lúc"))
    text_version = models.DateTimeField(_("Bản dịch đăng lúc"), null=True)
    source_version = models.DateTimeField(_("Bản gốc đăng lúc"), null=True)

    class Meta:
        verbose_name = _("lần soát bản dịch")
        verbose_name_plural = _("lần soát bản dịch")

    def __str__(self) -> str:
        return f"{self.page_id} {self.reviewed_at:%Y-%m-%d}"
