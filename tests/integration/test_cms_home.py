"""The front page: numbers and maps come from what is live."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from cms.pages import maps
from tests.factories import commune, make_draft, make_live, make_user
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A site with pages and no entries."""
    cache.clear()
    load_site()


def front_page(client: Client) -> str:
    """Return the front page without its no-break spaces."""
    cache.clear()
    return client.get("/").content.decode().replace("\u00a0", " ")


def numbers(html: str) -> list[str]:
    """Return the large figures of the dark band, in order."""
    band = html.split('class="deep d2"')[1].split("</section>")[0]
    return re.findall(r"<b>(\d+)", band)


def test_an_empty_catalogue_shows_zeros_and_promises_nothing(client: Client) -> None:
    html = front_page(client)
    assert numbers(html) == ["0", "0", "0", "0"]
    assert "plates lst" not in html


def test_numbers_and_map_count_what_is_live_and_no_draft(client: Client) -> None:
    owner = make_user()
    organisation = make_live(owner, title="Xưởng Bến Sông")
    make_live(owner, "offer", organisation=organisation, title="Máy sấy vỉ ngang")
    make_draft(owner, "offer", organisation=organisation, title="Điều chưa công bố")
    html = front_page(client)
    assert numbers(html) == ["1", "1", "0", "100"]
    assert "Máy sấy vỉ ngang" in html
    assert "Điều chưa công bố" not in html
    assert maps.delta({commune().code: 2}).few in html
    assert commune().label in html


def test_the_search_box_leads_to_the_search_page(client: Client) -> None:
    assert 'action="/tim-kiem/"' in front_page(client)


def test_public_figures_name_their_source(client: Client) -> None:
    html = front_page(client)
    assert "thứ hạng PII 2025" in html
    assert "Báo Nhân Dân" in html


class TestMap:
    def test_every_commune_has_its_courses(self) -> None:
        for code in maps._data()["fine"]["communes"]:
            assert maps.locator(code).many.startswith("M")
        assert len(maps._data()["fine"]["communes"]) == 124

    def test_many_and_few_are_told_apart(self) -> None:
        codes = list(maps._data()["fine"]["communes"])[:5]
        drawn = maps.delta(dict(zip(codes, (1, 1, 2, 2, 9), strict=True)))
        assert maps.locator(codes[4]).many in drawn.many
        assert maps.locator(codes[0]).many in drawn.few

    def test_an_unknown_commune_is_no_error(self) -> None:
        assert maps.delta({"00000": 5}).many == ""
        assert maps.locator("<script>").many == ""
