"""A visitor searches: words, facets, tabs, pages, and what the page says when something is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from registry.taxonomy.models import AdminUnit
from search import forms, screen, sources
from search.contracts import SearchPage
from search.rooms import MARKET as MARKET_ROOM
from tests.factories import make_user
from tests.factories.documents import document, fill_index

pytestmark = pytest.mark.django_db

MARKET, DIRECTORY, EVERYTHING = "/thi-truong-cong-nghe/", "/danh-ba/", "/tim-kiem/"
HTMX = {"HX-Request": "true"}


def offer(number, title, *, sector=("lua-gao",), trl="7", **facets):
    return document(
        "offer",
        number,
        title,
        summary="Giữ gió sấy dưới 55 °C, mẻ 800 kg cơm dừa.",
        readiness=int(trl),
        facets={"sector": sector, "trl": (trl,), **facets},
    )


@pytest.fixture
def market():
    """Five dryers and a pump, one organisation and one laboratory."""
    fill_index(
        offer(1, "Máy sấy lúa vỉ ngang", trl="9"),
        offer(2, "Máy sấy cơm dừa", sector=("dua",), trl="8"),
        offer(3, "Máy sấy chuối", sector=("dua", "nang-luong"), trl="6"),
        offer(4, "Nhà sấy mặt trời", sector=("nang-luong",), trl="8"),
        offer(5, "Lò sấy thăng hoa", sector=("thu-hoach-say-lua",), trl="4"),
        offer(6, "Máy bơm nước mặn", sector=("lua-gao",), trl="9"),
        document("organisation", 7, "Cơ khí máy sấy Vàm Lộc", facets={"sector": ("dua",)}),
        document("lab", 8, "Phòng thí nghiệm bảo quản", facets={"sector": ("dua",)}),
    )


def get(client, path, query=None, **more):
    return client.get(path + ("?" + urlencode(query, doseq=True) if query else ""), **more)


def text_of(response):
    """The page as read: no tags, no no-break spaces."""
    html = response.content.decode().replace("\u00a0", " ")
    html = re.sub(r"<(script|title|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(r"</?(mark|b|span|i|u)\b[^>]*>", "", html)
    read = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" (?=[.,”;)])", "", read)


def heading(response):
    html = response.content.decode().replace("\u00a0", " ")
    return unescape(re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)[1])


def titles(response):
    html = response.content.decode()
    rows = re.findall(r'<ol class="rows".*?</ol>', html, re.DOTALL)
    found = re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", "".join(rows))
    # A heading keeps its compounds together with no-break spaces.
    return [unescape(re.sub(r"</?mark>", "", title)).replace("\xa0", " ") for title in found]


def links(response):
    return [unescape(url) for url in re.findall(r'href="([^"]*)"', response.content.decode())]


def option(response, parameter, code):
    """Return (label, count, checked) of a checkbox, or None when it is not offered."""
    found = re.search(
        rf'<input type="checkbox" id="{parameter}-{code}"[^>]*?( checked)?>'
        r"<span>(.*?)</span><b>([\d.]+)",
        response.content.decode(),
    )
    return found and (unescape(found[2]), int(found[3]), bool(found[1]))


class TestFinding:
    def test_without_diacritics(self, client, market):
        page = get(client, MARKET, {"q": "may say"})
        assert heading(page) == "5 công nghệ cho “may say”"
        assert "Máy sấy cơm dừa" in titles(page)
        assert "Nhà sấy mặt trời" not in titles(page), "it has one of the words only"
        assert "<mark>Máy sấy</mark>" in page.content.decode().replace("\xa0", " ").replace(
            "</mark> <mark>", " "
        )

    def test_every_kind_stands_in_the_search_over_all(self, client, market):
        page = get(client, EVERYTHING, {"q": "máy sấy"})
        assert heading(page).endswith("kết quả cho “máy sấy”")
        assert {"Máy sấy chuối", "Cơ khí máy sấy Vàm Lộc"} <= set(titles(page))

    def test_the_directory_lists_organisations_and_laboratories(self, client, market):
        page = get(client, DIRECTORY)
        assert heading(page) == "2 hồ sơ"
        assert set(titles(page)) == {"Cơ khí máy sấy Vàm Lộc", "Phòng thí nghiệm bảo quản"}

    def test_tabs_count_and_lead(self, client, market):
        page = get(client, MARKET, {"linh-vuc": "dua", "trl": "8"})
        assert titles(page) == ["Máy sấy cơm dừa"]
        read = text_of(page)
        # Elsewhere TRL says nothing, so those tabs count without it.
        assert "Tất cả 4 Công nghệ 1 Tổ chức 1 Phòng thí nghiệm 1" in read
        assert "/tim-kiem/?linh-vuc=dua&loai=to-chuc" in links(page)
        assert heading(get(client, EVERYTHING, {"linh-vuc": "dua"})) == "4 kết quả"

    def test_sorting(self, client, market):
        by_readiness = titles(get(client, MARKET, {"sap-xep": "trl"}))
        assert by_readiness[-1] == "Lò sấy thăng hoa"
        by_title = titles(get(client, MARKET, {"sap-xep": "ten"}))
        assert by_title == sorted(by_title, key=lambda title: title.casefold().replace("á", "a"))

    def test_the_row_shows_number_owner_place_price(self, client, market):
        read = text_of(get(client, MARKET, {"q": "cơm dừa"}))
        for shown in ("CN 0002", "Vàm Lộc (minh họa)", "Xã An Bình", "Giá: tham khảo", "TRL 7"):
            assert shown in read

    def test_offers_are_chosen_for_the_comparison_where_they_are_found(self, client, market):
        found = get(client, MARKET).content.decode()
        assert 'id="so-sanh" method="get" action="/so-sanh/"' in found
        assert re.search(r'type="checkbox" name="so" value="[^"]+" form="so-sanh"', found)
        assert 'action="/en/so-sanh/"' in get(client, "/en" + MARKET).content.decode()
        # Organisations stand side by side nowhere, and one offer alone is no comparison.
        for path, query in ((DIRECTORY, {}), (MARKET, {"q": "máy bơm nước mặn"})):
            assert 'form="so-sanh"' not in get(client, path, query).content.decode()

    def test_in_english_only_the_interface_changes(self, client, market):
        page = get(client, "/en" + MARKET, {"linh-vuc": "dua"})
        assert page.status_code == 200
        assert "Coconut" in option(page, "linh-vuc", "dua")[0]
        assert '<span lang="vi">Máy sấy cơm dừa</span>' in titles(page)
        assert '<html lang="en">' in page.content.decode()

    def test_an_untranslated_entry_has_its_labels_translated(self, client):
        codes = {"price_type": "co_dinh", "ip_status": "da_nop_don"}
        fill_index(document("offer", 1, "Máy sấy", payload={**codes, "price": "Cố định"}))
        read = text_of(get(client, "/en" + MARKET))
        assert "1 technology" in read
        assert "Price: fixed" in read
        assert "Application filed" in read
        assert "Cố định" not in read


class TestFacets:
    def test_or_inside_and_between(self, client, market):
        page = get(client, MARKET, {"linh-vuc": ["dua", "nang-luong"], "trl": "8"})
        assert set(titles(page)) == {"Máy sấy cơm dừa", "Nhà sấy mặt trời"}

    def test_counts_say_what_ticking_would_give(self, client, market):
        page = get(client, MARKET, {"trl": "8"})
        label, count, checked = option(page, "linh-vuc", "dua")
        assert (count, checked) == (1, False)
        assert label.startswith("Dừa")
        # The facet's own selection does not shorten its list.
        assert 'aria-label="TRL 9: 2 kết quả"' in page.content.decode()

    def test_a_sector_holds_its_second_level(self, client, market):
        assert option(get(client, MARKET), "linh-vuc", "thu-hoach-say-lua") is None
        page = get(client, MARKET, {"linh-vuc": "lua-gao"})
        assert len(titles(page)) == 3
        assert option(page, "linh-vuc", "thu-hoach-say-lua")[1:] == (1, False)

    def test_a_selected_value_stays_in_sight_at_zero(self, client, market):
        page = get(client, MARKET, {"q": "bơm", "linh-vuc": "dua"})
        assert option(page, "linh-vuc", "dua")[1:] == (0, True)
        assert '<label class="opt none"' in page.content.decode()

    def test_chips_take_filters_away_and_runs_of_a_scale_stand_together(self, client, market):
        page = get(client, MARKET, {"q": "sấy", "linh-vuc": "dua", "trl": "6,8,9", "utm_id": "1"})
        read = text_of(page)
        assert "Bỏ lọc Lĩnh vực: Dừa" in read
        assert "Bỏ lọc TRL: 6" in read
        assert "Bỏ lọc TRL: 8–9" in read
        assert "Bộ lọc (3 đang dùng)" in read
        base = MARKET + "?linh-vuc=dua&q=s%E1%BA%A5y"
        assert f"{base}&trl=6" in links(page)
        assert MARKET + "?q=s%E1%BA%A5y" in links(page)

    def test_a_long_list_is_found_by_old_names_without_javascript(self, client):
        units = list(
            AdminUnit.objects.filter(valid_to__isnull=True, type__in=["xa", "phuong"])[:20]
        )
        wanted = AdminUnit.objects.get(name_vi="Giồng Trôm", valid_to__isnull=True, type="xa")
        units = [unit for unit in units if unit != wanted] + [wanted]
        fill_index(
            *(
                offer(number, f"Máy {number}", commune=(unit.code,))
                for number, unit in enumerate(units, 1)
            )
        )
        page = get(client, MARKET)
        assert 'name="tim-xa-phuong"' in page.content.decode()
        assert "Xem thêm" in text_of(page)
        narrowed = get(client, MARKET, {"tim-xa-phuong": "huyen giong trom"})
        assert option(narrowed, "xa-phuong", wanted.code)
        assert option(narrowed, "xa-phuong", units[0].code) is None
        kept = get(client, MARKET, {"tim-xa-phuong": "giong trom", "xa-phuong": units[0].code})
        assert option(kept, "xa-phuong", units[0].code)[2], "what is selected is never lost"

    def test_all_thirteen_facets_in_few_queries(self, client, market):
        path = MARKET + "?q=sấy&linh-vuc=dua&trl=8"
        # On PostgreSQL each search also asks whether its own transaction has written something.
        most = 12 if connection.vendor == "sqlite" else 15
        client.get(path)
        for address in (path, MARKET, EVERYTHING + "?q=sấy", MARKET + "?linh-vuc=dua&trl=1&q=bơm"):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            assert len(asked) <= most, address


class TestPages:
    @pytest.mark.parametrize("query", [{}, {"q": "máy"}, {"sap-xep": "ten"}, {"sap-xep": "trl"}])
    def test_pages_never_overlap(self, client, query):
        fill_index(*(offer(number, f"Máy sấy mẫu {number % 7}") for number in range(1, 64)))
        seen = []
        for number in range(1, 5):
            page = get(client, MARKET, {**query, "trang": number})
            assert page.status_code == 200
            seen += re.findall(r"/mau/offer-\d+/", page.content.decode())
        assert len(seen) == len(set(seen)) == 63

    def test_the_foot_says_where_and_when(self, client):
        fill_index(*(offer(number, f"Máy sấy {number}") for number in range(1, 31)))
        page = get(client, MARKET, {"trang": 2})
        assert re.search(r"21–30 trong 30 · lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}", text_of(page))
        assert '<ol class="rows" start="21"' in page.content.decode()

    def test_past_the_last_page(self, client, market):
        page = get(client, MARKET, {"q": "sấy", "trang": 9})
        assert page.status_code == 404
        assert "Danh sách này có 1 trang." in text_of(page)
        assert MARKET + "?q=s%E1%BA%A5y" in links(page)

    def test_deeper_than_any_list(self, client, market):
        page = get(client, MARKET, {"trang": "9" * 40})
        assert page.status_code == 404
        assert "Chỉ xem được 2000 kết quả đầu" in text_of(page)


class TestNothingFound:
    def test_shows_which_filter_stands_in_the_way(self, client, market):
        page = get(client, MARKET, {"q": "bơm", "linh-vuc": "dua"})
        assert heading(page) == "Không có kết quả cho “bơm”"
        assert "Bỏ lọc Lĩnh vực (1 kết quả)" in text_of(page)
        assert MARKET + "?q=b%C6%A1m" in links(page)

    def test_few_words_are_left_out_and_said(self, client, market):
        page = get(client, MARKET, {"q": "máy sấy zzkhongco"})
        assert "Không kết quả nào chứa đủ từ; đã bỏ “zzkhongco”." in text_of(page)
        assert titles(page)

    def test_synonyms_are_said_and_can_be_left_out(self, client):
        fill_index(offer(1, "Công nghệ sinh học cho tôm"))
        page = get(client, MARKET, {"q": "CNSH"})
        assert titles(page) == ["Công nghệ sinh học cho tôm"]
        assert "Đã tìm cả: “công nghệ sinh học”" in text_of(page)
        assert MARKET + "?nguyen-van=1&q=CNSH" in links(page)
        assert titles(get(client, MARKET, {"q": "CNSH", "nguyen-van": "1"})) == []

    def test_an_empty_index(self, client):
        page = get(client, MARKET)
        assert page.status_code == 200
        assert heading(page) == "Không có kết quả"


class TestWhatTheEngineNoticed:
    def said(self, **noticed):
        """The list as read, for an answer in which the engine noticed something."""
        asked = forms.read(QueryDict(urlencode({"q": "coong nghej", "trl": "8"})), MARKET_ROOM)
        page = SearchPage(hits=(), total=3, page=1, page_size=20, **noticed)
        shown = screen.build(asked, page, "vi", "public", {})
        return HttpResponse(render_to_string("search/results.html", {"screen": shown}))

    def test_another_spelling(self, client):
        page = self.said(suggestion="công nghệ")
        assert "Có phải bạn tìm “ công nghệ”?" in text_of(page)
        assert MARKET + "?q=c%C3%B4ng+ngh%E1%BB%87&trl=8" in links(page)

    def test_keys_typed_without_the_input_method(self, client):
        page = self.said(decoded="công nghệ")
        assert "Hiển thị kết quả cho “công nghệ”; tìm nguyên văn “coong nghej”." in text_of(page)
        assert MARKET + "?nguyen-van=1&q=coong+nghej&trl=8" in links(page)

    def test_a_word_taken_for_another(self, client):
        page = self.said(slipped=("coong", "nghej"))
        said = "Đã tìm từ gần giống với “coong”, “nghej”. Chỉ tìm nguyên văn"
        assert said in text_of(page)
        assert MARKET + "?nguyen-van=1&q=coong+nghej&trl=8" in links(page)

    def test_the_engine_is_down(self, client):
        said = "Tìm kiếm đang gián đoạn; kết quả có thể thiếu."
        assert said in text_of(self.said(degraded=True))
        assert said not in text_of(self.said())


class TestAddresses:
    def test_the_canonical_address_is_named(self, client, market):
        page = get(client, MARKET, {"trl": ["9", "8"], "q": "sấy", "utm_source": "zalo"})
        assert (
            '<link rel="canonical" href="http://testserver/thi-truong-cong-nghe/'
            '?q=s%E1%BA%A5y&amp;trl=8,9"' in page.content.decode()
        )

    def test_beyond_two_facets_search_engines_stay_out(self, client, market):
        two = {"linh-vuc": "dua", "trl": "8"}
        noindex = '<meta name="robots" content="noindex"'
        assert noindex not in get(client, MARKET, two).content.decode()
        assert noindex in get(client, MARKET, {**two, "gia": "tham_khao"}).content.decode()

    def test_the_form_works_without_javascript(self, client, market):
        html = get(client, MARKET, {"q": "sấy", "nguyen-van": "1"}).content.decode()
        form = re.search(r'<form class="drawer".*?</form>', html, re.DOTALL)[0]
        assert f'action="{MARKET}"' in form
        assert '<input type="hidden" name="q" value="sấy"' in form
        assert '<input type="hidden" name="nguyen-van" value="1"' in form
        assert re.search(r"<button class=\"btn w\" data-apply>Xem \d+ kết quả</button>", form)

    def test_no_inline_style_or_script(self, client, market):
        html = get(client, MARKET, {"q": "sấy"}).content.decode()
        assert " style=" not in html
        assert not re.search(r"<script(?![^>]*(\bsrc=|application/ld\+json))", html)
        assert not re.search(r"\son\w+=", html)


class TestHtmx:
    def test_the_same_address_gives_the_moving_parts(self, client, market):
        part = get(client, MARKET, {"q": "sấy", "linh-vuc": "dua", "trang": ""}, headers=HTMX)
        html = part.content.decode()
        assert "<html" not in html
        assert "HX-Request" in part["Vary"]
        assert "no-store" in part["Cache-Control"]
        assert part["HX-Push-Url"] == MARKET + "?linh-vuc=dua&q=s%E1%BA%A5y"
        for moving in ("loai-ket-qua", "dem-bo-loc", "giu-bo-loc", "cac-bo-loc", "loi-ket-qua"):
            assert f'id="{moving}" hx-swap-oob="innerHTML"' in html
        whole = get(client, MARKET, {"q": "sấy", "linh-vuc": "dua"})
        assert titles(whole) == titles(part)
        assert "HX-Request" in whole["Vary"]

    def test_history_is_restored_with_a_whole_page(self, client, market):
        page = get(client, MARKET, headers={**HTMX, "HX-History-Restore-Request": "true"})
        assert "<html" in page.content.decode()

    def test_what_is_wrong_is_said_in_the_list(self, client, market):
        part = get(client, MARKET, {"trang": 7}, headers=HTMX)
        assert part.status_code == 404
        assert "<html" not in part.content.decode()
        assert "Danh sách này có 1 trang." in text_of(part)


class TestBadInput:
    @pytest.mark.parametrize("path", [EVERYTHING, DIRECTORY, MARKET, "/goi-y/", "/en/tim-kiem/"])
    @pytest.mark.parametrize(
        "query",
        [
            "q=%00",
            "q=m%C3%A1y%00s%E1%BA%A5y",
            "q=%FF%FE%80",
            "q=%ED%A0%80",
            "q=" + "a" * 10_000,
            "q=" + "%CC%81" * 3_000,
        ],
    )
    def test_unreadable_words(self, client, path, query):
        page = client.get(f"{path}?{query}")
        assert page.status_code == 400
        assert 'role="alert"' in page.content.decode()

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("linh-vuc=khong-co", "Bộ lọc Lĩnh vực không có giá trị “khong-co”."),
            ("trl=10", "Bộ lọc TRL không có giá trị “10”."),
            ("xa-phuong=%00", "Bộ lọc Xã, phường không có giá trị"),
            ("loai=to-chuc", "Trang này không có loại kết quả “to-chuc”."),
            ("sap-xep=gia", "Không có cách sắp xếp “gia”."),
            ("trang=mot", "Số trang phải từ 1 trở lên."),
            ("tim-xa-phuong=%00", "ký tự không đọc được"),
            ("q=" + "+".join("abcdefghij" * 5), "có quá 40 từ"),
            ("&".join(f"x{n}=1" for n in range(3_000)), "quá nhiều tham số"),
        ],
    )
    def test_unknown_values_are_named(self, client, market, query, said):
        page = client.get(f"{MARKET}?{query}")
        assert page.status_code == 400
        assert said in text_of(page)

    @pytest.mark.parametrize(
        "words",
        ['"', "'", 'a" OR 1=1 --', "NEAR(a b)", "*", "a*", "(((", "col:a", "-a", "%", "\\", "{}"],
    )
    def test_quotes_and_operators_are_only_words(self, client, market, words):
        assert get(client, EVERYTHING, {"q": words}).status_code in {200, 400}
        assert get(client, "/goi-y/", {"q": words}, headers=HTMX).status_code == 200

    def test_unknown_parameters_are_ignored(self, client, market):
        page = get(client, MARKET, {"fbclid": "x", "utm_source": "\x00", "linhvuc": "dua"})
        assert page.status_code == 200
        assert len(titles(page)) == 6

    def test_script_never_runs(self, client):
        evil = "<script>alert(1)</script>"
        fill_index(offer(1, f"Máy {evil} sấy"), offer(2, 'Máy "><img src=x onerror=alert(1)>'))
        for path in (EVERYTHING, MARKET, "/goi-y/"):
            for words in ("máy", f"máy {evil}", '"><svg onload=alert(1)>'):
                html = get(client, path, {"q": words}, headers=HTMX).content.decode()
                assert "<script>alert" not in html
                assert "<img" not in html
                assert "<svg onload" not in html
        assert "&lt;" in get(client, MARKET, {"q": "máy"}).content.decode()
        html = get(client, MARKET, {"linh-vuc": evil}).content.decode()
        assert evil not in html

    def test_only_reading(self, client):
        assert client.post(MARKET).status_code == 405

    def test_numbers_of_values_have_an_end(self, client, market):
        codes = AdminUnit.objects.filter(valid_to__isnull=True, type__in=["xa", "phuong"])
        many = ",".join(codes.values_list("code", flat=True)[:61])
        assert "tối đa 60 giá trị" in text_of(get(client, MARKET, {"xa-phuong": many}))


class TestSuggestions:
    def test_rows_stand_under_their_kind(self, client, market):
        part = get(client, "/goi-y/", {"q": "may sa"}, headers=HTMX)
        html = part.content.decode()
        assert part.status_code == 200
        assert "max-age=60" in part["Cache-Control"]
        assert html.count('role="option"') <= 8
        assert 'role="group"' in html
        assert "Máy sấy chuối" in text_of(part)
        assert text_of(part).index("Công nghệ") < text_of(part).index("Máy sấy")

    def test_a_sector_leads_to_its_list(self, client, market):
        part = get(client, "/goi-y/", {"q": "lua gao"}, headers=HTMX)
        assert EVERYTHING + "?linh-vuc=lua-gao" in links(part)

    def test_opened_as_a_page_it_leads_to_the_search(self, client, market):
        page = get(client, "/goi-y/", {"q": " máy  sấy "})
        assert page.status_code == 302
        assert page["Location"] == EVERYTHING + "?q=m%C3%A1y+s%E1%BA%A5y"

    def test_nothing_typed(self, client, market):
        assert get(client, "/goi-y/", {"q": ""}, headers=HTMX).content.decode().strip() == ""


class TestMembers:
    def test_what_opens_after_signing_in_is_named(self, client, market, monkeypatch):
        spec = replace(
            sources.facet("price_type"),
            name="price_band",
            parameter="khoang-gia",
            label="Khoảng giá",
            audience="registered",
        )
        monkeypatch.setitem(sources._facets, "price_band", spec)
        page = get(client, MARKET)
        assert "Khoảng giá hiện sau khi đăng nhập." in text_of(page)
        client.force_login(make_user())
        assert "hiện sau khi" not in text_of(get(client, MARKET))
