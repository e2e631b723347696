"""An editor publishes a round in the admin; a visitor finds it, and the hall of winners, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.awards.models import CallWinner
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import in_anyones_way, sign_in
from tests.e2e.test_events_browser import fill_moment, reveal
from tests.factories import make_staff
from tests.integration.awards_support import award, over, published

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_editor_publishes_a_round_and_a_visitor_finds_it(
    open_page: Callable[..., Page],
) -> None:
    editor = make_staff("editor")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    above = award(title="Giải thưởng Cổ Chiên")
    today = timezone.localdate()

    page = open_page("/", viewport=DESKTOP)
    sign_in(page, editor.email)
    page.goto(f"/quan-tri/pages/add/awardpages/callpage/{above.pk}/")
    page.fill("[name=title]", f"Giải thưởng Cổ Chiên năm {today.year}")
    page.fill("[name=intro]", "Nộp một tệp PDF không quá 15 trang.")
    page.fill("[name=year]", str(today.year))
    fill_moment(page, "opens_at", f"{today - timedelta(days=1):%Y-%m-%d} 08:00")
    fill_moment(page, "closes_at", f"{today + timedelta(days=30):%Y-%m-%d} 17:00")
    reveal(page)
    page.locator("button[name=action-publish]").click()
    expect(page).to_have_url(re.compile(rf"/quan-tri/pages/{above.pk}/$"))

    visitor = open_page("/tim-kiem/?q=giai+thuong+co+chien&loai=giai-thuong", viewport=PHONE)
    visitor.get_by_role("link", name=re.compile("Chiên năm")).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Cổ")
    expect(visitor.get_by_text("Bạn nộp trước").first).to_be_visible()


def test_nothing_stands_in_the_way_of_a_reader_of_awards(
    open_page: Callable[..., Page], site: str
) -> None:
    above = award()
    opened = published(above, entry_url="https://nop.example/")
    done = over(above, winners=[CallWinner(prize="Giải nhất", name="Nhóm Phù Sa", note="Gọn.")])
    # A year in which nothing took place is no year of the list.
    page = open_page("/giai-thuong/", refused=r"/giai-thuong/\?nam-giai=1")
    for path in (
        "/giai-thuong/",
        "/giai-thuong/?xem=vinh-danh",
        "/giai-thuong/?nam-giai=1",
        above.url,
        opened.url,
        done.url,
        "/tim-kiem/?loai=giai-thuong",
    ):
        page.goto(path)
        assert in_anyones_way(page, PHONE, DESKTOP) == [], path
