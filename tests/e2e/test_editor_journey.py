"""The editors' working day: one writes on a draft that saves itself, another publishes, both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from cms.news.models import NewsIndexPage, NewsPage
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import axe_violations, leaving, sign_in
from tests.e2e.test_events_browser import reveal
from tests.factories import make_live, make_staff, make_user, term
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Xưởng dừa mở cửa đón hợp tác xã"
ENGLISH = "Coconut workshop opens its doors"
PREVIEW = "document.querySelector('.w-preview iframe')"


def staff(role: str, name: str) -> Any:
    """Return a member of staff who may log in."""
    user = make_staff(role, name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def add(page: Page, label: str) -> None:
    """Add a block at the end of the body."""
    body = page.locator("section[id$=-body-section]")
    body.locator("button.c-sf-add-button").last.click()
    page.get_by_role("option", name=label, exact=True).click()


def choose(page: Page, place: str, title: str) -> None:
    """Choose a picture of the library for a block."""
    chooser = page.locator(f"#{place}-chooser")
    chooser.get_by_role("button", name="Chọn ảnh").first.click()
    page.locator(".modal-body").get_by_role("link", name=title).first.click()
    expect(page.locator(".modal-body")).to_have_count(0)


def translate(page: Page, words: str) -> None:
    """Write the next part of the text that has no translation yet."""
    waiting = page.get_by_role("button", name="Dịch", exact=True)
    expect(waiting.first).to_be_visible()
    left = waiting.count()
    waiting.first.click()
    page.locator("main textarea").first.fill(words)
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    expect(page.locator("main textarea")).to_have_count(0)
    expect(waiting).to_have_count(left - 1)


def read(page: Page, path: str) -> str:
    """Return what an address answers to a machine."""
    answer = page.request.get(path)
    assert answer.ok, path
    return answer.text().replace("\xa0", " ")


def test_from_the_first_word_to_readers_in_two_languages(open_page: Callable[..., Page]) -> None:
    for title in ("Vườn dừa", "Lò sấy", "Kho cơm dừa"):
        make_image(1200, 800, title=title, description=f"{title} ở Trà Côn")
    owner = make_user("Chủ")
    company = make_live(owner, title="Vàm Lộc")
    make_live(
        owner, "offer", title="Máy sấy dừa", organisation=company, sectors=[term("sector", "dua")]
    )
    writer, publisher = staff("contributor", "Lê Viết"), staff("editor", "Trần Duyệt")
    index = NewsIndexPage.objects.get(locale__language_code="vi")

    # One writes, with pictures and a list that fills itself …
    page = open_page("/", viewport=DESKTOP)
    sign_in(page, writer.email)
    page.goto(f"/quan-tri/pages/add/news/newspage/{index.pk}/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=intro]", "Ba hợp tác xã xem máy chạy trong một buổi sáng.")
    add(page, "Ảnh")
    choose(page, "body-0-value-image", "Vườn dừa")
    add(page, "Bộ ảnh")
    choose(page, "body-1-value-pictures-0-value-image", "Lò sấy")
    # The last button adds a block, the one before it a picture.
    page.locator("section[id$=-body-section] button.c-sf-add-button").nth(-2).click()
    choose(page, "body-1-value-pictures-1-value-image", "Kho cơm dừa")
    add(page, "Danh sách tự cập nhật")
    page.fill("[name=body-2-value-title]", "Công nghệ dừa mới")
    page.select_option("[name=body-2-value-kind]", label="Công nghệ")
    page.select_option("[name=body-2-value-sector]", value="dua")

    # … looks at it as on a phone …
    page.get_by_role("button", name=re.compile("xem trước", re.I)).first.click()
    expect(page.locator("[name=preview-size]:checked")).to_have_attribute(
        "data-device-width", "390"
    )
    inside = page.frame_locator(".w-preview iframe").first
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Xưởng dừa")
    expect(inside.get_by_role("link", name="Máy sấy dừa")).to_be_attached()
    # The frame is a new one after each change, so it is asked until it stands.
    page.wait_for_function(f"() => {PREVIEW}?.contentWindow?.innerWidth === 390")

    # … and hands it in. It was saved all the while, once.
    reveal(page)
    with leaving(page):
        page.locator("button[name=action-submit]").click()
    article = NewsPage.objects.child_of(index).get(title=TITLE)
    assert not article.live

    # Somebody else reads and publishes it.
    desk = open_page("/", viewport=DESKTOP)
    sign_in(desk, publisher.email)
    desk.goto(f"/quan-tri/pages/{article.pk}/edit/")
    reveal(desk)
    with leaving(desk):
        desk.locator("button[data-workflow-action-name=approve]").first.click()
    article.refresh_from_db()
    assert article.live

    # The stand-in for readers of English gets words of its own.
    twin = article.get_translations().get()
    desk.goto(f"/quan-tri/pages/{twin.pk}/edit/")
    with leaving(desk):
        desk.get_by_role("link", name="Dịch trang này").click()
    with leaving(desk):
        desk.get_by_role("button", name="Gửi").click()
    for words in (ENGLISH, "Three co-operatives see the machines run.", "New coconut technology"):
        translate(desk, words)
    with leaving(desk):
        desk.get_by_role("button", name="Đăng bằng English").click()
    twin.refresh_from_db()
    assert (twin.title, twin.live, twin.alias_of_id) == (ENGLISH, True, None)

    # Readers find it in the feed, by search and by the map for search engines.
    visitor = open_page("/tim-kiem/?q=xuong+dua+mo+cua", viewport=PHONE)
    with leaving(visitor):
        visitor.get_by_role("link", name=re.compile("Xưởng dừa mở cửa")).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Xưởng dừa")
    expect(visitor.get_by_role("heading", name="Công nghệ dừa mới")).to_be_visible()
    expect(visitor.get_by_role("link", name="Máy sấy dừa")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe_violations(visitor) == []
    with leaving(visitor):
        visitor.get_by_role("link", name="Xem ảnh lớn: Lò sấy ở Trà Côn").click()
    assert visitor.url.endswith(".jpg")
    visitor.goto("/en/tim-kiem/?q=coconut+workshop")
    with leaving(visitor):
        visitor.get_by_role("link", name=re.compile("Coconut workshop")).first.click()
    expect(visitor.get_by_role("heading", name="New coconut technology")).to_be_visible()
    assert axe_violations(visitor) == []
    assert TITLE in read(visitor, "/nguon-tin/tin-tuc.rss")
    assert ENGLISH in read(visitor, "/en/nguon-tin/tin-tuc.rss")
    addresses = read(visitor, "/sitemap-trang.xml")
    assert f"{article.get_url()}</loc>" in addresses
    assert f"{twin.get_url()}</loc>" in addresses
