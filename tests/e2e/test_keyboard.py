"""Everything without a mouse: the way past the menu, suggestions, filters, the colour scheme.

Each test walks a whole way through one site, as loading a site costs more than walking through it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import leaving, swapping
from tests.factories.documents import document, fill_index

pytestmark = pytest.mark.django_db(transaction=True)

MARKET = "/thi-truong-cong-nghe/"
#: How far the longest way with the tab key may be before we say that it leads nowhere.
MANY = 80


@pytest.fixture
def catalogue(site: str) -> None:
    """Forty offers of two sectors, enough for a second page."""
    fill_index(
        *(
            document(
                "offer",
                number,
                f"Máy sấy nông sản mẫu {number}",
                readiness=7,
                payload={"trl": 7},
                facets={"sector": ("dua" if number % 2 else "lua-gao",), "trl": ("7",)},
            )
            for number in range(1, 41)
        )
    )


def active(page: Page, what: str) -> str:
    """Return something of the element that has the focus, as JavaScript names it."""
    return str(page.evaluate(f"document.activeElement.{what}"))


def tab_to(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press the tab key until the focus is on the element; fail when it never comes there."""
    for _ in range(MANY):
        page.keyboard.press(key)
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    pytest.fail(f"the tab key does not lead to {selector}")


def test_past_the_menu_to_a_technology_by_its_suggestion(
    open_page: Callable[..., Page], catalogue: None
) -> None:
    page = open_page("/", viewport=DESKTOP)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#noi-dung")).to_be_focused()
    tab_to(page, "[role=combobox]")

    box, options = page.get_by_role("combobox").first, page.get_by_role("listbox").first
    box.press_sequentially("may say", delay=20)
    expect(options).to_have_attribute("data-answers", "may say")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"[id='{first}']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") not in (None, first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None, "above the first lies the box itself"
    page.keyboard.press("Escape")
    expect(options).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("may say")

    page.keyboard.press("ArrowDown")
    expect(options).to_be_visible()
    page.keyboard.press("ArrowDown")
    address = page.locator("[role=option][aria-selected=true]").get_attribute("href") or ""
    with leaving(page):
        page.keyboard.press("Enter")
    assert page.url.endswith(address)


def test_filters_of_a_phone_take_the_focus_keep_it_and_give_it_back(
    open_page: Callable[..., Page], catalogue: None
) -> None:
    page = open_page(MARKET, viewport=PHONE)
    tab_to(page, "details.menu summary")
    page.keyboard.press("Enter")
    expect(page.locator("details.menu ul")).to_be_visible()
    tab_to(page, "details.menu a")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu ul")).to_be_hidden()
    expect(page.locator("details.menu summary")).to_be_focused()

    opener, drawer = page.locator("button.facetbtn"), page.locator("#loc")
    tab_to(page, "button.facetbtn")
    page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    expect(drawer.locator(".x button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(drawer.locator("[data-apply]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(drawer.locator(".x button")).to_be_focused()
    tab_to(page, "#loc input[type=checkbox]")
    with swapping(page):
        page.keyboard.press("Space")
    assert page.evaluate("document.getElementById('loc').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_new_results_leave_the_focus_and_say_how_many_they_are(
    open_page: Callable[..., Page], catalogue: None
) -> None:
    page = open_page(MARKET, viewport=DESKTOP)
    tab_to(page, "#loc input[name=linh-vuc]")
    ticked = active(page, "id")
    with swapping(page):
        page.keyboard.press("Space")
    assert active(page, "id") == ticked
    expect(page.locator("#loi-ket-qua")).to_have_text("20 công nghệ")
    with swapping(page):
        page.keyboard.press("Space")
    expect(page.locator("#loi-ket-qua")).to_have_text("40 công nghệ")

    tab_to(page, "nav.pg a")
    with swapping(page):
        page.keyboard.press("Enter")
    expect(page.locator("#ket-qua h1")).to_be_focused()


def test_light_or_dark_is_chosen_kept_and_given_back_to_the_machine(
    open_page: Callable[..., Page], site: str
) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page = open_page("/gioi-thieu/", viewport=DESKTOP, scheme="light")
    light = page.evaluate(ground)
    page.locator(".theme [value=dark]").focus()
    page.keyboard.press("Enter")
    dark = page.evaluate(ground)
    assert dark != light
    expect(page.locator(".theme [value=dark]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".theme [value=dark]")).to_be_focused()
    # On the next page it is dark before anything is painted: the body is not there yet.
    page.add_init_script(
        "new MutationObserver((_, watch) => { if (!document.body) return; watch.disconnect();"
        " window.first = document.documentElement.dataset.theme })"
        ".observe(document, { childList: true, subtree: true })"
    )
    page.goto("/van-ban/")
    assert page.evaluate("window.first") == "dark"
    assert page.evaluate(ground) == dark
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.context.cookies() == [], "with scripts nothing is kept but in the browser"
    page.locator(".theme [value='']").press("Space")
    assert page.evaluate(ground) == light

    plain = open_page("/gioi-thieu/", viewport=DESKTOP, scheme="dark", javascript=False)
    plain.locator(".theme [value=light]").focus()
    with leaving(plain):
        plain.keyboard.press("Enter")
    assert plain.url.endswith("/gioi-thieu/")
    expect(plain.locator("html[data-theme=light]")).to_have_count(1)
    expect(plain.locator(".theme [value=light]")).to_have_attribute("aria-pressed", "true")
