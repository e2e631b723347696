"""An editor publishes an event in the admin; a visitor finds it on a phone by search and calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.events.models import EventIndexPage
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import in_anyones_way, leaving, sign_in
from tests.factories import make_staff
from tests.integration.events_support import published

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Phiên kết nối cung – cầu công nghệ dừa"


def test_an_editor_publishes_an_event_and_a_visitor_finds_it(
    open_page: Callable[..., Page],
) -> None:
    editor = make_staff("editor")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    index = EventIndexPage.objects.get(locale__language_code="vi")
    day = timezone.localdate() + timedelta(days=9)

    page = open_page("/", viewport=DESKTOP)
    sign_in(page, editor.email)
    page.goto(f"/quan-tri/pages/add/eventpages/eventpage/{index.pk}/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=intro]", "Nhà vườn nói điều cần, nhóm chế biến trả lời bằng máy đang chạy.")
    fill_moment(page, "starts_at", f"{day:%Y-%m-%d} 08:00")
    fill_moment(page, "ends_at", f"{day:%Y-%m-%d} 11:30")
    page.select_option("[name=event_type]", label="Phiên kết nối")
    page.get_by_label("Hợp tác xã, hộ sản xuất").check()
    publish = page.locator("button[name=action-publish]")

    # Without a place it is not published, and the form says what is missing.
    reveal(page)
    with leaving(page):
        publish.click()
    expect(
        page.get_by_text("Nhập nơi diễn ra, hoặc chọn hình thức trực tuyến.").first
    ).to_be_visible()
    page.fill("[name=venue]", "Hội trường A")
    page.select_option("[name=commune]", label="Phường Long Châu")
    reveal(page)
    publish.click()
    expect(page).to_have_url(re.compile(rf"/quan-tri/pages/{index.pk}/$"))

    visitor = open_page(f"/su-kien/?xem=thang&thang={day:%Y-%m}", viewport=PHONE)
    visitor.get_by_role("link", name=re.compile("cầu công nghệ dừa")).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Phiên")
    expect(visitor.get_by_text("8:00–11:30, ").first).to_be_visible()
    expect(visitor.get_by_text("Hội trường A, phường Long Châu").first).to_be_visible()
    with visitor.expect_download() as download:
        visitor.locator(".mbar").get_by_role("link", name="Thêm vào lịch").click()
    assert "SUMMARY:" in download.value.path().read_text(encoding="utf-8")

    visitor.goto("/tim-kiem/?q=ket+noi+dua&loai=su-kien")
    visitor.get_by_role("link", name=re.compile("cung – cầu")).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()


def fill_moment(page: Page, name: str, value: str) -> None:
    """Type a date and time, and leave the field: its calendar would lie over the rest of the form."""
    page.focus(f"[name={name}]")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.fill(f"[name={name}]", value)
    page.press(f"[name={name}]", "Tab")
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)


def reveal(page: Page) -> None:
    """Open the menu of the form's footer, behind which the admin keeps "publish"."""
    page.locator("footer .w-dropdown__toggle, .footer__container .w-dropdown__toggle").first.click()


def test_nothing_stands_in_the_way_of_a_reader_of_events(
    open_page: Callable[..., Page], site: str
) -> None:
    announced = published(registration_url="https://dang-ky.example/", capacity=120)
    cancelled = published(status="cancelled", status_note="Bão lớn; Trung tâm xin lỗi.")
    month = timezone.localtime(announced.starts_at).strftime("%Y-%m")
    page = open_page("/su-kien/", refused=r"/su-kien/\?xem=thang&thang=abc")
    for path in (
        "/su-kien/",
        f"/su-kien/?xem=thang&thang={month}",
        "/su-kien/?xem=thang&thang=abc",
        announced.url,
        cancelled.url,
        "/tim-kiem/?loai=su-kien",
        "/",
    ):
        page.goto(path)
        assert in_anyones_way(page, PHONE, DESKTOP) == [], path


def test_months_turn_and_filters_work_without_javascript(open_page: Callable[..., Page]) -> None:
    event = published(title="Ngày hội không kịch bản")
    starts = timezone.localtime(event.starts_at)
    before = starts.replace(day=1) - timedelta(days=1)
    page = open_page(f"/su-kien/?xem=thang&thang={before:%Y-%m}", viewport=PHONE, javascript=False)
    with leaving(page):
        page.locator("a[rel=next]").click()
    # Late in the evening it goes on after midnight, and stands on both days.
    expect(page.get_by_role("link", name=re.compile("không kịch bản")).first).to_be_visible()
    page.select_option("#loc-cach-du", "truc_tuyen")
    with leaving(page):
        page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_role("link", name=re.compile("không kịch bản"))).to_have_count(0)
    expect(page.locator("#ten-thang")).to_contain_text(f"{starts.month}/{starts.year}")
