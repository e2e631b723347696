"""A real Chromium against the real site on a loopback port."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.e2e.browser import DESKTOP, FLAGS, SHOTS, chromium_path
from tests.snapshots import load_site

# Rules of WCAG 2.2 A and AA, and axe's own best practices.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The rules that look at colours.
COLOURS = ["color-contrast", "link-in-text-block"]

# A machine that does other work may be slow; a page that never comes is still a failure.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

#: Wagtail asks who else edits a page, again and again. Of a page its form saves by itself for the first
#: time it may be told “not found” once, which no editor sees.
PRESENCE = "/editing-sessions/ping/"
#: Wagtail saves a page by itself while it is written; where something is still missing it answers 400.
UNFINISHED = r"/quan-tri/pages/(add/\w+/\w+/\d+|\d+/edit)/"

# Playwright's own event loop runs in this thread; the tests themselves are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# At the end of the page a bar that sticks to the window's edge rests in its own place; before that
# it lies over controls a reader would scroll free. A colour on its way is no colour to judge.
AT_REST = """async () => {
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
  await document.fonts.ready;
  const ending = document
    .getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime));
  await Promise.allSettled(ending.map((one) => one.finished));
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless browser for the session; without one, skip here and fail in CI."""
    path = chromium_path()
    if path is None:
        message = "Không tìm thấy Chromium; cài bằng: apt-get install chromium"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of a running site with its pages and vocabularies loaded."""
    settings.ALLOWED_HOSTS = ["*"]
    load_site()
    return str(live_server.url)


@pytest.fixture
def open_page(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page; whatever the browser complains of there fails the test.

    `refused` is a pattern of the addresses that this visit expects to be answered with an error.
    When the test fails, what its pages showed is kept under `tests/e2e/shots/`.
    """
    contexts = []
    failed_before = request.session.testsfailed
    troubles: list[str] = []

    def new(
        path: str = "/",
        *,
        viewport: dict[str, int] | None = None,
        scheme: str = "light",
        javascript: bool = True,
        refused: str = "",
    ) -> Page:
        context = browser.new_context(
            viewport=viewport or DESKTOP,
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="vi-VN",
            base_url=site,
        )
        contexts.append(context)
        listen(context, site, refused, troubles)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(path)
        return page

    yield new
    if request.session.testsfailed > failed_before:
        SHOTS.mkdir(exist_ok=True)
        for number, context in enumerate(contexts):
            path = SHOTS / f"{request.node.name[:60]}-{number}.png"
            context.pages[-1].screenshot(path=path, full_page=True)
    for context in contexts:
        context.close()
    assert troubles == []


def listen(context: BrowserContext, site: str, refused: str, troubles: list[str]) -> None:
    """Write down what goes wrong on the pages of a visit: scripts, the console, requests, answers.

    What the page's own policy (CSP) forbids stands in the console too.
    """

    def expected(address: str) -> bool:
        return bool(refused and re.fullmatch(re.escape(site) + refused, address))

    def unfinished(address: str) -> bool:
        return bool(re.fullmatch(re.escape(site) + UNFINISHED, address))

    def hear(message: ConsoleMessage) -> None:
        # The browser itself notes an answer that is an error.
        where = message.location["url"]
        noted = expected(where) or PRESENCE in where + message.text
        noted = noted or (" 400 " in message.text and unfinished(where))
        if message.type in {"error", "warning"} and not noted:
            at = where or (message.page.url if message.page else "")
            troubles.append(f"{at}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            troubles.append(f"elsewhere: {request.url}")

    def failed(request: Request) -> None:
        # What was still coming when we went on to the next page is no failure.
        if request.failure != "net::ERR_ABORTED":
            troubles.append(f"{request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status < 400 or PRESENCE in response.url or expected(response.url):
            return
        # A form that somebody sent asks for a page; only the saving by itself asks for less.
        by_itself = "text/html" not in response.request.headers.get("accept", "")
        if not (response.status == 400 and by_itself and unfinished(response.url)):
            troubles.append(f"{response.url}: {response.status}")

    context.on("weberror", lambda problem: troubles.append(f"script: {problem.error}"))
    context.on("console", hear)
    context.on("request", asked)
    context.on("requestfailed", failed)
    context.on("response", answered)


def axe_violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return the accessibility violations of the page, one line each; of these rules only, if given."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_TAGS}
    results = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]})
    return [
        f"{item['id']}: {item['help']} – {item['nodes'][0]['html'][:160]} ({len(item['nodes'])})"
        for item in results.response["violations"]
    ]


def in_anyones_way(page: Page, *viewports: dict[str, int]) -> list[str]:
    """Return what stands in anyone's way at these sizes, in the light and in the dark.

    The page is loaded once: all rules look at the light, those about colours at the dark as well,
    which differs in nothing else.
    """
    found = []
    for viewport in viewports:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme="light")
        found += [*axe_violations(page), *too_wide(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in axe_violations(page, rules=COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


def too_wide(page: Page) -> list[str]:
    """Return how far the page scrolls sideways, where it does."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px wider than the window"] if over > 0 else []


def leaving(page: Page) -> AbstractContextManager[Any]:
    """Do something that leads to another page, and wait until that one has loaded.

    To wait only afterwards is a race: the old page is loaded already.
    """
    return page.expect_navigation()


@contextmanager
def swapping(page: Page) -> Iterator[None]:
    """Do something that has htmx change the page, and wait until the new part has settled."""
    page.evaluate(
        "() => { window.settled = false; document.body.addEventListener("
        "'htmx:afterSettle', () => { window.settled = true; }, { once: true }) }"
    )
    yield
    page.wait_for_function("() => window.settled")


def sign_in(page: Page, email: str, password: str = "mot mat khau dai") -> None:
    """Log in through the log-in page, as a person would."""
    page.goto("/tai-khoan/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    with leaving(page):
        page.click("main form button[type=submit]")
    expect(page).not_to_have_url(re.compile("/login/"))
