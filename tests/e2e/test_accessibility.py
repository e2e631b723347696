"""Everyone can read and use every type of page: axe, narrow and enlarged screens, the keyboard.

One browser and one site for the whole module; each page is loaded once per language and scheme.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from playwright.sync_api import ConsoleMessage, Page, expect
from wagtail.models import Page as SitePage

from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import axe_violations, sign_in
from tests.factories import make_live, make_staff, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 640}
#: A window of 1280 px at 200 % zoom leaves 640 CSS pixels.
ENLARGED = {"width": 640, "height": 450}
#: One page of each of our page types is enough: the rest differ in their words.
FIXED = (
    "/tim-kiem/?q=may",
    "/tim-kiem/?q=qqqq+zzzz",
    "/danh-ba/",
    "/thi-truong-cong-nghe/",
    "/tai-khoan/login/",
    "/tai-khoan/signup/",
    "/khong-co-trang-nay/",
)


@pytest.fixture
def addresses(site: str) -> list[str]:
    """Vietnamese addresses of one page of every type, and of one entry of every kind."""
    moderator, owner = make_staff("moderator"), make_user("Chủ Hồ Sơ")
    organisation = make_live(owner, title="Vàm Lộc", moderator=moderator)
    offers = [
        make_live(owner, "offer", title=title, organisation=organisation, moderator=moderator)
        for title in ("Máy sấy lúa", "Lò hơi trấu")
    ]
    lab = make_live(owner, "lab", title="Nước", organisation=organisation, moderator=moderator)
    call_command("search_rebuild", verbosity=0)
    entries = [entry.get_absolute_url() for entry in (organisation, offers[0], lab)]
    numbers = "&".join(f"so={offer.number_slug}" for offer in offers)
    by_type = {
        page.content_type_id: page.get_url()
        for page in SitePage.objects.live().filter(depth__gt=1, locale__language_code="vi")
    }
    tree = [url for url in by_type.values() if url]
    return [*tree, *entries, f"/so-sanh/?{numbers}", "/so-sanh/", *FIXED]


def in_english(path: str) -> str:
    return f"/en{path}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_type_of_page_stands_in_anyones_way(
    open_page: Callable[..., Page], addresses: list[str], language: str, scheme: str
) -> None:
    page = open_page("/", viewport=DESKTOP, scheme=scheme)
    wrong = {}
    for path in addresses:
        address = path if language == "vi" else in_english(path)
        page.goto(address)
        if found := axe_violations(page):
            wrong[address] = found
    assert not wrong


@pytest.mark.parametrize("viewport", [NARROW, ENLARGED], ids=["320px", "200percent"])
def test_no_type_of_page_scrolls_sideways(
    open_page: Callable[..., Page], addresses: list[str], viewport: dict[str, int]
) -> None:
    page = open_page("/", viewport=viewport)
    wide = {}
    for path in addresses:
        for address in (path, in_english(path)):
            page.goto(address)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                wide[address] = over
    assert not wide


def test_no_type_of_page_complains_in_the_console(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/", viewport=DESKTOP)
    said: list[str] = []
    refused = {"/khong-co-trang-nay/"}

    def hear(message: ConsoleMessage) -> None:
        # The browser itself notes the answer of a page that is not there.
        if message.type in {"error", "warning"} and not message.location["url"].endswith(
            tuple(refused)
        ):
            said.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("requestfailed", lambda one: said.append(f"{page.url}: {one.url} {one.failure}"))
    page.on(
        "response",
        lambda one: (
            said.append(f"{page.url}: {one.url} {one.status}")
            if one.status >= 400 and not one.url.endswith(tuple(refused))
            else None
        ),
    )
    for path in addresses:
        page.goto(path)
    sign_in(page, make_user("Người Mới").email)
    for room in ("", "ho-so/", "tao/to-chuc/", "tao/cong-nghe/", "ket-noi/", "thanh-vien/"):
        page.goto(f"/ban-lam-viec/{room}")
    assert said == []


def test_nothing_moves_for_those_who_asked_for_stillness(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/", viewport=DESKTOP)
    moving = {}
    for path in addresses:
        page.goto(path)
        long = page.evaluate(
            "() => document.getAnimations().filter("
            "one => one.effect.getComputedTiming().duration > 100).length"
        )
        if long:
            moving[path] = long
    assert not moving


def test_the_first_tab_leads_past_the_menu(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=DESKTOP)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#noi-dung")).to_be_focused()


def test_facets_open_close_and_give_the_focus_back(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/thi-truong-cong-nghe/", viewport=PHONE)
    opener = page.locator("button[popovertarget=loc]").first
    opener.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#loc")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_swap_of_results_leaves_the_focus_somewhere_and_says_how_many(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/thi-truong-cong-nghe/", viewport=DESKTOP)
    box = page.locator("#loc input[type=checkbox]:enabled:visible").first
    box.focus()
    with page.expect_response(lambda answer: "thi-truong-cong-nghe" in answer.url):
        page.keyboard.press("Space")
    page.wait_for_function("() => new URL(location.href).search !== ''")
    assert page.evaluate("document.activeElement !== document.body")
    live = page.locator("[aria-live=polite], [role=status]")
    assert any(text.strip() for text in live.all_text_contents())


def test_an_empty_form_names_its_faults_and_leads_to_them(open_page: Callable[..., Page]) -> None:
    page = open_page("/tai-khoan/signup/", viewport=PHONE)
    page.evaluate("document.querySelector('main form').noValidate = true")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_visible()
    link = summary.locator("a").first
    target = (link.get_attribute("href") or "").removeprefix("#")
    link.click()
    assert page.evaluate("document.activeElement.id").startswith(target)
