"""Pages that editors write, in two languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from cms.images import SiteImage
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import HomePage, StandardPage
from tests.factories import make_staff, make_user
from tests.integration.editor_support import untranslated
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A new site with its first pages."""
    cache.clear()
    load_site()


def html_of(client: Client, path: str, status: int = 200) -> str:
    """Return the page at a path, which must answer with that status."""
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def new_page(**values: Any) -> StandardPage:
    """Return a published page below the Vietnamese home page."""
    home = HomePage.objects.get(locale__language_code="vi")
    page: StandardPage = home.add_child(instance=StandardPage(live=False, **values))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


class TestFirstSite:
    def test_loading_again_changes_nothing_and_keeps_what_editors_wrote(self) -> None:
        page = StandardPage.objects.get(slug="du-lieu-ca-nhan", locale__language_code="vi")
        page.intro = "Lời của biên tập viên."
        page.save_revision().publish()
        before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision"))
        call_command("load_site", verbosity=0)
        assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision")) == before
        page.refresh_from_db()
        assert page.intro == "Lời của biên tập viên."

    def test_both_languages_have_a_front_page(self, client: Client) -> None:
        vietnamese, english = html_of(client, "/"), html_of(client, "/en/")
        assert '<html lang="vi">' in vietnamese
        assert '<html lang="en">' in english
        assert "see the whole delta" in english.replace("\u00a0", " ")

    @pytest.mark.parametrize(
        "slug",
        [
            "gioi-thieu",
            "dich-vu",
            "van-ban",
            "lien-he",
            "du-lieu-ca-nhan",
            "kha-nang-tiep-can",
            "tin-tuc",
        ],
    )
    def test_every_page_of_the_menus_answers(self, client: Client, slug: str) -> None:
        assert f'href="/{slug}/"' in html_of(client, "/")
        html_of(client, f"/{slug}/")

    def test_legal_documents_name_number_date_issuer_and_source(self, client: Client) -> None:
        html = html_of(client, "/van-ban/")
        for part in ("569/QĐ-TTg", "11/05/2022", "Thủ tướng Chính phủ"):
            assert part in html
        assert "Kế hoạch 1925/QĐ-UBND" in html_of(client, "/van-ban/569-qd-ttg/")

    def test_news_names_its_source(self, client: Client) -> None:
        assert "thanhnien.vn" in html_of(client, "/tin-tuc/vinh-long-xep-17-34-pii-2025/")


class TestLanguages:
    def test_a_page_without_translation_says_so_and_marks_its_language(
        self, client: Client
    ) -> None:
        html = html_of(client, f"/en{untranslated()}")
        assert "tnote" in html
        assert '<div lang="vi">' in html

    def test_a_translated_page_carries_no_notice(self, client: Client) -> None:
        assert '<div lang="vi">' not in html_of(client, "/en/")

    def test_the_switch_stays_on_the_page(self, client: Client) -> None:
        assert 'href="/en/van-ban/" lang="en"' in html_of(client, "/van-ban/")
        assert 'href="/van-ban/" lang="vi"' in html_of(client, "/en/van-ban/")

    def test_the_switch_follows_a_translation_with_its_own_address(self, client: Client) -> None:
        page = new_page(title="Câu hỏi", slug="cau-hoi")
        english = HomePage.objects.get(locale__language_code="en").locale
        twin = page.copy_for_translation(english)
        twin.slug = "questions"
        twin.save_revision().publish()
        assert 'href="/en/questions/" lang="en"' in html_of(client, "/cau-hoi/")

    def test_a_stand_in_names_the_vietnamese_page_as_the_one_to_keep(self, client: Client) -> None:
        source = untranslated()
        html = html_of(client, f"/en{source}")
        canonical = html.split('rel="canonical" href="')[1].split('"')[0]
        assert canonical.endswith(source)
        assert "/en/" not in canonical

    def test_a_new_vietnamese_page_soon_stands_in_english_too(self, client: Client) -> None:
        new_page(title="Trang mới", slug="trang-moi")
        call_command("load_site", verbosity=0)
        html_of(client, "/en/trang-moi/")


class TestMenus:
    def test_a_page_joins_the_menu_when_published_and_leaves_when_hidden(
        self, client: Client
    ) -> None:
        html_of(client, "/")
        page = new_page(title="Hỏi đáp", slug="hoi-dap-them", menu="centre")
        assert 'href="/hoi-dap-them/"' in html_of(client, "/")
        page.unpublish()
        assert 'href="/hoi-dap-them/"' not in html_of(client, "/")

    def test_a_draft_is_in_no_menu_and_answers_404(self, client: Client) -> None:
        home = HomePage.objects.get(locale__language_code="vi")
        home.add_child(
            instance=StandardPage(title="Bản thảo", slug="ban-thao", menu="main", live=False)
        )
        assert "Bản thảo" not in html_of(client, "/")
        html_of(client, "/ban-thao/", 404)

    def test_visitors_are_offered_to_sign_in_and_members_their_desk(self, client: Client) -> None:
        assert "Đăng nhập" in html_of(client, "/gioi-thieu/")
        client.force_login(make_user())
        html = html_of(client, "/gioi-thieu/")
        assert "Bàn làm việc" in html
        assert "Quản trị" not in html


class TestBlocks:
    def test_a_page_survives_the_loss_of_its_image_document_and_link(self, client: Client) -> None:
        body = [
            {"type": "picture", "value": {"image": 999_999, "alt": "", "caption": "Còn chữ"}},
            {"type": "document", "value": {"document": 999_999, "note": ""}},
            {
                "type": "links",
                "value": {"title": "", "links": [{"label": "Đâu đó", "page": 999_999}]},
            },
            {"type": "no_such_block", "value": "cũ"},
            {"type": "text", "value": "<p>Vẫn đọc được.</p>"},
        ]
        new_page(title="Trang cũ", slug="trang-cu", body=json.dumps(body))
        assert "Vẫn đọc được." in html_of(client, "/trang-cu/")

    def test_cells_of_a_table_are_text(self, client: Client) -> None:
        table = {"data": [["<script>alert(1)</script>", "Ô"]], "table_caption": "Bảng"}
        new_page(title="Bảng", slug="bang", body=json.dumps([{"type": "table", "value": table}]))
        html = html_of(client, "/bang/")
        assert "&lt;script&gt;alert(1)" in html

    def test_the_image_of_the_site_has_an_alternative_text(self) -> None:
        from wagtail.images import get_image_model

        assert get_image_model() is SiteImage
        assert SiteImage(title="tep.jpg", description="Lò gạch bên sông").default_alt_text == (
            "Lò gạch bên sông"
        )


class TestNews:
    def test_newest_first_and_no_page_past_the_last(self, client: Client) -> None:
        index = NewsIndexPage.objects.get(locale__language_code="vi")
        for number in range(14):
            page = index.add_child(
                instance=NewsPage(title=f"Tin số {number}", intro="Ngắn.", live=False)
            )
            page.save_revision().publish()
        first = html_of(client, "/tin-tuc/")
        assert first.index("Tin số 13") < first.index("Tin số 9")
        assert "?trang=2" in first
        html_of(client, "/tin-tuc/?trang=2")
        html_of(client, "/tin-tuc/?trang=3", 404)
        html_of(client, "/tin-tuc/?trang=%00", 404)


class TestEditors:
    def test_an_editor_writes_and_publishes_a_page_in_the_admin(self, client: Client) -> None:
        client.force_login(make_staff("editor"))
        index = NewsIndexPage.objects.get(locale__language_code="vi")
        add = f"/quan-tri/pages/add/news/newspage/{index.pk}/"
        assert "Ngày đăng" in html_of(client, add)
        response = client.post(
            add,
            {
                "title": "Tin thử",
                "slug": "tin-thu",
                "date": "2026-11-24",
                "intro": "Một dòng.",
                "kind": "tin",
                "body-count": "0",
                "evidence-count": "0",
                "source": "",
                "seo_title": "",
                "search_description": "",
                "comments-TOTAL_FORMS": "0",
                "comments-INITIAL_FORMS": "0",
                "action-publish": "action-publish",
            },
        )
        assert response.status_code == 302
        assert "Một dòng." in html_of(client, "/tin-tuc/tin-thu/")

    def test_a_visitor_does_not_reach_the_admin(self, client: Client) -> None:
        assert client.get("/quan-tri/pages/").status_code in {302, 403}

    def test_there_is_one_site_with_the_home_page_as_its_root(self) -> None:
        assert Site.objects.get().root_page.specific_class is HomePage
