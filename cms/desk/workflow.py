"""The workflow of a new site. What exists is never changed: from then on it is the centre's."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowTask

from cms.desk.models import SecondPersonTask
from registry.accounts.permissions import ADMINISTRATOR, EDITOR, GROUPS

#: The one that Wagtail's first migration makes.
WAGTAILS = "Moderators approval"


@transaction.atomic
def load_workflow() -> bool:
    """Have pages reviewed by a second person of those who publish; return whether it was set up now.

    Nothing happens once a site has such a step: a centre that renamed, stopped or detached the
    workflow keeps it so.
    """
    root = Page.get_first_root_node()
    if root is None or SecondPersonTask.objects.exists():
        return False
    with translation.override("vi"):
        task = SecondPersonTask.objects.create(name=gettext("Người thứ hai duyệt"))
        name = gettext("Duyệt trang")
    groups = [Group.objects.get_or_create(name=GROUPS[role])[0] for role in (ADMINISTRATOR, EDITOR)]
    task.groups.set(groups)
    workflow = Workflow.objects.filter(name=WAGTAILS).first() or Workflow(active=True)
    workflow.name = name
    workflow.save()
    workflow.workflow_tasks.all().delete()
    # A step that nobody ever took would still be asked of every reviewer.
    Task.objects.filter(name=WAGTAILS, task_states=None, workflow_tasks=None).delete()
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    return True
