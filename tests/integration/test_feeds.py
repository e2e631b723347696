"""Following the site by RSS and Atom, read back by a feed reader."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.documents.models import LegalDocumentPage
from cms.feeds.writing import FORMATS
from cms.news.models import NewsIndexPage, NewsPage
from registry.directory.models import Entry
from tests.factories import make_live, make_user
from tests.integration import awards_support, events_support
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> None:
    load_site()


def article(number: int = 1, **fields: Any) -> NewsPage:
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    usual = {"title": f"Tin số {number}", "intro": "Giống <mới> & tốt.", "date": "2026-11-20"}
    page = NewsPage(**usual | fields)
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def document() -> LegalDocumentPage:
    return LegalDocumentPage.objects.get(number="1925/QĐ-UBND", locale__language_code="vi")


def parsed(response: Any) -> Any:
    assert response.status_code == 200
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.fixture
def market() -> list[Entry]:
    owner = make_user("Chủ")
    organisation = make_live(owner, title="Vàm Lộc")
    return [
        make_live(owner, "offer", title=title, organisation=organisation)
        for title in ("Máy sấy dừa", "Máy bóc vỏ tôm")
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_new_article_is_in_the_feed_at_once(site: None, client: Client, form: str) -> None:
    page = article(title="Dừa sáp & “bưởi” <Năm Roi>")
    feed = parsed(client.get(f"/nguon-tin/tin-tuc.{form}"))
    newest = next(entry for entry in feed.entries if entry.id == f"urn:uuid:{page.translation_key}")
    assert newest.title in {"Dừa sáp & “bưởi” <Năm Roi>", "Dừa sáp & “bưởi” &lt;Năm Roi&gt;"}
    assert newest.link == f"http://testserver{page.get_url()}"
    assert newest.published_parsed[:3] == (2026, 11, 20)
    assert client.get(newest.link.removeprefix("http://testserver")).status_code == 200
    page.unpublish()
    feed = parsed(client.get(f"/nguon-tin/tin-tuc.{form}"))
    assert newest.id not in {entry.id for entry in feed.entries}


def test_a_draft_or_a_restricted_article_is_never_in_a_feed(site: None, client: Client) -> None:
    secret = article(title="Chỉ nội bộ")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    index.add_child(instance=NewsPage(title="Nháp", intro="x", live=False))
    titles = {entry.title for entry in parsed(client.get("/nguon-tin/tin-tuc.rss")).entries}
    assert titles.isdisjoint({"Chỉ nội bộ", "Nháp"})


def test_a_feed_holds_so_many_and_no_more(site: None, client: Client) -> None:
    for number in range(34):
        article(number)
    assert len(parsed(client.get("/nguon-tin/tin-tuc.rss")).entries) == 30


def test_who_has_the_newest_gets_nothing_again(site: None, client: Client) -> None:
    article()
    first = client.get("/nguon-tin/tin-tuc.rss")
    for header in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get("/nguon-tin/tin-tuc.rss", headers=header)
        assert again.status_code == 304
        assert again.content == b""
    article(2, title="Tin sau")
    again = client.get("/nguon-tin/tin-tuc.rss", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200


@pytest.mark.parametrize("section", ["tin-tuc", "su-kien", "giai-thuong", "van-ban"])
def test_every_section_has_a_feed_in_both_languages(
    site: None, client: Client, section: str
) -> None:
    page = {
        "tin-tuc": article,
        "su-kien": events_support.published,
        "giai-thuong": awards_support.published,
        "van-ban": document,
    }[section]()
    for form in FORMATS:
        assert parsed(client.get(f"/en/nguon-tin/{section}.{form}")).feed.title
        feed = parsed(client.get(f"/nguon-tin/{section}.{form}"))
        assert feed.feed.title
        told = {entry.id: entry for entry in feed.entries}
        mine = told[f"urn:uuid:{page.translation_key}"]
        assert mine.title == page.title
        assert mine.link == f"http://testserver{page.get_url()}"


def test_a_search_can_be_followed(market: list[Entry], client: Client) -> None:
    response = client.get("/nguon-tin/thi-truong-cong-nghe.rss?q=vỏ tôm&trang=7&sap-xep=trl")
    feed = parsed(response)
    assert [entry.title for entry in feed.entries] == [f"{market[1].number}: Máy bóc vỏ tôm"]
    assert feed.entries[0].link == f"http://testserver{market[1].get_absolute_url()}"
    assert response["X-Robots-Tag"] == "noindex"
    assert len(parsed(client.get("/nguon-tin/thi-truong-cong-nghe.rss")).entries) == 2


def test_the_followed_search_tells_only_what_anyone_may_know(
    market: list[Entry], client: Client
) -> None:
    signed_in = Client()
    signed_in.force_login(make_user("Người xem"))
    path = "/nguon-tin/tim-kiem.atom?q=máy&loai=cong-nghe"
    assert signed_in.get(path).content == client.get(path).content
    assert len(parsed(client.get(path)).entries) == 2


@pytest.mark.parametrize(
    "query", ["q=" + "a" * 5000, "q=%00", "linh-vuc=khong-co", "q=" + "a+" * 60, "loai=khong-co"]
)
def test_a_bad_search_is_refused_in_words(client: Client, query: str) -> None:
    response = client.get(f"/nguon-tin/tim-kiem.rss?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


def test_pages_name_and_show_their_feed(site: None, market: list[Entry], client: Client) -> None:
    article()
    html = client.get("/tin-tuc/").content.decode()
    assert 'type="application/rss+xml"' in html
    assert html.count("/nguon-tin/tin-tuc.rss") >= 2
    found = client.get("/thi-truong-cong-nghe/?q=máy&trang=1").content.decode()
    assert found.count("/nguon-tin/thi-truong-cong-nghe.rss?q=m%C3%A1y") == 2
