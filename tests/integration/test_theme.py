"""Light or dark by the reader's own choice, without a script: kept in a cookie, past the page cache."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.snapshots import load_site

pytestmark = pytest.mark.django_db(transaction=True)
CHOOSE = "/giao-dien/"


@pytest.fixture(autouse=True)
def site(settings: Any) -> Any:
    settings.PAGE_CACHE_SECONDS = 300
    load_site()
    cache.clear()
    yield
    cache.clear()


def page(client: Client, path: str = "/gioi-thieu/") -> str:
    return client.get(path).content.decode()


def test_a_choice_is_kept_and_taken_back() -> None:
    reader = Client(enforce_csrf_checks=True)
    assert "data-theme" not in page(reader)
    response = reader.post(
        CHOOSE, {"theme": "dark"}, headers={"referer": "http://testserver/van-ban/"}
    )
    assert response.headers["Location"] == "http://testserver/van-ban/"
    html = page(reader)
    assert '<html lang="vi" data-theme="dark">' in html
    assert 'value="dark" aria-pressed="true"' in html
    reader.post(CHOOSE, {"theme": ""})
    assert "data-theme" not in page(reader)


def test_one_readers_choice_is_nobody_elses() -> None:
    dark = Client()
    dark.post(CHOOSE, {"theme": "dark"})
    for _ in range(2):
        assert 'data-theme="dark"' in page(dark)
        assert "data-theme" not in page(Client())


def test_the_form_asks_for_no_token_so_that_pages_can_be_kept() -> None:
    page(Client())
    again = Client().get("/gioi-thieu/")
    assert again["X-Page"] == "kept"
    assert b'action="/giao-dien/"' in again.content
    assert not again.cookies


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere(client: Client, referer: str) -> None:
    response = client.post(CHOOSE, {"theme": "light"}, headers={"referer": referer})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("value", ["blue", '"><script>', "x" * 5000])
def test_what_is_no_scheme_is_forgotten(client: Client, value: str) -> None:
    client.post(CHOOSE, {"theme": value})
    client.cookies["theme"] = "blue"
    assert "data-theme" not in page(client)


def test_a_link_changes_nothing(client: Client) -> None:
    assert client.get(f"{CHOOSE}?theme=dark").status_code == 405
