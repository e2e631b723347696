"""A contributor writes, somebody else publishes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Task, TaskState, Workflow, WorkflowPage

from cms.desk.models import SecondPersonTask
from cms.desk.workflow import load_workflow
from cms.news.models import NewsPage
from portal.settings import base
from registry.accounts.permissions import CONTRIBUTOR, GROUPS

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(r"\b(the|You|page|has been|submitted|rejected|Edit|You can|Hello)\b")
SECRET = "Giá thầu chưa công bố: 1,25 tỷ đồng"


def hand_in(client: Client, index: Page, form: dict[str, Any]) -> NewsPage:
    """Write an article and hand it in; return it."""
    answer = client.post(
        f"/quan-tri/pages/add/news/newspage/{index.pk}/", form | {"action-submit": "1"}
    )
    assert answer.status_code == 302
    return NewsPage.objects.child_of(index).get(slug=form["slug"])


def act(client: Client, page: Page, action: str, **values: Any) -> Any:
    """Do what a reviewer's button does."""
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": "", **values})


def test_a_new_site_has_pages_reviewed_by_a_second_person() -> None:
    root = Page.get_first_root_node()
    workflow = WorkflowPage.objects.get(page=root).workflow
    assert workflow.name == "Duyệt trang"
    assert Workflow.objects.count() == 1, "Wagtail's own made way"
    assert Task.objects.count() == 1
    (task,) = (item.specific for item in workflow.tasks)
    assert isinstance(task, SecondPersonTask)
    assert {group.name for group in task.groups.all()} == {"Quản trị viên", "Biên tập viên"}


def test_what_the_centre_made_of_the_workflow_stays() -> None:
    assert not load_workflow()
    workflow = Workflow.objects.get()
    workflow.name = "Hai bước"
    workflow.save()
    WorkflowPage.objects.all().delete()
    call_command("load_site", verbosity=0)
    assert Workflow.objects.get().name == "Hai bước"
    assert not WorkflowPage.objects.exists()


def test_a_contributor_writes_but_cannot_publish(at_work: Any, news: Page, filled: Any) -> None:
    _writer, client = at_work("contributor")
    verbs = GroupPagePermission.objects.filter(group__name=GROUPS[CONTRIBUTOR])
    assert set(verbs.values_list("permission__codename", flat=True)) == {"add_page", "change_page"}
    client.post(f"/quan-tri/pages/add/news/newspage/{news.pk}/", filled() | {"action-publish": "1"})
    assert not NewsPage.objects.child_of(news).get(slug="ngay-hoi").live


def test_from_the_contributor_through_a_second_person_to_the_public(
    client: Client, at_work: Any, news: Page, filled: Any
) -> None:
    _writer, writing = at_work("contributor")
    _editor, editing = at_work("editor")
    page = hand_in(writing, news, filled())
    assert not page.live
    assert act(writing, page, "approve").status_code in {302, 403}
    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    act(editing, page, "approve")
    page.refresh_from_db()
    assert page.live
    assert client.get(page.get_url()).status_code == 200


def test_an_editor_does_not_approve_what_they_handed_in_themselves(
    at_work: Any, news: Page, filled: Any
) -> None:
    editor, editing = at_work("editor")
    colleague, helping = at_work("editor")
    page = hand_in(editing, news, filled())
    assert not TaskState.objects.reviewable_by(editor).exists()
    assert TaskState.objects.reviewable_by(colleague).count() == 1
    act(editing, page, "approve")
    page.refresh_from_db()
    assert not page.live
    act(helping, page, "approve")
    page.refresh_from_db()
    assert page.live


def test_mails_of_the_review_are_vietnamese_and_tell_nothing_of_the_text(
    at_work: Any, news: Page, filled: Any, mailoutbox: list[Any]
) -> None:
    writer, writing = at_work("contributor")
    editor, editing = at_work("editor")
    page = hand_in(writing, news, filled(intro=SECRET))
    (asked,) = (mail for mail in mailoutbox if mail.to == [editor.email])
    assert "Ngày hội khởi nghiệp" in asked.subject
    act(editing, page, "reject", comment="Thêm nguồn")
    (answer,) = (mail for mail in mailoutbox if mail.to == [writer.email])
    assert "Thêm nguồn" in answer.body
    for mail in (asked, answer):
        text = mail.subject + mail.body
        assert SECRET not in text
        assert not ENGLISH.search(text), text
        assert "account/" not in text, "our account page has no such choice"


def test_mails_of_the_review_wait_in_the_outbox_like_every_other() -> None:
    assert base.EMAIL_BACKEND == "post_office.EmailBackend"
