"""The owner's forms in a browser: rows, the picker of communes, a lost race, without JavaScript too."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from registry.directory.models import Entry
from tests.e2e.browser import PHONE
from tests.e2e.conftest import in_anyones_way, leaving, sign_in, swapping
from tests.factories import make_draft, make_live, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(site: str) -> Any:
    user = make_user("Trần Văn Vàm")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def offer(owner: Any) -> Entry:
    return make_draft(owner, "offer", organisation=make_live(owner, title="Vàm Lộc"))


def at(entry: Entry, rest: str = "") -> str:
    return f"/ban-lam-viec/ho-so/{entry.number_slug}/{rest}"


def save(page: Page) -> None:
    with leaving(page):
        page.get_by_role("button", name="Lưu nháp", exact=True).last.click()


def test_a_row_is_added_in_place_and_keeps_what_was_typed(
    open_page: Any, owner: Any, offer: Entry
) -> None:
    page = open_page("/", viewport=PHONE)
    sign_in(page, owner.email)
    page.goto(at(offer, "sua/muc-san-sang/"))
    page.select_option("[name=evidence-0-level]", "5")
    page.fill("[name=evidence-0-text_vi]", "Phiếu thử")
    with swapping(page):
        page.locator("#evidence").get_by_role("button", name="Thêm dòng").click()
    expect(page.locator("#evidence .rw")).to_have_count(2)
    expect(page.locator("[name=evidence-0-text_vi]")).to_have_value("Phiếu thử")
    page.select_option("[name=evidence-1-level]", "6")
    page.fill("[name=evidence-1-text_vi]", "Nhật ký 20 mẻ")
    save(page)
    expect(page.locator("main")).to_contain_text(re.compile(r"Đã lưu nháp lúc \d\d:\d\d\."))
    expect(page.locator("[name=evidence-1-text_vi]")).to_have_value("Nhật ký 20 mẻ")


def test_communes_are_offered_while_typing(open_page: Any, owner: Any, offer: Entry) -> None:
    page = open_page("/", viewport=PHONE)
    sign_in(page, owner.email)
    page.goto(at(offer, "sua/chuyen-giao/"))
    with swapping(page):
        page.fill("[name=commune]", "an binh")
    choice = page.get_by_role("radio", name=re.compile("Xã Ba Tri"))
    expect(choice).to_be_visible()
    choice.check()
    save(page)
    expect(page.locator("[name=commune]")).to_have_value("Xã Ba Tri")


def test_without_javascript_everything_is_reached(open_page: Any, owner: Any, offer: Entry) -> None:
    page = open_page("/", javascript=False, refused=r"/ban-lam-viec/ho-so/[\w-]+/sua/chuyen-giao/")
    sign_in(page, owner.email)
    page.goto(at(offer, "sua/muc-san-sang/"))
    page.fill("[name=evidence-0-text_vi]", "Chưa lưu")
    with leaving(page):
        page.locator("#evidence").get_by_role("button", name="Thêm dòng").click()
    expect(page.locator("#evidence .rw")).to_have_count(2)
    expect(page.locator("[name=evidence-0-text_vi]")).to_have_value("Chưa lưu")
    page.goto(at(offer, "sua/chuyen-giao/"))
    page.fill("[name=commune]", "an binh")
    save(page)
    page.get_by_role("radio", name=re.compile("Xã Ba Tri")).check()
    save(page)
    expect(page.locator("[name=commune]")).to_have_value("Xã Ba Tri")


def test_two_tabs_and_nothing_is_lost(open_page: Any, owner: Any, offer: Entry) -> None:
    page = open_page("/", refused=r"/ban-lam-viec/ho-so/[\w-]+/sua/gioi-thieu/")
    sign_in(page, owner.email)
    address = at(offer, "sua/gioi-thieu/")
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.fill("[name=problem_vi]", "Viết ở thẻ kia")
    save(other)
    page.fill("[name=problem_vi]", "Viết ở thẻ này")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Phần bạn viết vẫn ở bên dưới.")
    expect(page.get_by_role("alert")).to_contain_text("Viết ở thẻ kia")
    expect(page.locator("[name=problem_vi]")).to_have_value("Viết ở thẻ này")
    save(page)
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")


def test_every_room_is_open_to_everyone(open_page: Any, owner: Any, offer: Entry) -> None:
    page = open_page("/", viewport=PHONE)
    sign_in(page, owner.email)
    organisation = offer.owner.number_slug
    rooms = [
        "/ban-lam-viec/",
        "/ban-lam-viec/ho-so/",
        "/ban-lam-viec/tao/",
        "/ban-lam-viec/tao/to-chuc/",
        at(offer),
        *(at(offer, f"sua/{step.code}/?sua=1") for step in offer.kind_info.steps),
        at(offer, "xem-truoc/"),
        at(offer, "xoa/"),
        f"/ban-lam-viec/ho-so/{organisation}/giay-chung-nhan/",
        f"/ban-lam-viec/thanh-vien/{organisation}/",
    ]
    for room in rooms:
        page.goto(room)
        assert in_anyones_way(page, PHONE) == [], room
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{room} is {wide} px wide"
