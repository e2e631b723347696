"""The step of a page's review that needs a second person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
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
