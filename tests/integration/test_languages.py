"""A visitor who reads English stays in English, and so does one who reads Vietnamese or Khmer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext
from wagtail.models import Locale, Page

from cms.news.models import NewsPage
from cms.pages.models import ContactPage, SectionPage
from cms.pages.selectors import plain_text
from cms.translations import selectors
from cms.translations.models import TranslationReview
from cms.translations.selectors import State
from tests.factories import make_live, make_staff, make_user, term
from tests.integration.editor_support import untranslated
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db

TITLE = "Nhà sấy cơm dừa hai nguồn nhiệt"
UNREVIEWED = "Trung tâm chưa soát bản dịch này."
OUTDATED = "Bản gốc tiếng Việt đã đổi sau bản dịch này."
UNTRANSLATED = "Trang này chưa có bản tiếng Anh."


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the site in a transaction around all tests of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def site(loaded: None, db: None) -> None:
    """Begin each story with the pages of a new site."""
    cache.clear()


@pytest.fixture
def entry() -> Any:
    """A technology described in Vietnamese only."""
    return offer(title=TITLE)


def offer(**values: Any) -> Any:
    owner = make_user()
    organisation = make_live(owner, legal_form=term("legal_form", "htx"))
    found = make_live(owner, "offer", organisation=organisation, **values)
    call_command("search_rebuild", stdout=StringIO())
    return found


def address(entry: Any, prefix: str = "") -> str:
    with translation.override("vi"):
        return prefix + str(entry.get_absolute_url())


def html_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def in_english(text: str) -> str:
    with translation.override("en"):
        return escape(gettext(text))


def switch(html: str) -> dict[str, str]:
    """Return language → address, as the masthead offers them."""
    found = re.findall(r'<a class="lng" href="([^"]*)" lang="(\w+)"', html)
    return {code: url.replace("&amp;", "&") for url, code in found}


def announced(html: str) -> dict[str, str]:
    """Return language → address, as search engines are told."""
    found = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)"', html)
    return {code: re.sub(r"^https?://[^/]+", "", url) for code, url in found}


def canonical(html: str) -> str:
    found = re.search(r'rel="canonical" href="https?://[^/]+([^"]*)"', html)
    assert found
    return found[1]


def contact(language: str) -> Page:
    return ContactPage.objects.get(locale__language_code=language)


def publish(page: Page, **values: Any) -> Page:
    page = Page.objects.get(pk=page.pk).specific
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


class TestEntries:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_a_result_leads_to_the_page_in_the_visitor_s_language(
        self, client: Client, entry: Any, prefix: str
    ) -> None:
        page = html_of(client, f"{prefix}/thi-truong-cong-nghe/")
        found = set(re.findall(rf'href="([^"]*{entry.number_slug}/)"', page))
        assert found == {address(entry, prefix)}
        typed = client.get(
            f"{prefix}/goi-y/", {"q": "nha say"}, headers={"HX-Request": "true"}
        ).content.decode()
        assert f'href="{address(entry, prefix)}"' in typed

    def test_the_interface_follows_the_address_and_the_text_stays(
        self, client: Client, entry: Any
    ) -> None:
        vietnamese = html_of(client, address(entry))
        english = html_of(client, address(entry, "/en"))
        assert "Báo thông tin sai" in vietnamese
        assert "Report a mistake" in english
        assert "Báo thông tin sai" not in english

    def test_vietnamese_words_on_an_english_page_say_that_they_are(
        self, client: Client, entry: Any
    ) -> None:
        shown = TITLE.replace("cơm dừa", "cơm\u00a0dừa")
        for path in (address(entry, "/en"), "/en/thi-truong-cong-nghe/"):
            html = html_of(client, path)
            assert re.search(rf'<span lang="vi">(?:{TITLE}|{shown})', html), path
        assert '<span lang="vi">' not in html_of(client, address(entry))

    def test_the_legal_form_of_a_result_is_named_in_the_visitor_s_language(
        self, client: Client, entry: Any
    ) -> None:
        form = term("legal_form", "htx")
        vietnamese, english = html_of(client, "/danh-ba/"), html_of(client, "/en/danh-ba/")
        assert f"<span>{form.label_vi}</span>" in vietnamese
        assert f"<span>{form.label_en}</span>" in english
        assert form.label_vi not in english


class TestSwitch:
    @pytest.mark.parametrize(
        ("path", "twin"),
        [
            ("/danh-ba/?q=d%E1%BB%ABa&linh-vuc=dua", "/en/danh-ba/?q=d%E1%BB%ABa&linh-vuc=dua"),
            ("/tin-tuc/?muc=tin&trang=1", "/en/tin-tuc/?muc=tin&trang=1"),
            ("/su-kien/?khi=da-qua", "/en/su-kien/?khi=da-qua"),
            ("/tai-khoan/login/?next=/ban-lam-viec/", "/en/tai-khoan/login/?next=/ban-lam-viec/"),
        ],
    )
    def test_it_stays_on_the_page_with_the_question_in_both_directions(
        self, client: Client, path: str, twin: str
    ) -> None:
        assert switch(html_of(client, path))["en"] == twin
        assert switch(html_of(client, twin))["vi"] == path

    def test_it_follows_a_translation_that_has_its_own_address(
        self, client: Client, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            publish(contact("en"), slug="contact")
        assert switch(html_of(client, "/lien-he/?x=1"))["en"] == "/en/contact/?x=1"
        assert switch(html_of(client, "/en/contact/?x=1"))["vi"] == "/lien-he/?x=1"
        moved = client.get("/en/lien-he/")
        assert (moved.status_code, moved["Location"]) == (301, "/en/contact/")

    def test_it_stands_on_the_page_of_an_error_too(self, client: Client) -> None:
        assert switch(html_of(client, "/en/khong-co/?x=1", 404)) == {"vi": "/khong-co/?x=1"}
        assert switch(html_of(client, "/khong-co/", 404)) == {"en": "/en/khong-co/"}

    def test_a_filter_nobody_knows_is_as_wrong_in_one_language_as_in_the_other(
        self, client: Client
    ) -> None:
        for path in ("/danh-ba/?linh-vuc=khong-co", "/en/danh-ba/?linh-vuc=khong-co"):
            status = client.get(path).status_code
            assert status == client.get("/danh-ba/?linh-vuc=khong-co").status_code

    def test_staff_who_read_english_are_led_to_log_in_and_back_to_their_filters(
        self, client: Client
    ) -> None:
        asked = "/quan-tri/xem-xet/?trang-thai=moi&q=d%E1%BB%ABa"
        answer = client.get(asked, headers={"Accept-Language": "en"})
        assert answer.status_code == 302
        assert "trang-thai%3Dmoi%26q%3Dd%25E1%25BB%25ABa" in answer["Location"]

    def test_khmer_is_offered_only_where_there_is_a_page(self, client: Client) -> None:
        assert switch(html_of(client, "/"))["km"] == "/km/"
        assert switch(html_of(client, "/en/"))["km"] == "/km/"
        for path in ("/gioi-thieu/", "/danh-ba/", "/en/lien-he/"):
            assert "km" not in switch(html_of(client, path))


class TestSearchEngines:
    def test_a_translated_page_names_its_versions(self, client: Client) -> None:
        told = {"vi": "/lien-he/", "en": "/en/lien-he/", "x-default": "/lien-he/"}
        assert announced(html_of(client, "/lien-he/")) == told
        assert announced(html_of(client, "/en/lien-he/?x=1")) == told
        assert canonical(html_of(client, "/en/lien-he/?x=1")) == "/en/lien-he/"

    def test_a_stand_in_is_no_version(self, client: Client) -> None:
        source = untranslated()
        assert announced(html_of(client, source)) == {}
        stand_in = html_of(client, f"/en{source}")
        assert announced(stand_in) == {}
        assert canonical(stand_in) == source

    def test_lists_differ_by_their_prefix(self, client: Client) -> None:
        html = html_of(client, "/en/danh-ba/?utm_source=x&linh-vuc=dua")
        assert announced(html) == {
            "vi": "/danh-ba/?linh-vuc=dua",
            "en": "/en/danh-ba/?linh-vuc=dua",
            "x-default": "/danh-ba/?linh-vuc=dua",
        }

    def test_an_entry_is_announced_in_english_once_it_has_english_words(
        self, client: Client, entry: Any
    ) -> None:
        assert announced(html_of(client, address(entry))) == {}
        english = html_of(client, address(entry, "/en"))
        assert announced(english) == {}
        assert canonical(english) == address(entry)
        both = offer(title="Máy tách vỏ", title_en="Husking machine")
        told = {"vi": address(both), "en": address(both, "/en"), "x-default": address(both)}
        assert announced(html_of(client, address(both))) == told
        assert announced(html_of(client, address(both, "/en"))) == told
        assert canonical(html_of(client, address(both, "/en"))) == address(both, "/en")


class TestReviews:
    def test_from_unreviewed_to_reviewed_to_outdated_and_back(self, client: Client) -> None:
        page, source = contact("en"), contact("vi")
        assert in_english(UNREVIEWED) in html_of(client, "/en/lien-he/")
        editor = Client()
        editor.force_login(make_staff("editor"))
        confirm(editor, page)
        html = html_of(client, "/en/lien-he/")
        assert in_english(UNREVIEWED) not in html
        assert in_english(OUTDATED) not in html

        publish(source, intro="Hỏi gì cũng được.")
        html = html_of(client, "/en/lien-he/")
        assert in_english(OUTDATED) in html
        assert 'href="/lien-he/" hreflang="vi"' in html
        assert "tnote" not in html_of(client, "/lien-he/")
        assert [row.pk for row in selectors.translations().filter(state=State.OUTDATED)] == [
            page.pk
        ]
        listed = html_of(editor, "/quan-tri/bao-cao/ban-dich/?state=outdated")
        assert f"/quan-tri/ban-dich/{page.pk}/" in listed

        confirm(editor, page)
        assert in_english(OUTDATED) not in html_of(client, "/en/lien-he/")
        publish(page, intro="Ask anything.")
        assert in_english(UNREVIEWED) in html_of(client, "/en/lien-he/")

    def test_a_page_not_translated_says_so_and_marks_its_text(self, client: Client) -> None:
        html = html_of(client, f"/en{untranslated()}")
        assert in_english(UNTRANSLATED) in html
        assert '<div lang="vi">' in html

    def test_what_changed_while_it_was_read_is_read_again(self) -> None:
        page = contact("en")
        editor = Client()
        editor.force_login(make_staff("editor"))
        form = hidden(html_of(editor, f"/quan-tri/ban-dich/{page.pk}/"))
        publish(contact("vi"), intro="Vừa đổi.")
        editor.post(f"/quan-tri/ban-dich/{page.pk}/", form)
        assert not TranslationReview.objects.exists()
        editor.post(f"/quan-tri/ban-dich/{page.pk}/", {"text_version": "x", "source_version": ""})
        assert not TranslationReview.objects.exists()

    def test_only_who_may_publish_reviews(self, client: Client) -> None:
        path = f"/quan-tri/ban-dich/{contact('en').pk}/"
        assert client.get(path).status_code == 302
        for user in (make_user(), make_staff("contributor"), make_staff("moderator")):
            visitor = Client()
            visitor.force_login(user)
            assert visitor.get(path).status_code in {302, 403}
            assert visitor.post(path).status_code in {302, 403}
        assert not TranslationReview.objects.exists()

    def test_the_editor_finds_the_review_in_the_header_of_the_page(self) -> None:
        page = contact("en")
        editor = Client()
        editor.force_login(make_staff("editor"))
        link = f"/quan-tri/ban-dich/{page.pk}/"
        assert link in html_of(editor, f"/quan-tri/pages/{page.pk}/edit/")
        source = contact("vi")
        assert "/quan-tri/ban-dich/" not in html_of(editor, f"/quan-tri/pages/{source.pk}/edit/")
        assert "Xác nhận đã soát" not in html_of(editor, f"/quan-tri/ban-dich/{source.pk}/")

    def test_the_database_and_the_page_agree_on_every_state(self) -> None:
        states = {page.pk: page.state for page in selectors.translations()}
        assert states
        for page in Page.objects.filter(pk__in=states):
            assert selectors.standing_of(page).state == states[page.pk]

    def test_one_query_tells_of_every_language(self, client: Client) -> None:
        for path in ("/lien-he/", "/en/lien-he/", f"/en{untranslated()}"):
            html_of(client, path)
            with CaptureQueriesContext(connection) as asked:
                html_of(client, path)
            told = [query for query in asked if "translations_translationreview" in query["sql"]]
            assert len(told) == 1, path

    def test_every_article_the_site_begins_with_is_told_in_english_and_waits_for_a_reader(
        self, client: Client
    ) -> None:
        articles = NewsPage.objects.live().filter(locale__language_code="en")
        assert articles.count() == 4
        for page in articles:
            assert selectors.standing_of(page).state == State.UNREVIEWED, page.title
            html = html_of(client, page.url)
            assert '<div lang="vi">' not in html, page.title
            assert in_english(UNREVIEWED) in html, page.title
            source = selectors.source_of(page).specific
            assert digits(page) == digits(source), "no figure is lost or made up"


def digits(page: NewsPage) -> list[str]:
    """Return the figures of an article in order; days and decimals are written otherwise in English."""
    text = " ".join((page.title, page.intro, plain_text(page.body)))
    for english, vietnamese in (("1 July 2025", "01/07/2025"), ("November 2025", "11/2025")):
        text = text.replace(english, vietnamese)
    return sorted(re.findall(r"\d+", re.sub(r"(\d)[,.](\d)", r"\1\2", text)))


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+_version)" value="([^"]*)"', html))


def confirm(editor: Client, page: Page) -> None:
    path = f"/quan-tri/ban-dich/{page.pk}/"
    form = hidden(html_of(editor, path))
    assert set(form) == {"text_version", "source_version"}
    assert editor.post(path, form).status_code == 302


class TestEnglishPages:
    @pytest.mark.parametrize(
        ("path", "title"),
        [
            ("/en/su-kien/", "Events"),
            ("/en/giai-thuong/", "Awards"),
            ("/en/tin-tuc/", "News"),
            ("/en/van-ban/", "Documents"),
            ("/en/dich-vu/", "Services"),
            ("/en/lien-he/", "Contact"),
        ],
    )
    def test_the_lists_have_english_names(self, client: Client, path: str, title: str) -> None:
        html = html_of(client, path)
        assert f"<h1>{title}</h1>" in html
        assert in_english(UNTRANSLATED) not in html

    def test_an_article_nobody_translated_stands_in_below_its_english_list(
        self, client: Client
    ) -> None:
        untranslated()
        html = html_of(client, "/en/tin-tuc/")
        links = re.findall(r'href="(/en/tin-tuc/[^"?]+/)"><span lang="vi">', html)
        assert links
        assert in_english(UNTRANSLATED) in html_of(client, links[0])


class TestKhmer:
    def test_it_has_one_page_with_vietnamese_menus_around_it(self, client: Client) -> None:
        response = client.get("/km/")
        html = response.content.decode()
        assert response["Content-Language"] == "km"
        assert '<html lang="km"' in html
        assert '<body lang="vi"' in html
        assert '<div lang="km">' in html
        assert 'href="/danh-ba/"' in html
        assert 'href="/km/danh-ba/"' not in html
        assert 'href="/lien-he/"' in html
        assert switch(html) == {"vi": "/", "en": "/en/"}
        assert announced(html) == {"vi": "/", "en": "/en/", "km": "/km/", "x-default": "/"}
        assert UNREVIEWED in html

    def test_everything_else_in_khmer_leads_to_vietnamese(self, client: Client, entry: Any) -> None:
        for path in ("/danh-ba/?q=d%E1%BB%ABa", "/khong-co/", "/gioi-thieu/", address(entry)):
            answer = client.get(f"/km{path}")
            assert (answer.status_code, answer["Location"]) == (302, path)
        assert client.get("/km//evil.example/")["Location"] == "/evil.example/"

    def test_an_editor_may_add_a_page_in_khmer(self, client: Client) -> None:
        about = SectionPage.objects.get(slug="gioi-thieu", locale__language_code="vi")
        khmer = about.copy_for_translation(Locale.objects.get(language_code="km"))
        publish(khmer, title="អំពីយើង", slug="gioi-thieu")
        assert switch(html_of(client, "/gioi-thieu/"))["km"] == "/km/gioi-thieu/"
        assert "អំពីយើង" in html_of(client, "/km/gioi-thieu/")
