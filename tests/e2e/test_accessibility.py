"""Everyone can read and use every type of page: axe, narrow and enlarged screens, the keyboard.

One browser for the whole module; each page is loaded once per language.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Locale
from wagtail.models import Page as SitePage

from cms.pages.models import HomePage
from cms.pages.people import PeoplePage
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import in_anyones_way, sign_in, too_wide
from tests.factories import make_live, make_staff, make_user
from tests.integration import awards_support, events_support

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 640}
#: A window of 1280 px at 200 % zoom leaves 640 CSS pixels.
ENLARGED = {"width": 640, "height": 450}
MISSING = "/khong-co-trang-nay/"
#: One page of each of our page types is enough: the rest differ in their words.
FIXED = (
    "/tim-kiem/?q=may",
    "/tim-kiem/?q=qqqq+zzzz",
    "/danh-ba/",
    "/thi-truong-cong-nghe/",
    "/tai-khoan/login/",
    "/tai-khoan/signup/",
    MISSING,
)


#: What a narrow screen may leave out: the longer half of the front page's lists, each of which leads to
#: the whole, and the days of a month on which nothing happens.
SHORTENED = ".wide, .short, .evs, .stats, #tin-moi, .month thead, .month .free"
#: What can be read between masthead and footer, piece by piece; what a button opens counts as read.
READ = """shortened => [...document.querySelectorAll("main *")]
  .filter(one => !one.closest(shortened))
  .filter(one => one.checkVisibility({ visibilityProperty: true }) || one.closest("[popover]"))
  .flatMap(one => [...one.childNodes])
  .filter(one => one.nodeType === Node.TEXT_NODE && one.data.trim())
  .map(one => one.data.trim().replace(/\\s+/g, " "))"""
#: What stands in a box too small for it, and cannot be scrolled to.
CUT = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.checkVisibility() && one.textContent.trim() && !one.closest(".vh, svg"))
  .filter(one => {
    const own = getComputedStyle(one);
    return (own.overflowX === "hidden" || own.overflowX === "clip") && one.scrollWidth > one.clientWidth + 1
      || (own.overflowY === "hidden" || own.overflowY === "clip") && one.scrollHeight > one.clientHeight + 1;
  })
  .map(one => `${one.className} ${one.textContent.trim().slice(0, 60)}`)"""


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
    home = HomePage.objects.get(locale__language_code="vi")
    team = PeoplePage(title="Cơ cấu", slug="co-cau-thu", locale=home.locale, live=False)
    team.units = [
        ("unit", {"name": "Phòng Kết nối", "task": "Nối hai bên.", "people": [{"name": "Lê Mẫu"}]})
    ]
    home.add_child(instance=team)
    team.save_revision().publish()
    english = Locale.objects.get(language_code="en")
    call = awards_support.published()
    for page in (team, events_support.published(), call):
        page.refresh_from_db()
        page.copy_for_translation(english, copy_parents=True, alias=True)
    call_command("search_rebuild", verbosity=0)
    entries = [entry.get_absolute_url() for entry in (organisation, offers[0], lab)]
    numbers = "&".join(f"so={offer.number_slug}" for offer in offers)
    by_type = {
        page.content_type_id: page.get_url()
        for page in SitePage.objects.live().filter(depth__gt=1, locale__language_code="vi")
    }
    tree = [url for url in by_type.values() if url]
    deadline = f"/su-kien/?xem=thang&thang={timezone.localtime(call.closes_at):%Y-%m}"
    assert call.url in Client().get(deadline).content.decode(), "an award has a day in that month"
    rooms = ["/su-kien/?xem=thang", deadline, "/giai-thuong/?xem=vinh-danh", "/ho-tro/"]
    report = f"/bao-sai/{offers[0].number_slug}/"
    return [*tree, *entries, *rooms, report, f"/so-sanh/?{numbers}", "/so-sanh/", *FIXED]


def in_english(path: str) -> str:
    return f"/en{path}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_type_of_page_stands_in_anyones_way(
    open_page: Callable[..., Page], addresses: list[str], language: str
) -> None:
    page = open_page("/", viewport=DESKTOP, refused=f"(/en)?{MISSING}")
    wrong = {}
    for path in addresses:
        address = path if language == "vi" else in_english(path)
        page.goto(address)
        found = [*moving(page), *in_anyones_way(page, DESKTOP)]
        wide = set(page.evaluate(READ, SHORTENED))
        for viewport in (ENLARGED, NARROW):
            page.set_viewport_size(viewport)
            found += too_wide(page)
            found += [
                f"lost: {text}" for text in sorted(wide - set(page.evaluate(READ, SHORTENED)))
            ]
            found += [f"cut: {text}" for text in page.evaluate(CUT)]
        if found:
            wrong[address] = found
    assert not wrong


def test_no_room_of_the_workspace_complains_in_the_console(open_page: Callable[..., Page]) -> None:
    # What the browser complains of fails a test wherever a page is opened.
    page = open_page("/", viewport=DESKTOP)
    sign_in(page, make_user("Người Mới").email)
    for room in ("", "ho-so/", "tao/to-chuc/", "tao/cong-nghe/", "ket-noi/", "thanh-vien/"):
        page.goto(f"/ban-lam-viec/{room}")


@pytest.mark.parametrize("path", ["/", "/thi-truong-cong-nghe/", "/tin-tuc/"])
def test_paper_shows_the_text_and_its_address_without_the_menus(
    open_page: Callable[..., Page], path: str
) -> None:
    page = open_page(path, viewport=DESKTOP)
    expect(page.locator(".onpaper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".onpaper")).to_contain_text(path)
    expect(page.locator("main h1")).to_be_visible()
    for gone in (".mast nav", ".foot", ".skip"):
        for part in page.locator(gone).all():
            expect(part).to_be_hidden()


def test_the_machine_s_own_colours_leave_every_control_its_edge(
    open_page: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_page("/thi-truong-cong-nghe/", viewport=DESKTOP)
    page.emulate_media(forced_colors="active")
    edgeless = page.evaluate(
        """() => [...document.querySelectorAll("main button, main input, main select, main .btn")]
          .filter(one => one.checkVisibility() && one.type !== "hidden")
          .filter(one => {
            const own = getComputedStyle(one);
            // A text box may stand in a frame that has the edge.
            const framed = one.matches("input") && one.closest(".find");
            const edge = parseFloat(getComputedStyle(framed || one).borderTopWidth);
            return edge === 0 && own.textDecorationLine === "none"
              && !["checkbox", "radio"].includes(one.type);
          })
          .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert edgeless == []


def moving(page: Page) -> list[str]:
    """What moves for those who asked for stillness."""
    long = page.evaluate(
        "() => document.getAnimations().filter("
        "one => one.effect.getComputedTiming().duration > 100).length"
    )
    return [f"{long} animations"] if long else []


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
