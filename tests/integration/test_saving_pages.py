"""An editor presses a button while the admin saves the form by itself: one page, nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.news.models import NewsPage
from tests.factories import make_staff
from tests.integration.editor_support import article, small_site
from tests.integration.test_races import at_once

AUTOSAVE = {"HTTP_ACCEPT": "application/json"}


def words(key: str = "bieu-mau", **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for an article."""
    data = {
        "title": "Máy sấy dừa chạy thử ở Trà Côn",
        "slug": "may-say-dua",
        "kind": "tin",
        "date": "2026-11-20",
        "intro": "Ba hợp tác xã dùng thử trong mùa mưa.",
        "body": streamfield([]),
        "evidence": streamfield([]),
        "comments": inline_formset([]),
        "form_key": key,
        "form_keys_earlier": "",
    }
    return nested_form_data({**data, **changes})


class Desk:
    """An editor at the form of a new article."""

    def __init__(self) -> None:
        self.index = small_site()
        self.editor = make_staff("editor")
        self.client = self.browser()
        self.address = reverse("wagtailadmin_pages:add", args=["news", "newspage", self.index.pk])

    def browser(self) -> Client:
        client = Client()
        client.force_login(self.editor)
        return client

    def autosaves(self, **changes: Any) -> Any:
        return self.browser().post(self.address, words(**changes), **AUTOSAVE)

    def publishes(self, **changes: Any) -> Any:
        return self.browser().post(self.address, words(**{"action-publish": "Đăng"}, **changes))

    @property
    def articles(self) -> Any:
        return NewsPage.objects.child_of(self.index)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_publishing_takes_the_place_of_the_draft_the_autosave_made(desk: Desk) -> None:
    saved = desk.autosaves(intro="Ba hợp tác xã")
    assert saved.json()["success"]
    answer = desk.publishes()
    assert answer.status_code == 302
    page = desk.articles.get()
    assert page.live
    assert page.intro == "Ba hợp tác xã dùng thử trong mùa mưa."
    # Readers of English have one stand-in, not one for each time it was saved.
    assert Page.objects.filter(slug="may-say-dua", locale__language_code="en").count() == 1


def test_a_title_that_grew_since_the_autosave_makes_one_page_as_well(desk: Desk) -> None:
    assert desk.autosaves(title="Máy sấy", slug="may-say").json()["success"]
    assert desk.publishes().status_code == 302
    assert desk.articles.get().slug == "may-say-dua"


def test_an_autosave_that_comes_late_changes_nothing(desk: Desk) -> None:
    assert desk.publishes().status_code == 302
    late = desk.autosaves(title="Máy sấy", slug="may-say")
    assert late.status_code == 400
    assert not late.json()["success"]
    page = desk.articles.get()
    assert page.live
    assert not page.has_unpublished_changes


def test_a_form_sent_back_for_a_mistake_still_makes_one_page(desk: Desk) -> None:
    desk.autosaves()
    refused = desk.publishes(intro="")
    assert refused.status_code == 200
    draft = desk.articles.get()
    assert draft.intro == "Ba hợp tác xã dùng thử trong mùa mưa."
    # The same form again, as the browser shows it now.
    fields = dict(re.findall(r'name="(form_key\w*)" value="([^"]*)"', refused.content.decode()))
    assert fields["form_keys_earlier"] == "bieu-mau"
    again = {"key": fields["form_key"], "form_keys_earlier": fields["form_keys_earlier"]}
    assert desk.autosaves(**again).json()["success"]
    assert desk.articles.count() == 1
    assert desk.publishes(**again).status_code == 302
    assert desk.articles.get().live


def test_an_address_that_is_taken_is_an_error_of_the_form(desk: Desk) -> None:
    assert desk.publishes(key="cua-nguoi-khac").status_code == 302
    answer = desk.publishes()
    assert answer.status_code == 200
    assert "slug" in answer.context_data["form"].errors
    assert desk.articles.count() == 1


def test_what_only_the_page_refuses_is_an_error_of_the_form_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is taken by a page that came between the form's question and the saving."""
    article(desk.index, title="Tin khác", slug="may-say-dua")
    truth, asked = Page._slug_is_available, []

    def first_unseen(*args: Any) -> bool:
        asked.append(args)
        return len(asked) == 1 or truth(*args)

    monkeypatch.setattr(Page, "_slug_is_available", staticmethod(first_unseen))
    answer = desk.publishes()
    assert answer.status_code == 200
    assert "slug" in answer.context_data["form"].errors
    assert desk.articles.get().title == "Tin khác"


def test_a_draft_somebody_worked_on_is_not_replaced(desk: Desk) -> None:
    desk.autosaves()
    draft = desk.articles.get()
    draft.intro = "Người khác đã viết tiếp."
    draft.save_revision()
    assert desk.publishes().status_code == 200
    assert desk.articles.get().get_latest_revision_as_object().intro == "Người khác đã viết tiếp."


def test_the_key_of_one_editor_opens_nothing_of_another(desk: Desk) -> None:
    desk.autosaves()
    desk.editor = make_staff("editor")
    assert desk.publishes(slug="bai-khac").status_code == 302
    assert sorted(desk.articles.values_list("live", flat=True)) == [False, True]


def test_a_late_autosave_of_a_page_there_is_does_not_undo_what_was_published(desk: Desk) -> None:
    desk.publishes()
    page = desk.articles.get()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    loaded = {
        "loaded_revision_id": str(page.latest_revision_id),
        "loaded_revision_created_at": page.latest_revision.created_at.isoformat(),
    }
    press = words(intro="Mới.", **{"action-publish": "Đăng"}, **loaded)
    assert desk.client.post(address, press).status_code == 302
    late = desk.client.post(address, words(intro="Mớ", **loaded), **AUTOSAVE)
    assert late.status_code == 400
    page.refresh_from_db()
    assert (page.intro, page.has_unpublished_changes) == ("Mới.", False)


@pytest.mark.django_db(transaction=True)
def test_the_press_and_the_autosave_at_the_same_moment_make_one_page() -> None:
    desk = Desk()
    for _turn in range(3):
        answers = at_once(lambda: desk.autosaves(intro="Ba hợp"), desk.publishes)
        assert [answer.status_code for answer in answers][1] == 302
        assert answers[0].status_code in {200, 400}
        page = desk.articles.get()
        assert page.live
        assert page.intro == "Ba hợp tác xã dùng thử trong mùa mưa."
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        loaded = {
            "loaded_revision_id": str(page.latest_revision_id),
            "loaded_revision_created_at": page.latest_revision.created_at.isoformat(),
        }
        press = words(intro="Sửa xong.", **{"action-publish": "Đăng"}, **loaded)
        early = words(intro="Sửa", **loaded)
        late, pressed = at_once(
            lambda to=address, data=early: desk.browser().post(to, data, **AUTOSAVE),
            lambda to=address, data=press: desk.browser().post(to, data),
        )
        assert pressed.status_code == 302
        page.refresh_from_db()
        assert (page.intro, page.has_unpublished_changes) == ("Sửa xong.", False), late.content
        page.delete()
