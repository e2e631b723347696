"""Tables of the search service. The embedded engine's own tables are unmanaged (engines/embedded)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndexTask(models.Model):
    """An object an engine outside the database has yet to read again."""

    target = models.CharField(_("công cụ tìm kiếm"), max_length=100)
    kind = models.CharField(_("loại"), max_length=40)
    object_id = models.CharField(_("mã"), max_length=60)
    created = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("việc đưa vào chỉ mục")
        verbose_name_plural = _("việc đưa vào chỉ mục")
        ordering = ["id"]
        indexes = [models.Index(fields=["target", "id"], name="search_task_order")]

    def __str__(self) -> str:
        return f"{self.target}: {self.kind} {self.object_id}"
