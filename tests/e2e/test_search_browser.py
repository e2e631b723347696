"""In a real browser: suggestions by keyboard, facets that keep their place, the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from registry.taxonomy.models import AdminUnit
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import axe_violations, in_anyones_way, leaving, swapping
from tests.factories.documents import document, fill_index

MARKET, DIRECTORY, EVERYTHING = "/thi-truong-cong-nghe/", "/danh-ba/", "/tim-kiem/"
#: The entries stand in the index alone; their addresses lead nowhere.
INVENTED = r"/mau/.*"
SECTORS = ("lua-gao", "dua", "nang-luong")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def catalogue(site):
    """Sixty offers, some organisations and laboratories."""
    fill_index(
        *(
            document(
                "offer",
                number,
                f"Máy sấy nông sản mẫu {number}",
                summary="Giữ gió sấy dưới 55 °C, mẻ 800 kg cơm dừa.",
                readiness=number % 9 + 1,
                payload={"trl": number % 9 + 1},
                facets={
                    "sector": (SECTORS[number % 3], "thu-hoach-say-lua" if number % 2 else "dua"),
                    "trl": (str(number % 9 + 1),),
                    "price_type": ("tham_khao" if number % 2 else "co_dinh",),
                },
            )
            for number in range(1, 61)
        ),
        document("offer", 90, "Công nghệ sinh học nhân giống dừa sáp", facets={"sector": ("dua",)}),
        *(
            document(
                "organisation", number, f"Cơ khí Bến Mẫu {number}", facets={"sector": ("dua",)}
            )
            for number in range(100, 110)
        ),
        document("lab", 120, "Phòng thí nghiệm bảo quản", facets={"sector": ("dua",)}),
    )


def tick(page: Page, parameter: str, code: str) -> None:
    """Tick a facet's value and wait for the new list."""
    with swapping(page):
        page.locator(f"#{parameter}-{code}").check(force=True)


def back(page: Page) -> None:
    """Go back once the page has come to rest: the step before may have loaded it anew."""
    page.wait_for_load_state()
    page.go_back()


def type_and_wait(page: Page, words: str) -> Locator:
    """Type into the search box, wait for the suggestions to all of it, and return the box."""
    box = page.get_by_role("combobox").first
    box.press_sequentially(words, delay=20)
    expect(page.get_by_role("listbox").first).to_have_attribute("data-answers", words)
    return box


class TestSuggestions:
    def test_typed_without_marks_chosen_by_keyboard(self, catalogue, open_page):
        page = open_page(EVERYTHING, refused=INVENTED)
        box = type_and_wait(page, "cong nghe sinh")
        wanted = page.get_by_role("option", name="Công nghệ sinh học nhân giống dừa sáp")
        expect(box).to_have_attribute("aria-expanded", "true")
        # First the question itself, then what answers it.
        box.press("ArrowDown")
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        box.press("ArrowDown")
        expect(wanted).to_have_attribute("aria-selected", "true")
        expect(wanted).to_have_id(box.get_attribute("aria-activedescendant") or "none")
        assert axe_violations(page) == []
        box.press("Enter")
        page.wait_for_url("**/mau/offer-90/")

    def test_escape_closes_and_enter_searches_what_was_typed(self, catalogue, open_page):
        page = open_page(MARKET)
        box = type_and_wait(page, "may say")
        expect(page.get_by_role("listbox")).to_be_visible()
        box.press("ArrowUp")
        expect(page.get_by_role("listbox").get_by_role("option").last).to_have_attribute(
            "aria-selected", "true"
        )
        box.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("may say")
        expect(box).not_to_have_attribute("aria-activedescendant", re.compile(""))
        box.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("60 công nghệ cho “may say”")

    def test_the_home_page_suggests_too(self, catalogue, open_page):
        page = open_page("/", refused=INVENTED)
        type_and_wait(page, "sap")
        page.get_by_role("option", name="Công nghệ sinh học nhân giống dừa sáp").click()
        page.wait_for_url("**/mau/offer-90/")


class TestFacets:
    def test_two_facets_then_back_and_forward(self, catalogue, open_page):
        page = open_page(MARKET + "?q=may+say")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile("^60"))
        tick(page, "linh-vuc", "lua-gao")
        expect(page).to_have_url(re.compile(r"\?linh-vuc=lua-gao&q=may\+say$"))
        expect(heading).to_have_text(re.compile("^40"))
        tick(page, "trl", "8")
        expect(page).to_have_url(re.compile(r"\?linh-vuc=lua-gao&q=may\+say&trl=8$"))
        expect(heading).to_have_text("3 công nghệ cho “may say”")
        expect(page.get_by_role("status")).to_contain_text("3 công nghệ cho “may say”")
        expect(page.get_by_role("link", name="Bỏ lọc TRL: 8")).to_be_visible()
        back(page)
        expect(heading).to_have_text(re.compile("^40"))
        expect(page.locator("#linh-vuc-lua-gao")).to_be_checked()
        expect(page.locator("#trl-8")).not_to_be_checked()
        back(page)
        expect(heading).to_have_text(re.compile("^60"))
        expect(page.locator("#linh-vuc-lua-gao")).not_to_be_checked()
        page.wait_for_load_state()
        page.go_forward()
        expect(heading).to_have_text(re.compile("^40"))

    def test_the_keyboard_keeps_its_place(self, catalogue, open_page):
        page = open_page(MARKET)
        page.locator("#gia-co_dinh").focus()
        with swapping(page):
            page.keyboard.press("Space")
        expect(page.get_by_role("link", name="Bỏ lọc Giá: Cố định")).to_be_visible()
        expect(page.locator("#gia-co_dinh")).to_be_focused()
        expect(page.locator("#gia-co_dinh")).to_be_checked()

    def test_what_was_closed_stays_closed(self, catalogue, open_page):
        page = open_page(MARKET)
        page.locator("#loc-trl summary").click()
        tick(page, "linh-vuc", "dua")
        expect(page.get_by_role("link", name="Bỏ lọc Lĩnh vực: Dừa")).to_be_visible()
        expect(page.locator("#loc-trl")).not_to_have_attribute("open", re.compile(""))

    def test_a_commune_is_found_by_its_old_district(self, catalogue, open_page):
        communes = AdminUnit.objects.filter(valid_to__isnull=True, type__in=["xa", "phuong"])
        wanted = communes.get(name_vi="Giồng Trôm")
        others = list(communes.exclude(pk=wanted.pk).order_by("code")[:12])
        fill_index(
            *(
                document("offer", 200 + at, f"Máy {at}", facets={"commune": (unit.code,)})
                for at, unit in enumerate([*others, wanted])
            )
        )
        page = open_page(MARKET)
        expect(page.locator(f"#xa-phuong-{wanted.code}")).to_be_hidden()
        page.get_by_label("Tìm trong bộ lọc Xã, phường").fill("huyen giong trom")
        expect(page.locator(f"#xa-phuong-{wanted.code}")).to_be_visible()
        expect(page.locator(f"#xa-phuong-{others[0].code}")).to_be_hidden()
        tick(page, "xa-phuong", wanted.code)
        expect(page).to_have_url(f"{page.url.split('?')[0]}?xa-phuong={wanted.code}")
        expect(page.get_by_label("Tìm trong bộ lọc Xã, phường")).to_have_value("huyen giong trom")
        page.get_by_label("Tìm trong bộ lọc Xã, phường").fill("khongcoxanay")
        expect(page.get_by_text("Không có giá trị nào khớp.")).to_be_hidden()
        expect(page.locator(f"#xa-phuong-{wanted.code}")).to_be_visible()

    def test_a_parent_shows_that_a_part_is_chosen(self, catalogue, open_page):
        page = open_page(MARKET + "?linh-vuc=thu-hoach-say-lua")
        parent = page.locator("#linh-vuc-lua-gao")
        expect(page.locator("#linh-vuc-thu-hoach-say-lua")).to_be_checked()
        expect(parent).to_be_checked(indeterminate=True)
        tick(page, "linh-vuc", "lua-gao")
        expect(page).to_have_url(re.compile("linh-vuc=lua-gao$"))

    def test_sorting_and_paging_without_a_reload(self, catalogue, open_page):
        page = open_page(MARKET + "?q=may+say")
        page.evaluate("window.untouched = true")
        with swapping(page):
            page.get_by_label("Sắp xếp").select_option("ten")
        expect(page).to_have_url(re.compile("sap-xep=ten"))
        with swapping(page):
            page.get_by_role("link", name="Sau").click()
        expect(page).to_have_url(re.compile("trang=2"))
        expect(page.locator("#ket-qua h1")).to_be_focused()
        expect(page).to_have_title(re.compile("trang 2"))
        tick(page, "linh-vuc", "dua")
        expect(page).to_have_url(re.compile(r"\?linh-vuc=dua&q=may\+say&sap-xep=ten$"))
        assert page.evaluate("window.untouched")

    def test_other_words_keep_the_filters(self, catalogue, open_page):
        page = open_page(MARKET)
        tick(page, "linh-vuc", "dua")
        expect(page.get_by_role("link", name="Bỏ lọc Lĩnh vực: Dừa")).to_be_visible()
        box = page.get_by_role("combobox", name="Tìm kiếm")
        box.fill("sinh hoc")
        with leaving(page):
            box.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("1 công nghệ")
        expect(page.get_by_role("link", name="Bỏ lọc Lĩnh vực: Dừa")).to_be_visible()


class TestPhone:
    def test_the_drawer(self, catalogue, open_page):
        page = open_page(MARKET, viewport=PHONE)
        expect(page.locator("#loc")).to_be_hidden()
        page.get_by_role("button", name="Bộ lọc").click()
        expect(page.locator("#loc")).to_be_visible()
        assert axe_violations(page) == []
        tick(page, "linh-vuc", "dua")
        see = page.locator("[data-apply]")
        expect(see).to_have_text("Xem 41 kết quả")
        expect(page.locator("#loc")).to_be_visible()
        see.click()
        expect(page.locator("#loc")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_have_text("41 công nghệ")
        expect(page.get_by_role("button", name="Bộ lọc (1 đang dùng)")).to_be_visible()

    @pytest.mark.parametrize("path", [MARKET, DIRECTORY, EVERYTHING + "?q=say&linh-vuc=dua"])
    def test_nothing_sticks_out(self, catalogue, open_page, path):
        page = open_page(path, viewport=PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]


class TestWithoutJavaScript:
    def test_search_narrow_and_turn_the_page(self, catalogue, open_page):
        page = open_page(EVERYTHING, javascript=False)
        page.fill("#q", "may say")
        with leaving(page):
            page.get_by_role("button", name="Tìm", exact=True).click()
        with leaving(page):
            page.get_by_role("link", name="Công nghệ 60").click()
        page.locator("#linh-vuc-lua-gao").check()
        with leaving(page):
            page.get_by_role("button", name=re.compile("^Xem 60 kết quả")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^40"))
        with leaving(page):
            page.get_by_role("link", name="Sau").click()
        expect(page.get_by_text("21–40 trong 40")).to_be_visible()
        with leaving(page):
            page.get_by_role("link", name="Xóa mọi bộ lọc").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^60"))


def test_everyone_can_use_the_pages(catalogue, open_page):
    page = open_page(MARKET, refused=r"/tim-kiem/\?loai=khong-co")
    for path in (
        MARKET + "?q=may+say&linh-vuc=lua-gao&trl=7,8",
        DIRECTORY,
        EVERYTHING + "?q=cong+nghe",
        EVERYTHING + "?q=khongcogihet&linh-vuc=dua",
        EVERYTHING + "?loai=khong-co",
    ):
        page.goto(path)
        assert in_anyones_way(page, PHONE, DESKTOP) == [], path
    # On a wide screen every kind shows, in the language with the longer names too.
    page.goto("/en" + EVERYTHING + "?q=vinh+long")
    assert page.locator(".searchhead .tabs").evaluate("tabs => tabs.scrollWidth - innerWidth") <= 0
    expect(page.get_by_role("link", name=re.compile("^Pages"))).to_be_in_viewport(ratio=1)
