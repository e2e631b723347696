"""What stands around every page, and the pages for when things go wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from portal.errors import server_error
from tests.factories import make_user
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> None:
    """A site with its first pages."""
    cache.clear()
    load_site()


@pytest.mark.usefixtures("site")
class TestShell:
    def test_a_page_asks_for_one_style_sheet_and_nothing_from_elsewhere(
        self, client: Client
    ) -> None:
        html = client.get("/gioi-thieu/").content.decode()
        assert html.count('rel="stylesheet"') == 1
        loaded = re.findall(r'<(?:script|img|use)[^>]+(?:src|href)="([^"]+)"', html)
        loaded += re.findall(r'<link rel="(?:icon|preload|stylesheet)" href="([^"]+)"', html)
        assert len(loaded) > 5
        assert [address for address in loaded if not address.startswith("/static/")] == []

    def test_the_first_link_leads_past_the_menus(self, client: Client) -> None:
        html = client.get("/").content.decode()
        assert html.index('href="#noi-dung"') < html.index('class="mast')

    def test_address_title_and_language_are_told_to_search_engines(self, client: Client) -> None:
        html = client.get("/lien-he/?fbclid=1").content.decode()
        assert '<link rel="canonical" href="http://' in html
        assert "fbclid" not in html.split('rel="canonical"')[1].split(">")[0]
        assert 'hreflang="en"' in html
        assert 'property="og:title"' in html

    def test_robots_may_read_the_catalogue_and_not_the_desk(self, client: Client) -> None:
        text = client.get("/robots.txt").content.decode()
        assert "Disallow: /quan-tri/" in text
        assert "Disallow: /ban-lam-viec/" in text

    def test_a_browser_beside_a_feed_finds_the_drawing_of_the_site(self, client: Client) -> None:
        answer = client.get("/favicon.ico")
        assert answer.status_code == 302
        assert finders.find(answer["Location"].removeprefix("/static/")), answer["Location"]

    def test_the_demo_notice_follows_the_setting(self, client: Client, settings: Any) -> None:
        assert "không phải dữ liệu thật" not in client.get("/gioi-thieu/").content.decode()
        settings.HUB_DEMO = True
        assert "không phải dữ liệu thật" in client.get("/gioi-thieu/").content.decode()


class TestPlates:
    def test_each_sector_has_its_plate_and_the_second_level_that_of_the_first(self) -> None:
        from registry.taxonomy.models import Term

        tops = Term.objects.filter(vocabulary_id="sector", broader__isnull=True)
        for top in tops:
            html = Template("{% load hub %}{% plate code %}").render(Context({"code": top.code}))
            assert f"plates/{top.code}.svg" in html
        html = Template("{% load hub %}{% plate 'giong-lua' %}").render(Context())
        assert "plates/lua-gao.svg" in html

    @pytest.mark.parametrize("code", ["", None, "khong-co", "../../logo", "<script>"])
    def test_any_other_code_gets_the_delta(self, code: Any) -> None:
        html = Template("{% load hub %}{% plate code %}").render(Context({"code": code}))
        assert "plates/chau-tho.svg" in html


class TestFailures:
    def test_an_unknown_address_offers_the_search(self, client: Client) -> None:
        response = client.get("/khong-co-trang-nay/")
        assert response.status_code == 404
        html = response.content.decode()
        assert "Không tìm thấy trang; thử tìm kiếm." in html.replace("\xa0", " ")
        assert 'action="/tim-kiem/"' in html

    @pytest.mark.parametrize("path", ["/%00/", "/%C3%28/", "/" + "a" * 5000 + "/", "/%ED%A0%80/"])
    def test_broken_addresses_are_the_visitors_mistake(self, client: Client, path: str) -> None:
        assert 400 <= client.get(path).status_code < 500

    def test_a_form_sent_without_its_token_is_told_what_to_do(self) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/tai-khoan/login/", {"login": "a@mau.example", "password": "x"})
        assert response.status_code == 403
        assert "tải lại trang" in response.content.decode()

    def test_our_own_failure_asks_no_database_and_names_a_code(
        self, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(0):
            response = server_error(RequestFactory().get("/"))
        assert response.status_code == 500
        read = response.content.decode().replace("\xa0", " ")
        assert re.search(r"Lỗi phía Trung tâm; mã [0-9a-f]{8}\.", read)

    def test_a_removed_entry_says_when_and_why(self) -> None:
        from datetime import date

        html = render_to_string(
            "410.html", {"removed_on": date(2026, 11, 24), "reason": "Hồ sơ trùng"}
        )
        assert "Hồ sơ đã gỡ ngày 24/11/2026." in html.replace("\xa0", " ")
        assert "Lý do: Hồ sơ trùng." in html

    def test_too_many_requests_say_how_long_to_wait(self) -> None:
        assert "thử lại sau 60 giây" in render_to_string("429.html", {})


class TestAccountPages:
    @pytest.mark.parametrize(
        "path",
        [
            "login/",
            "signup/",
            "password/reset/",
            "password/reset/done/",
            "confirm-email/",
            "inactive/",
        ],
    )
    def test_visitors_read_them_in_vietnamese_and_our_layout(
        self, client: Client, path: str
    ) -> None:
        response = client.get(f"/tai-khoan/{path}")
        assert response.status_code == 200
        html = response.content.decode()
        assert 'class="mast deep"' in html
        assert not re.search(r">\s*(Sign|Log|Password|Please|E-?mail addresses|Forgot)", html)

    @pytest.mark.parametrize(
        "path", ["email/", "password/change/", "2fa/", "logout/", "reauthenticate/"]
    )
    def test_members_too(self, client: Client, path: str) -> None:
        client.force_login(make_user())
        response = client.get(f"/tai-khoan/{path}", follow=True)
        assert response.status_code == 200
        html = response.content.decode()
        assert 'class="mast deep"' in html
        assert not re.search(r">\s*(Sign|Log|Password|Please|Change|Confirm|Two)", html)

    def test_a_wrong_password_is_summed_up_and_tied_to_the_form(self, client: Client) -> None:
        response = client.post("/tai-khoan/login/", {"login": "", "password": ""})
        html = response.content.decode()
        assert "Có 2 chỗ cần sửa." in html
        assert 'href="#id_login"' in html
