"""Kept pages: an edit is seen at once, and only what changed is made anew."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from cms.awards.models import CallWinner
from cms.caching import changes
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import ContactPage, HomePage, StandardPage
from cms.translations.services import mark_reviewed
from registry.competitions import services as competitions
from registry.competitions.models import Call
from registry.directory.services import hold
from search.service import embedded
from tests.factories import make_live, make_staff, make_user
from tests.integration.awards_support import published as published_round
from tests.integration.test_pictures import make_image
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings: Any, transactional_db: None) -> Iterator[Client]:
    """A site whose pages are kept, and a visitor without cookies."""
    settings.PAGE_CACHE_SECONDS = 300
    load_site()
    cache.clear()
    yield Visitor()
    cache.clear()


class Visitor(Client):
    """Comes anew with every page, as one who takes no cookie."""

    def see(self, path: str, **extra: Any) -> str:
        self.cookies.clear()
        response = self.get(path, **extra)
        assert response.status_code == 200, path
        # Compounds of a title are bound by no-break spaces.
        return response.content.decode().replace("\xa0", " ")

    def is_kept(self, path: str) -> bool:
        self.cookies.clear()
        return self.get(path).get("X-Page") == "kept"


def article(title: str = "Dừa sáp Cầu Kè") -> NewsPage:
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    page = NewsPage(title=title, intro="Giống mới.", date=timezone.localdate())
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def rename(page: Page, title: str) -> None:
    page = page.specific
    page.title = title
    page.save_revision().publish()


def standard() -> StandardPage:
    pages = StandardPage.objects.filter(locale__language_code="vi", live=True)
    return pages.filter(menu="").first() or pages.first()


class TestEdits:
    def test_a_page_is_made_once_and_then_kept(self, site: Any) -> None:
        page = article()
        first = site.see(page.url)
        assert site.is_kept(page.url)
        assert site.see(page.url) == first

    def test_an_edit_is_seen_at_once_where_it_stands_and_nowhere_else_is_lost(
        self, site: Any
    ) -> None:
        # The other page lists offers: a change of the registry would concern it.
        page, other = article(), with_list(standard(), "offer")
        paths = [page.url, "/tin-tuc/", "/", other.url, "/su-kien/"]
        for path in paths:
            site.see(path)
        assert [site.is_kept(path) for path in paths] == [True] * 5
        rename(page, "Bưởi Năm Roi")
        assert [site.is_kept(path) for path in paths] == [False, False, False, True, True]
        for path in paths[:3]:
            assert "Bưởi Năm Roi" in site.see(path)

    def test_what_a_rebuild_mends_is_seen_at_once(self, site: Any) -> None:
        owner = make_user("Chủ")
        firm = make_live(owner, title="Cơ khí Long Hồ")
        offer = make_live(owner, "offer", title="Máy ép nước mía", organisation=firm)
        page = with_list(standard(), "offer")
        embedded().delete([("offer", str(offer.pk))])
        assert "Máy ép nước mía" not in site.see(page.url)
        assert site.is_kept(page.url)
        call_command("search_rebuild", stdout=StringIO())
        assert "Máy ép nước mía" in site.see(page.url)

    def test_a_new_page_stands_in_its_list_at_once_and_a_hidden_one_is_gone(
        self, site: Any
    ) -> None:
        assert "Cá tra" not in site.see("/tin-tuc/")
        page = article("Cá tra")
        assert "Cá tra" in site.see("/tin-tuc/")
        site.see(page.url)
        page.unpublish()
        assert "Cá tra" not in site.see("/tin-tuc/")
        assert site.get(page.url).status_code == 404

    def test_a_picture_empties_only_the_pages_that_show_it(self, site: Any) -> None:
        shown, page, other = make_image(description="Vườn dừa"), article(), standard()
        page.image = shown
        page.save_revision().publish()
        paths = [page.url, "/tin-tuc/", other.url, "/su-kien/"]
        for path in paths:
            site.see(path)
        make_image(description="Ảnh vừa tải lên")
        assert [site.is_kept(path) for path in paths] == [True] * 4, "a new one stands nowhere"
        shown.description = "Vườn dừa sáp lúc sáng sớm"
        shown.save()
        assert [site.is_kept(path) for path in paths] == [False, False, True, True]
        assert "Vườn dừa sáp lúc sáng sớm" in site.see(page.url)
        shown.delete()
        assert not any(site.is_kept(path) for path in paths)

    def test_a_deleted_page_is_gone(self, site: Any) -> None:
        page = article("Cá tra")
        site.see(page.url)
        site.see("/tin-tuc/")
        page.delete()
        assert site.get(page.url).status_code == 410
        assert "Cá tra" not in site.see("/tin-tuc/")

    def test_a_collection_that_is_closed_takes_its_files_from_kept_pages(self, site: Any) -> None:
        page = article()
        site.see(page.url)
        assert site.is_kept(page.url)
        CollectionViewRestriction.objects.create(
            collection=Collection.get_first_root_node(), restriction_type="login"
        )
        assert not site.is_kept(page.url)

    def test_a_page_closed_to_the_public_is_closed_at_once(self, site: Any) -> None:
        page = article()
        site.see(page.url)
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert site.get(page.url).status_code == 302

    def test_a_new_name_in_the_menu_is_on_every_page(self, site: Any) -> None:
        page = article()
        site.see(page.url)
        index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
        index.menu_label = "Tin của Trung tâm"
        index.save_revision().publish()
        assert "Tin của Trung tâm" in site.see(page.url)

    def test_each_language_is_kept_by_itself(self, site: Any) -> None:
        assert 'lang="vi"' in site.see("/")
        assert 'lang="en"' in site.see("/en/")
        assert site.is_kept("/")
        assert site.is_kept("/en/")
        rename(HomePage.objects.get(locale__language_code="en"), "Home of all")
        assert not site.is_kept("/en/")

    def test_a_review_of_a_translation_is_seen_on_its_page_and_loses_no_other(
        self, site: Any
    ) -> None:
        page = ContactPage.objects.get(locale__language_code="en")
        source = ContactPage.objects.get(locale__language_code="vi")
        paths = ["/en/lien-he/", "/en/dich-vu/", "/dich-vu/", "/en/"]
        for path in paths:
            site.see(path)
        kept = [site.is_kept(path) for path in paths]
        mark_reviewed(
            page.pk,
            make_staff("editor"),
            text_version=page.last_published_at,
            source_version=source.last_published_at,
        )
        assert [site.is_kept(path) for path in paths] == [False, *kept[1:]]
        assert kept[1:] == [True] * 3

    def test_the_query_belongs_to_the_address(self, site: Any) -> None:
        site.see("/tin-tuc/")
        assert not site.is_kept("/tin-tuc/?trang=1")
        long = "/tin-tuc/?x=" + "a" * 200
        site.see(long)
        assert not site.is_kept(long)


class TestEntries:
    def test_a_change_of_an_entry_is_seen_at_once_and_others_stay(self, site: Any) -> None:
        owner, moderator = make_user("Chủ"), make_staff("moderator")
        first = make_live(owner, title="Vàm Lộc", moderator=moderator)
        offer = make_live(owner, "offer", title="Máy sấy", organisation=first, moderator=moderator)
        other = make_live(make_user("Khác"), title="Cái Cối", moderator=moderator)
        page = standard()
        paths = [offer.get_absolute_url(), first.get_absolute_url(), "/"]
        still = [other.get_absolute_url(), page.url]
        for path in paths + still:
            site.see(path)
            assert site.is_kept(path), path
        hold(offer, owner)
        assert not any(site.is_kept(path) for path in paths[1:])
        assert site.get(paths[0]).status_code in {404, 410}
        assert "Máy sấy" not in site.see(first.get_absolute_url())
        assert all(site.is_kept(path) for path in still)


class TestLists:
    """Lists in the body of a page, which fill themselves."""

    def test_a_new_offer_stands_in_the_list_of_an_article_at_once(self, site: Any) -> None:
        page = with_list(article(), "offer")
        assert "Hiện chưa có gì" in site.see(page.url)
        assert site.is_kept(page.url)
        owner = make_user("Chủ")
        company = make_live(owner, title="Vàm Lộc")
        offer = make_live(owner, "offer", title="Máy sấy dừa", organisation=company)
        assert "Máy sấy dừa" in site.see(page.url)
        assert site.is_kept(page.url)
        hold(offer, owner)
        assert "Máy sấy dừa" not in site.see(page.url)

    def test_a_new_event_stands_in_the_list_of_another_events_page_at_once(self, site: Any) -> None:
        from tests.integration.events_support import published

        page = with_list(published(title="Hội thảo"), "event")
        site.see(page.url)
        assert site.is_kept(page.url)
        published(title="Ngày hội dừa")
        assert "Ngày hội dừa" in site.see(page.url)


class TestAwards:
    def test_results_are_seen_at_once_on_home_page_hall_and_the_winners_entry(
        self, site: Any
    ) -> None:
        winner = make_live(make_user("Chủ"), title="Vàm Lộc", moderator=make_staff("moderator"))
        page, still = published_round(title="Đợt Cổ Chiên"), standard()
        hall, entry = "/giai-thuong/?xem=vinh-danh", winner.get_absolute_url()
        telling = [hall, entry, page.url, page.award.url]
        for path in ["/", *telling, still.url]:
            assert "Giải Phù Sa" not in site.see(path)
            assert site.is_kept(path), path
        assert "Đợt Cổ Chiên" in site.see("/")
        day = timezone.now() - timedelta(days=1)
        page.closes_at = page.results_at = day
        page.winners = [CallWinner(prize="Giải Phù Sa", entry=winner)]
        page.save_revision().publish()
        assert "Đợt Cổ Chiên" not in site.see("/"), "nobody can enter it any more"
        for path in telling:
            assert "Giải Phù Sa" in site.see(path), path
        assert site.is_kept(still.url)

    def test_kept_pages_turn_when_the_clock_of_a_round_does(self, site: Any) -> None:
        page, still = published_round(title="Đợt Cổ Chiên"), standard()
        paths = ["/", "/giai-thuong/", page.url, page.award.url]
        for path in [*paths, still.url]:
            site.see(path)
            assert site.is_kept(path), path
        assert "Bạn nộp trước" in site.see(page.url)
        # The deadline passes: nobody publishes anything, the worker turns the header.
        past = timezone.now() - timedelta(minutes=1)
        Call.objects.filter(uid=page.translation_key).update(closes_at=past)
        assert competitions.advance_due() == 1
        for path in paths:
            assert not site.is_kept(path), path
            assert "Bạn nộp trước" not in site.see(path), path
        assert site.is_kept(still.url)

    def test_without_a_worker_they_turn_within_a_minute(
        self, site: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page, still = published_round(title="Đợt Cổ Chiên"), standard()
        paths = ["/", "/giai-thuong/", page.url, "/su-kien/?xem=thang"]
        for path in [*paths, still.url]:
            site.see(path)
            assert site.is_kept(path), path
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + 61)
        assert not any(site.is_kept(path) for path in paths)
        assert site.is_kept(still.url)


def with_list(page: Any, kind: str) -> Any:
    """Publish a page with a list of a kind in its body."""
    value = {"title": "Mới nhất", "kind": kind, "count": 4}
    page.body = [
        ("live", page._meta.get_field("body").stream_block.child_blocks["live"].to_python(value))
    ]
    page.save_revision().publish()
    return page


class TestNeverKept:
    def test_what_someone_signed_in_sees_is_made_for_them(self, site: Any) -> None:
        page = article()
        client = Client()
        client.force_login(make_user("Người Xem"))
        html = client.get(page.url).content.decode()
        assert "/ban-lam-viec/" in html
        assert not site.is_kept(page.url)
        assert "/ban-lam-viec/" not in site.see(page.url).split("<main")[0]
        assert client.get(page.url).get("X-Page") is None
        assert "/ban-lam-viec/" in client.get(page.url).content.decode()

    def test_a_page_with_a_form_token_is_never_kept(self, site: Any) -> None:
        for path in ("/tai-khoan/login/", "/tai-khoan/signup/"):
            site.see(path)
            assert not site.is_kept(path)
        contact = Page.objects.live().filter(content_type__model="contactpage").first()
        if contact is not None:
            html = site.see(contact.url)
            assert "csrfmiddlewaretoken" in html
            assert not site.is_kept(contact.url)

    @pytest.mark.parametrize(
        "extra", [{"HTTP_COOKIE": "a=b"}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_AUTHORIZATION": "x"}]
    )
    def test_who_brings_something_along_gets_an_own_page(self, site: Any, extra: Any) -> None:
        page = article()
        site.see(page.url)
        assert Client().get(page.url, **extra).get("X-Page") is None

    def test_errors_and_searches_are_made_anew(self, site: Any) -> None:
        for path in ("/khong-co/", "/tim-kiem/", "/danh-ba/"):
            site.get(path)
            assert not site.is_kept(path)

    def test_no_page_holds_anything_made_for_one_answer(self, site: Any) -> None:
        html = site.see(article().url)
        assert "nonce" not in html
        assert "csrfmiddlewaretoken" not in html


class TestOrder:
    def test_what_was_made_of_old_facts_while_they_changed_is_not_shown(
        self, site: Any, monkeypatch: Any
    ) -> None:
        page = article()
        meanwhile = NewsPage.serve

        def slow(self: NewsPage, *args: Any, **kwargs: Any) -> Any:
            response = meanwhile(self, *args, **kwargs).render()
            monkeypatch.setattr(NewsPage, "serve", meanwhile)
            rename(self, "Đổi giữa chừng")
            return response

        monkeypatch.setattr(NewsPage, "serve", slow)
        assert "Đổi giữa chừng" not in site.see(page.url)
        assert "Đổi giữa chừng" in site.see(page.url)

    def test_places_only_rise(self, site: Any) -> None:
        before = changes.reached()
        changes.write({"a", "b"})
        changes.write({"b"})
        assert changes.reached() == before + 2
        assert changes.unchanged({"a"}, before + 1)
        assert not changes.unchanged({"a", "b"}, before + 1)
        assert changes.unchanged(set(), 0)


LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def test_an_edit_in_another_process_is_seen_at_once(site: Any, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "hub_cache",
        }
    }
    call_command("createcachetable")
    page = article()
    site.see(page.url)
    assert site.is_kept(page.url)
    in_another_process(lambda: rename(page, "Từ nơi khác"))
    assert "Từ nơi khác" in site.see(page.url)
    in_another_process(lambda: Visitor().see("/tin-tuc/"))
    assert site.is_kept("/tin-tuc/")
    settings.CACHES = LOCAL
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE hub_cache")


def in_another_process(action: Any) -> None:
    """Do something in a fork with connections of its own."""
    connections.close_all()
    child = os.fork()
    if not child:
        code = 1
        try:
            action()
            connections.close_all()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
