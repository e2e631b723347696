"""An administrator reads why something is not in the index, and lets it be tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from search.models import IndexTask
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/bao-cao/chi-muc/"
RETRY = f"{PAGE}thu-lai/"


@pytest.fixture
def administrator(client):
    client.force_login(make_staff("administrator"))
    return client


def task(identity: str = "7", **values: object) -> IndexTask:
    return IndexTask.objects.create(
        target="far", kind=values.pop("kind", "offer"), object_id=identity, **values
    )


def given_up(identity: str = "7", reason: str = "mapper_parsing: quá dài") -> IndexTask:
    return task(identity, attempts=20, dead=True, last_error=reason)


def test_the_reason_is_told_and_a_click_lets_it_be_tried_again(administrator):
    stuck = given_up()
    page = administrator.get(PAGE).content.decode()
    assert "mapper_parsing: quá dài" in page
    assert "Đã ngừng thử" in page
    answer = administrator.post(RETRY, {"task": stuck.pk}, follow=True)
    assert "1 việc sẽ được thử lại ngay." in answer.content.decode()
    stuck.refresh_from_db()
    assert (stuck.dead, stuck.attempts, stuck.next_try_at) == (False, 0, None)


def test_one_click_frees_everything_given_up_and_nothing_else(administrator):
    given_up("1"), given_up("2")
    later = timezone.now() + timedelta(minutes=5)
    failing = task("3", attempts=2, next_try_at=later, last_error="thử lại sau")
    done = task("4", attempts=1, done_at=timezone.now())
    administrator.post(RETRY)
    assert not IndexTask.objects.filter(dead=True).exists()
    failing.refresh_from_db()
    done.refresh_from_db()
    assert failing.next_try_at == later
    assert done.done_at is not None


def test_those_given_up_come_first_then_those_that_failed(administrator):
    task("cho")
    task("hong", attempts=3, last_error="lần ba")
    given_up("ngung")
    page = administrator.get(PAGE).content.decode()
    assert page.index(">ngung<") < page.index(">hong<") < page.index(">cho<")


def test_what_is_done_is_not_listed(administrator):
    task("xong-roi", done_at=timezone.now())
    page = administrator.get(PAGE).content.decode()
    assert "xong-roi" not in page


@pytest.mark.parametrize("sent", ["", "0", "-1", "abc", "9" * 30, "１", "1\x00", "1; DROP"])
def test_a_wrong_task_changes_nothing(administrator, sent):
    waiting = task(attempts=3, last_error="x")
    assert administrator.post(RETRY, {"task": sent}).status_code in {302, 400}
    waiting.refresh_from_db()
    assert waiting.attempts == 3
    assert administrator.get(PAGE, {"p": sent}).status_code in {200, 400}


def test_a_reason_is_text_and_no_markup(administrator):
    given_up(reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in administrator.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["editor", "moderator", "broker"])
def test_only_administrators_read_and_retry(client, role):
    stuck = given_up()
    client.force_login(make_staff(role))
    assert b"mapper_parsing" not in client.get(PAGE).content
    client.post(RETRY, {"task": stuck.pk})
    stuck.refresh_from_db()
    assert stuck.dead
