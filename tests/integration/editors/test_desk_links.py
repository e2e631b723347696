"""Links that lead nowhere: plain words for readers, a warning and a report for editors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page

from cms.caching.changes import place_of
from cms.desk.links import links_of
from cms.desk.models import PageLink
from cms.desk.reaching import broken, dead_paths
from cms.news.models import NewsPage
from cms.pages.models import ServicePage, StandardPage
from tests.factories import make_live, make_staff, make_user

pytestmark = pytest.mark.django_db


def text(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


def written(news: Page, *blocks: dict[str, Any], slug: str = "bai", **values: Any) -> NewsPage:
    """Publish an article of these blocks."""
    page = NewsPage(
        title="Bài", slug=slug, intro="Tóm tắt.", body=json.dumps(blocks), live=False, **values
    )
    news.add_child(instance=page)
    page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


def to(page: Page, words: str = "xem trang") -> dict[str, Any]:
    return text(f'<p>Bạn <a linktype="page" id="{page.pk}">{words}</a> nhé.</p>')


def read(client: Client, page: Page) -> str:
    cache.clear()
    return client.get(page.get_url()).content.decode()


@pytest.fixture
def other(news: Page) -> NewsPage:
    return written(news, slug="dich")


# --- what readers see ---------------------------------------------------------------------------------


def test_a_link_to_a_page_is_plain_text_while_that_page_is_not_live(
    client: Client, news: Page, other: NewsPage
) -> None:
    page = written(news, to(other))
    assert f'<a href="{other.url}">xem trang</a>' in read(client, page)
    other.unpublish()
    assert "Bạn xem trang nhé." in read(client, page)
    other.get_latest_revision().publish()
    assert f'<a href="{other.url}">xem trang</a>' in read(client, page)
    Page.objects.get(pk=other.pk).delete()
    assert "Bạn xem trang nhé." in read(client, page)


def test_addresses_of_ours_are_followed_only_where_something_is(client: Client, news: Page) -> None:
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    entry = make_live(owner, title="Vàm Lộc", moderator=moderator)
    alive = {
        "/": True,
        "/tin-tuc/": True,
        "/tin-tuc": True,
        "/en/tin-tuc/?loai=tin#dau": True,
        "/danh-ba/?q=lua": True,
        "/tai-khoan/login/": True,
        entry.get_absolute_url(): True,
        "/tin-tuc/khong-co/": False,
        "/en/khong-co/": False,
        "/danh-ba/xuong-moc-tc-99999/": False,
        "/khong/co/gi.html": False,
        "http://127.0.0.1:8000/tin-tuc/khong-co/": False,
        "https://noi-khac.example/khong-co/": True,
        "mailto:hop-thu@hub.example": True,
    }
    links = "".join(f'<a href="{address}">«{address}»</a> ' for address in alive)
    page = written(news, text(f"<p>{links}</p>"))
    shown = read(client, page)
    for address, followed in alive.items():
        assert f"«{address}»" in shown
        assert (f"«{address}»</a>" in shown) is followed, address


def test_a_closed_entry_is_no_longer_linked_to(client: Client, news: Page) -> None:
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    entry = make_live(owner, title="Vàm Lộc", moderator=moderator)
    page = written(news, text(f'<p><a href="{entry.get_absolute_url()}">Vàm Lộc</a></p>'))
    assert ">Vàm Lộc</a>" in read(client, page)
    type(entry).objects.filter(pk=entry.pk).update(is_public=False, lifecycle="on_hold")
    assert "<p>Vàm Lộc</p>" in read(client, page)
    assert list(broken().values()) == ["Không có gì ở địa chỉ này"]


def test_blocks_and_buttons_show_words_where_the_address_leads_nowhere(
    client: Client, news: Page
) -> None:
    lost = "http://127.0.0.1:8000/khong-co/"
    links = [
        {"label": "Bảng giá", "url": lost},
        {"label": "Bộ KH&CN", "url": "https://bo.example/"},
    ]
    page = written(news, {"type": "links", "value": {"title": "", "links": links}})
    shown = read(client, page)
    assert "<b>Bảng giá</b>" in shown
    assert '<a href="https://bo.example/"' in shown
    service = ServicePage.objects.filter(locale__language_code="vi")[0]
    service.action_label, service.action_url = "Đặt lịch", "/khong-co/"
    service.save_revision().publish()
    assert "Đặt lịch" not in read(client, service)
    service.action_url = "/ban-lam-viec/"
    service.save_revision().publish()
    assert "Đặt lịch" in read(client, service)


def test_a_redirect_keeps_an_old_address_alive(news: Page, other: NewsPage) -> None:
    assert dead_paths(["/bai-cu/"]) == {"/bai-cu/"}
    Redirect.objects.create(old_path="/bai-cu", redirect_page=other)
    assert dead_paths(["/bai-cu/"]) == set()
    other.unpublish()
    assert dead_paths(["/bai-cu/"]) == {"/bai-cu/"}


def test_many_addresses_cost_no_more_than_few(
    news: Page, django_assert_max_num_queries: Any
) -> None:
    paths = [f"/tin-tuc/{n}/" for n in range(20)] + [f"/danh-ba/a-tc-{n}/" for n in range(20)]
    dead_paths(paths)
    with django_assert_max_num_queries(3):
        assert dead_paths(paths) == set(paths)


def test_kept_pages_are_made_anew_when_what_they_lead_to_goes(
    news: Page, other: NewsPage, django_capture_on_commit_callbacks: Any
) -> None:
    page = written(news, to(other))
    by_path = written(news, text(f'<p><a href="{other.url}">bài</a></p>'), slug="bai-hai")

    def places() -> tuple[int, int]:
        return place_of(f"page:{page.pk}"), place_of(f"page:{by_path.pk}")

    before = places()
    with django_capture_on_commit_callbacks(execute=True):
        other.unpublish()
    after = places()
    assert after[0] > before[0]
    assert after[1] > before[1]


# --- what editors learn --------------------------------------------------------------------------------


def test_every_kind_of_link_of_a_page_is_found(news: Page, other: NewsPage) -> None:
    document = get_document_model().objects.create(title="Biểu mẫu", file="bieu-mau.pdf")
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    entry = make_live(owner, title="Vàm Lộc", moderator=moderator)
    page = written(
        news,
        to(other),
        text(f'<p><a linktype="document" id="{document.pk}">tải</a></p>'),
        {"type": "callout", "value": {"text": '<p><a href="/khong-co">x</a></p>'}},
        {
            "type": "links",
            "value": {
                "links": [
                    {"type": "item", "id": "a", "value": {"label": "Trang", "page": other.pk}},
                    {"type": "item", "id": "b", "value": {"label": "Sai", "url": "http://a b/"}},
                ]
            },
        },
        {"type": "document", "value": {"document": document.pk}},
        entry_id=entry.pk,
    )
    assert {(link.place, link.text, link.kind, link.target) for link in links_of(page)} == {
        ("Nội dung › Đoạn văn 1", "xem trang", "page", str(other.pk)),
        ("Nội dung › Đoạn văn 2", "tải", "document", str(document.pk)),
        ("Nội dung › Khung lưu ý 3", "x", "path", "/khong-co/"),
        ("Nội dung › Danh sách liên kết 4 › Liên kết 1", "Trang", "page", str(other.pk)),
        ("Nội dung › Danh sách liên kết 4 › Liên kết 2", "Sai", "wrong", "http://a b/"),
        ("Nội dung › Tài liệu tải về 5", "", "document", str(document.pk)),
        ("Hồ sơ trong mục lục", "Bài", "entry", str(entry.pk)),
    }


def test_whoever_publishes_is_told_which_links_lead_nowhere_and_publishes_all_the_same(
    at_work: Any, news: Page, filled: Any, other: NewsPage
) -> None:
    other.unpublish()
    _editor, client = at_work("editor")
    body = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-value": json.dumps(draftail(other)),
    }
    answer = client.post(
        f"/quan-tri/pages/add/news/newspage/{news.pk}/", filled(**body) | {"action-publish": "1"}
    )
    (said,) = (str(m) for m in get_messages(answer.wsgi_request) if m.level_tag == "warning")
    assert "Nội dung › Đoạn văn 1: “ở đây” – Trang chưa đăng" in said
    assert NewsPage.objects.child_of(news).get(slug="ngay-hoi").live


def draftail(page: Page) -> dict[str, Any]:
    """Return a text with a link to a page as the admin's editor sends it."""
    return {
        "blocks": [
            {
                "key": "a",
                "type": "unstyled",
                "depth": 0,
                "text": "ở đây",
                "inlineStyleRanges": [],
                "entityRanges": [{"key": 0, "offset": 0, "length": 5}],
            }
        ],
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": page.pk, "url": "/"}}
        },
    }


def test_the_report_lists_page_place_target_and_where_to_mend_it(
    at_work: Any, news: Page, other: NewsPage
) -> None:
    page = written(news, to(other, "lịch hội thảo"))
    _editor, client = at_work("editor")
    assert (
        "lịch hội thảo" not in client.get("/quan-tri/ban-bien-tap/lien-ket-hong/").content.decode()
    )
    other.unpublish()
    shown = client.get("/quan-tri/ban-bien-tap/lien-ket-hong/").content.decode()
    for words in ("lịch hội thảo", "Nội dung › Đoạn văn 1", "Trang chưa đăng"):
        assert words in shown
    assert f"/quan-tri/pages/{page.pk}/edit/" in shown
    sheet = client.get("/quan-tri/ban-bien-tap/lien-ket-hong/?export=csv")
    lines = b"".join(sheet.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "lịch hội thảo" in lines[1]
    page.unpublish()
    assert not PageLink.objects.filter(page=page).exists()


def test_a_page_that_stands_in_for_its_translation_is_named_once(
    news: Page, other: NewsPage
) -> None:
    page = written(news, to(other))
    twin = page.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    page.get_latest_revision().publish()
    assert PageLink.objects.filter(page_id=twin.pk).exists()
    other.unpublish()
    assert {link.page_id for link in broken()} == {page.pk}


def test_a_new_site_has_no_broken_link() -> None:
    assert StandardPage.objects.live().exists()
    assert {(str(link), why) for link, why in broken().items()} == set()
