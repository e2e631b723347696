"""The editors' pages in a real browser: readable by everyone, on a phone and in the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import in_anyones_way

SIX_SCREENS = 6 * PHONE["height"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gioi-thieu/",
        "/van-ban/",
        "/tin-tuc/",
        "/tin-tuc/vinh-long-xep-17-34-pii-2025/",
        "/en/dich-vu/",
        "/tai-khoan/login/",
        "/tai-khoan/signup/",
        "/tai-khoan/password/reset/",
    ],
)
def test_nothing_stands_in_the_way_of_a_reader(open_page: Callable[..., Page], path: str) -> None:
    assert in_anyones_way(open_page(path), PHONE, DESKTOP) == []


def test_the_front_page_of_a_phone_ends_within_six_screens(
    open_page: Callable[..., Page], settings: Any
) -> None:
    settings.HUB_DEMO = True
    call_command("load_demo", entries=60, verbosity=0)
    call_command("demo_events", verbosity=0)
    call_command("demo_awards", verbosity=0)
    page = open_page("/", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollHeight") <= SIX_SCREENS


def test_the_phone_menu_opens_by_keyboard_and_closes_with_escape(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/", viewport=PHONE)
    page.focus("details.menu summary")
    page.keyboard.press("Enter")
    news = page.locator("details.menu").get_by_role("link", name="Tin tức")
    expect(news).to_be_visible()
    page.keyboard.press("Escape")
    expect(news).to_be_hidden()


def test_plates_follow_the_colours_of_the_page(open_page: Callable[..., Page]) -> None:
    def thick(scheme: str) -> Any:
        page = open_page("/tai-khoan/login/", viewport=DESKTOP, scheme=scheme)
        return page.evaluate(
            "getComputedStyle(document.querySelector('.plate')).getPropertyValue('--plate-thick')"
        )

    assert thick("light") != thick("dark")
