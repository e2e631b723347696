"""Pages are found as soon as they are published, and no longer once hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.documents.models import LegalDocumentPage
from cms.news import search_source as news
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.help import FAQPage, MediaKitPage
from cms.pages.models import HomePage, StandardPage
from cms.pages.offerings import ProgrammePage, ServicePage
from cms.pages.people import PartnersPage, PeoplePage
from search import service, sources
from search.contracts import SearchQuery, Sort
from tests.factories import make_live, make_user
from tests.factories.documents import fill_index
from tests.integration.awards_support import published as call
from tests.integration.events_support import published as event
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A site with its first pages."""
    cache.clear()
    load_site()


def found(text: str, language: str = "vi", kind: str = "page") -> list[str]:
    """Return the titles of the pages, or articles, that have these words."""
    page = service.search(SearchQuery(text=text, kinds=(kind,), language=language))
    return [hit.title for hit in page.hits] if not page.relaxed else []


def page_about(words: str) -> StandardPage:
    """Return an unpublished page whose text has these words."""
    home = HomePage.objects.get(locale__language_code="vi")
    body = json.dumps([{"type": "text", "value": f"<p>Đoạn nói về {words}.</p>"}])
    page: StandardPage = home.add_child(
        instance=StandardPage(title="Trang tìm thử", slug="tim-thu", body=body, live=False)
    )
    page.save_revision()
    return page


def test_a_page_is_found_by_the_words_of_its_text_without_marks() -> None:
    page_about("cá thát lát cườm").latest_revision.publish()
    assert found("ca that lat cuom") == ["Trang tìm thử"]


def test_a_draft_is_never_found_not_even_the_draft_of_a_live_page() -> None:
    page = page_about("chôm chôm tróc")
    assert found("chôm chôm tróc") == []
    page.latest_revision.publish()
    page.refresh_from_db()
    page.intro = "Lời chưa duyệt về măng cụt trắng"
    page.save_revision()
    assert found("măng cụt trắng") == []


def test_a_hidden_or_deleted_page_is_no_longer_found() -> None:
    page = page_about("ghe chài lục tỉnh")
    page.latest_revision.publish()
    page.refresh_from_db()
    page.unpublish()
    assert found("ghe chài lục tỉnh") == []
    page.save_revision().publish()
    assert found("ghe chài lục tỉnh")[:1] == ["Trang tìm thử"]
    page.delete()
    assert found("ghe chài lục tỉnh") == []


def publish(page: Page) -> None:
    """Put a page under the home page and publish it."""
    page.live = False
    HomePage.objects.get(locale__language_code="vi").add_child(instance=page)
    page.save_revision().publish()


def block(kind: str, **value: object) -> str:
    return json.dumps([{"type": kind, "value": value}])


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (ServicePage, {"who": "Chủ lò {}"}),
        (ServicePage, {"papers": "Đơn {}"}),
        (ServicePage, {"contact": "Tổ {}"}),
        (ServicePage, {"steps": block("step", title="Nộp {}", text="")}),
        (FAQPage, {"groups": block("group", title="Nộp", questions=[
            {"question": "Ai được?", "answer": "<p>Mọi <b>{}</b></p>"}])}),
        (PeoplePage, {"units": block("unit", name="Phòng", people=[{"name": "Lê {}", "role": ""}])}),
        (PartnersPage, {"networks": block("network", title="Nhóm", partners=[
            {"name": "Viện {}", "what": "Thử"}])}),
        (ProgrammePage, {"goals": block("goal", text="Mười {}")}),
        (MediaKitPage, {"boilerplate_long": "<p>Nơi <b>{}</b></p>"}),
    ],
)  # fmt: skip
def test_a_page_is_found_by_whatever_it_says(model: type, fields: dict[str, str]) -> None:
    told = {name: text.replace("{}", "chằm nón thốt nốt") for name, text in fields.items()}
    publish(model(title="Trang tìm thử", slug="tim-thu", **told))
    assert found("cham non thot not")[:1] == ["Trang tìm thử"]


def test_nobody_is_found_by_a_number_of_the_centre_s_people() -> None:
    person = {"name": "Lê Thị Thốt", "email": "thot@mau.example", "phone": "0270 999 1234"}
    units = block("unit", name="Phòng", people=[person])
    publish(PeoplePage(title="Trang tìm thử", slug="tim-thu", units=units))
    assert found("Lê Thị Thốt") == ["Trang tìm thử"]
    assert found("0270 999 1234") == []
    assert found("thot@mau.example") == []


def test_a_page_closed_to_the_public_is_no_longer_found() -> None:
    page = page_about("bến phà Đình Khao")
    page.latest_revision.publish()
    closed = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert found("bến phà Đình Khao") == []
    closed.delete()
    assert found("bến phà Đình Khao")[:1] == ["Trang tìm thử"]


class TestDays:
    """What is no entry is in lists by the day it came out."""

    def day_of(self, kind: str, key: object) -> date | None:
        return next(iter(sources.source(kind).documents([str(key)]))).confirmed_on

    def test_an_event_by_the_day_it_was_announced_or_took_place_before(self) -> None:
        today, now = timezone.localdate(), timezone.now()
        coming = event(starts_at=now + timedelta(days=90), ends_at=now + timedelta(days=91))
        assert self.day_of("event", coming.event_id) == today
        held = event(starts_at=now - timedelta(days=900), ends_at=now - timedelta(days=899))
        assert self.day_of("event", held.event_id) == today - timedelta(days=900)

    def test_a_round_likewise(self) -> None:
        today, now = timezone.localdate(), timezone.now()
        coming = call(opens_at=now + timedelta(days=2))
        assert self.day_of("award", coming.call_id) == today
        dates = {"opens_at": None, "closes_at": None, "results_at": now - timedelta(days=700)}
        assert self.day_of("award", call(**dates).call_id) == today - timedelta(days=700)

    def test_a_legal_document_by_the_day_it_was_signed(self) -> None:
        signed = LegalDocumentPage.objects.filter(alias_of=None, signed_on__isnull=False).first()
        assert self.day_of("document", signed.pk) == signed.signed_on

    @pytest.mark.parametrize(
        ("address", "label"),
        [
            ("/tim-kiem/", "Mới nhất"),
            ("/tim-kiem/?loai=tin-tuc", "Mới nhất"),
            ("/tim-kiem/?loai=van-ban", "Mới nhất"),
            ("/tim-kiem/?loai=to-chuc", "Mới xác nhận"),
            ("/danh-ba/", "Mới xác nhận"),
            ("/en/tim-kiem/?loai=tin-tuc", "Newest"),
        ],
    )
    def test_only_entries_are_called_newly_confirmed(
        self, client: Client, address: str, label: str
    ) -> None:
        make_live(make_user())
        html = client.get(address).content.decode()
        assert f'<option value="moi-xac-nhan" selected>{label}</option>' in html


class TestNews:
    """An article is no page: it is found as news, by its words, its section and its year."""

    TITLE = "Vĩnh Long xếp thứ 17/34 về chỉ số đổi mới sáng tạo cấp địa phương 2025"

    def article(self, **values: Any) -> NewsPage:
        index = NewsIndexPage.objects.get(locale__language_code="vi")
        body = json.dumps([{"type": "text", "value": "<p>Ra mắt <b>lồng đèn mo nang</b>.</p>"}])
        usual = {"title": "Tin tìm thử", "slug": "tin-thu", "intro": "Mới.", "date": "2025-03-04"}
        page: NewsPage = index.add_child(instance=NewsPage(**usual | {"body": body} | values))
        page.save_revision().publish()
        return page

    def test_stand_ins_in_english_do_not_double_an_article(self) -> None:
        assert found("PII", kind="news").count(self.TITLE) == 1
        assert self.TITLE not in found("PII")

    def test_an_article_is_found_by_whatever_it_says_and_carries_its_date(self) -> None:
        evidence = block("evidence", text="Giấy mời cổ cò", source="")
        self.article(kind="cau-chuyen", evidence=evidence)
        for words in ("long den mo nang", "giấy mời cổ cò", "tin tìm thử"):
            assert found(words, kind="news")[:1] == ["Tin tìm thử"], words
            assert "Tin tìm thử" not in found(words), words
        asked = service.search(SearchQuery(text="lồng đèn mo nang", kinds=("news",)))
        assert asked.hits[0].payload["date"] == "2025-03-04"

    def test_a_list_shows_the_newest_first_also_after_an_old_one_is_corrected(self) -> None:
        old = self.article(title="Tin cũ", slug="tin-cu", date="1998-03-04")
        self.article(title="Tin hôm qua", slug="tin-hom-qua", date="2090-03-04")
        old.save_revision().publish()
        listed = service.search(SearchQuery(kinds=("news",), page_size=50, sort=Sort.CONFIRMED))
        titles = [hit.title for hit in listed.hits]
        assert (titles[0], titles[-1]) == ("Tin hôm qua", "Tin cũ")

    def test_section_and_year_narrow(self) -> None:
        self.article(kind="thong-bao", date="1999-03-04")
        self.article(title="Tin khác", slug="tin-khac", date="1998-03-04")
        for filters in ({"news_year": ("1999",)}, {"news_kind": ("thong-bao",)}):
            asked = SearchQuery(text="lồng đèn mo nang", kinds=("news",), filters=filters)
            assert [hit.title for hit in service.search(asked).hits] == ["Tin tìm thử"], filters

    def test_what_is_hidden_moved_closed_or_deleted_is_found_where_it_is_or_not_at_all(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        page = self.article()
        page.unpublish()
        assert "Tin tìm thử" not in found("lồng đèn mo nang", kind="news")
        page.save_revision().publish()
        index = page.get_parent().specific
        index.slug = "ban-tin"
        with django_capture_on_commit_callbacks(execute=True):
            index.save_revision().publish()
        asked = service.search(SearchQuery(text="lồng đèn mo nang", kinds=("news",)))
        assert asked.hits[0].url == "/ban-tin/tin-thu/"
        closed = PageViewRestriction.objects.create(page=index, restriction_type="login")
        assert found("lồng đèn mo nang", kind="news") == []
        closed.delete()
        assert found("lồng đèn mo nang", kind="news")[:1] == ["Tin tìm thử"]
        page.delete()
        assert "Tin tìm thử" not in found("lồng đèn mo nang", kind="news")

    def test_an_index_that_knows_news_as_pages_is_mended(self) -> None:
        page = self.article()
        as_it_was = replace(next(news.documents([page.pk])), kind="page", facets={})
        service.remove("news", [page.pk])
        fill_index(as_it_was)
        with pytest.raises(CommandError):
            call_command("search_check", stdout=StringIO())
        call_command("search_check", fix=True, stdout=StringIO())
        assert found("lồng đèn mo nang", kind="news")[:1] == ["Tin tìm thử"]
        assert "Tin tìm thử" not in found("lồng đèn mo nang")

    def test_visitors_see_when_it_was_written_and_narrow_by_section_and_year(
        self, client: Client
    ) -> None:
        self.article(kind="thong-bao")
        html = client.get("/tim-kiem/?q=lồng đèn mo nang&loai=tin-tuc").content.decode()
        assert '<time datetime="2025-03-04">04/03/2025</time>' in html
        assert 'name="loai-tin" value="thong-bao"' in html
        assert 'name="nam-tin" value="2025"' in html
        english = client.get("/en/tim-kiem/?loai=tin-tuc&loai-tin=thong-bao").content.decode()
        assert "4 March 2025" in english.replace("\xa0", " ")
        for query in ("loai-tin=x", "nam-tin=abcd", "nam-tin=²⁰²⁵"):
            assert client.get(f"/tim-kiem/?loai=tin-tuc&{query}").status_code == 400, query
