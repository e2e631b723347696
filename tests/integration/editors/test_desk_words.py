"""The admin speaks Vietnamese: what a writer and an administrator see on its main screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Workflow

from cms.news.models import NewsPage
from tests.integration.leftovers import is_english

pytestmark = pytest.mark.django_db

#: Written in the code of the packages, where no catalogue of ours reaches; none is in a writer’s way.
BEYOND = re.compile(
    r"\d+ pages|.* None|[a-z]+\.[a-z]+page|Can \w+ .*|Page|Enabled|Locale|Sync from|Root page|Site name"
)
SHOWN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-w-dialog-title")


def english(html: str) -> Iterator[str]:
    """Yield what a reader meets in English."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(["script", "style", "template", "svg", "code"]):
        element.decompose()
    # What belongs to a page in English says so; what is hidden waits for its words.
    for element in soup.select("[lang=en], [hidden]"):
        element.decompose()
    texts = [" ".join(text.split()) for text in soup.stripped_strings]
    for element in soup.find_all(True):
        texts += [str(element[name]) for name in SHOWN_ATTRIBUTES if element.get(name)]
    for text in texts:
        if is_english(text) and not BEYOND.fullmatch(text):
            yield text


@pytest.fixture
def places(news: Page) -> dict[str, list[str]]:
    """The screens, by who works with them."""
    page = NewsPage(title="Tin", slug="tin-mot", intro="Tóm tắt.")
    news.add_child(instance=page)
    page.save_revision()
    image = get_image_model().objects.create(title="Ảnh", file=get_test_image_file())
    document = get_document_model().objects.create(title="Mẫu", file="mau.pdf")
    writers = [
        "",
        f"pages/{news.pk}/",
        f"pages/{news.pk}/edit/",
        f"pages/{page.pk}/edit/",
        f"pages/{page.pk}/delete/",
        f"pages/{page.pk}/unpublish/",
        f"pages/{page.pk}/copy/",
        f"pages/{page.pk}/move/",
        f"pages/{page.pk}/history/",
        "pages/usage/news/newspage/",
        f"pages/add/news/newspage/{news.pk}/",
        f"pages/{news.get_parent().pk}/add_subpage/",
        "pages/search/",
        "images/",
        "images/add/",
        f"images/{image.pk}/",
        f"images/{image.pk}/delete/",
        "documents/",
        "documents/multiple/add/",
        f"documents/edit/{document.pk}/",
        "redirects/",
        "redirects/add/",
        "redirects/import/",
        "snippets/",
        "snippets/legaldocuments/issuer/",
        "snippets/legaldocuments/issuer/add/",
        "loi-nhan/",
        "reports/locked/",
        "reports/workflow/",
        "reports/workflow_tasks/",
        "reports/site-history/",
        "reports/page-types-usage/",
        "ban-bien-tap/lien-ket-hong/",
        "ban-bien-tap/trang-lau-chua-xem-lai/",
        "choose-page/",
        "images/chooser/",
        "documents/chooser/",
    ]
    workflow = Workflow.objects.get()
    runners = [
        "users/",
        "users/new/",
        "sites/",
        "sites/new/",
        "collections/",
        "locales/",
        "workflows/list/",
        f"workflows/edit/{workflow.pk}/",
        "workflows/add/",
        "workflows/tasks/index/",
        "workflows/tasks/select_type/",
    ]
    superuser = [*writers, *runners, "groups/"]
    return {
        "contributor": writers,
        "editor": writers,
        "administrator": [*writers, *runners],
        "superuser": superuser,
    }


@pytest.mark.parametrize("role", ["contributor", "editor", "administrator", "superuser"])
def test_no_english_is_left_on_the_screens_of(role: str, at_work: Any, places: Any) -> None:
    if role == "superuser":
        boss: Any = get_user_model().objects.create_superuser(
            "sep@mau.example", "mot mat khau dai", full_name="Sếp"
        )
        client = Client()
        client.force_login(boss)
    else:
        _user, client = at_work(role)
    titles = set(Page.objects.values_list("title", flat=True))
    left: dict[str, set[str]] = {}
    opened = 0
    for place in places[role]:
        answer = client.get(f"/quan-tri/{place}")
        if answer.status_code == 302:
            continue
        assert answer.status_code == 200, (place, answer.status_code)
        opened += 1
        html = answer.json().get("html", "") if "json" in answer["Content-Type"] else None
        for text in english(html if html is not None else answer.content.decode()):
            # Pages are called what their editors call them.
            if text.partition(" (English)")[0] not in titles:
                left.setdefault(text, set()).add(place)
    assert opened > 10
    assert [f"{text} ({', '.join(sorted(left[text])[:3])})" for text in sorted(left)] == []


def test_english_in_a_writer_s_way_is_noticed() -> None:
    page = '<h1>Trang</h1><button title="Delete">Xóa</button><p lang="en">News</p><p>Save draft</p>'
    assert list(english(page)) == ["Save draft", "Delete"]


def test_a_member_of_staff_who_chose_english_works_in_english(at_work: Any) -> None:
    editor, client = at_work("editor")
    assert "Tìm mọi trang" in client.get("/quan-tri/").content.decode()
    editor.language = "en"
    editor.save()
    shown = client.get("/quan-tri/").content.decode()
    assert "Search all pages" in shown
    assert "Tìm mọi trang" not in shown
    assert client.get("/en/quan-tri/")["Location"] == "/quan-tri/"
