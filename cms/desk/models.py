"""What the editors' desk keeps: a step of review, the links of live pages, addresses that are gone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import AbstractGroupApprovalTask, TaskState


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by somebody of a group who did not hand the page in (the house's two-person rule)."""

    class Meta:
        verbose_name = gettext_lazy("người thứ hai duyệt")
        verbose_name_plural = gettext_lazy("người thứ hai duyệt")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Return what the user may do with the page; nothing to whoever handed it in."""
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return []
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        """Return what waits for the user, without what they handed in themselves."""
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    @classmethod
    def get_description(cls) -> str:
        """Return what the admin says where a task is chosen."""
        return gettext("Một người trong các nhóm đã chọn, không phải người gửi duyệt, duyệt trang.")


class PageLink(models.Model):
    """A link of a live page to something of ours, written anew whenever the page is published.

    Wagtail's reference index knows neither addresses nor words nor pages that are gone.
    """

    class Kind(models.TextChoices):
        PAGE = "page", gettext_lazy("trang")
        DOCUMENT = "document", gettext_lazy("tài liệu")
        ENTRY = "entry", gettext_lazy("hồ sơ")
        PATH = "path", gettext_lazy("địa chỉ trong trang này")
        WRONG = "wrong", gettext_lazy("địa chỉ viết sai")

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(gettext_lazy("Chỗ"), max_length=200)
    text = models.CharField(gettext_lazy("Chữ liên kết"), max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: A primary key, or an address; no foreign key, because what it names may be gone.
    target = models.CharField(gettext_lazy("Dẫn tới"), max_length=500)

    # A note about a page is no use of it.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = gettext_lazy("liên kết trong trang")
        verbose_name_plural = gettext_lazy("liên kết trong trang")
        indexes = [models.Index(fields=["kind", "target"], name="editordesk_link_target")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.place} → {self.target}"


class GonePage(models.Model):
    """An address where the public once read a page that an editor deleted: it answers 410."""

    path = models.CharField(max_length=255, unique=True)
    removed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("trang đã xóa")
        verbose_name_plural = gettext_lazy("trang đã xóa")

    def __str__(self) -> str:
        return self.path
