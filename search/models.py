"""Tables of the search service. The embedded engine's own tables are unmanaged (engines/embedded)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.vocabulary.models import MissedQuery, SynonymGroup, VocabularyState

__all__ = [
    "IndexRebuild",
    "IndexTask",
    "IndexVersion",
    "MissedQuery",
    "SynonymGroup",
    "VocabularyState",
]


class IndexTask(models.Model):
    """An object an engine outside the database has yet to read again.

    Done tasks stay for some days: a rebuild that runs meanwhile repeats them (`search.rebuilding`).
    """

    target = models.CharField(_("công cụ tìm kiếm"), max_length=100)
    kind = models.CharField(_("loại"), max_length=40)
    object_id = models.CharField(_("mã"), max_length=60)
    created = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("số lần đã thử"), default=0)
    next_try_at = models.DateTimeField(_("thử lại lúc"), null=True, blank=True)
    last_error = models.TextField(_("lý do lần thử cuối"), blank=True)
    dead = models.BooleanField(_("đã ngừng thử"), default=False)
    done_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("việc đưa vào chỉ mục")
        verbose_name_plural = _("việc đưa vào chỉ mục")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["target", "id"], name="search_task_order"),
            models.Index(
                fields=["target", "id"],
                name="search_task_waiting",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["target", "kind", "object_id"],
                name="search_task_object",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(fields=["done_at"], name="search_task_done"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.kind} {self.object_id}"


class IndexVersion(models.Model):
    """The one row that counts the versions sent to an engine outside the database."""

    value = models.BigIntegerField(_("phiên bản"))

    class Meta:
        verbose_name = _("phiên bản chỉ mục")
        verbose_name_plural = _("phiên bản chỉ mục")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.value)


class IndexRebuild(models.Model):
    """A rebuild of an engine outside the database that is under way, or that broke off."""

    target = models.CharField(_("công cụ tìm kiếm"), max_length=100, unique=True)
    index = models.CharField(_("chỉ mục đang dựng"), max_length=255)
    started = models.DateTimeField(_("bắt đầu lúc"))
    #: Moved on with every batch: a rebuild that no longer moves is dead, another may begin.
    beat = models.DateTimeField(_("lần ghi cuối"))

    class Meta:
        verbose_name = _("lần dựng lại chỉ mục")
        verbose_name_plural = _("lần dựng lại chỉ mục")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.target}: {self.index}"
