"""A buyer sets offers side by side."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.marketplace.comparing import numbers_of
from tests.factories import make_live, make_staff, make_user
from tests.snapshots import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def offers():
    return again(five_offers)


def five_offers():
    owner, moderator = make_user("Chủ Hồ Sơ"), make_staff("moderator")
    organisation = make_live(owner, title="Vàm Lộc", moderator=moderator)
    return [
        make_live(owner, "offer", title=title, organisation=organisation, moderator=moderator)
        for title in ("Máy sấy lúa", "Lò hơi trấu", "Máy tách vỏ", "Kho lạnh", "Bơm mặt trời")
    ]


def page(query: str) -> str:
    answer = Client().get(f"/so-sanh/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_offers_stand_side_by_side_with_the_way_to_drop_one(offers):
    one, two = offers[:2]
    html = page(f"?so={one.number_slug}&so={two.number_slug}")
    assert "Máy sấy lúa" in html.replace("\xa0", " ")
    assert html.count(f'<th scope="col">{one.number}</th>') == 1
    assert html.count(f'<th scope="col">{two.number}</th>') == 1
    assert f'href="/so-sanh/?so={two.number_slug}"' in html


def test_numbers_may_be_typed_together_and_the_fifth_is_left_out(offers):
    html = page("?so=" + ",%20".join(offer.number.replace(" ", "%20") for offer in offers))
    assert html.count('<th scope="col">CN') == 4
    assert "đã giữ bốn số đầu" in html


def test_what_is_not_public_is_named_as_not_shown_and_nothing_of_it_is_told(offers):
    one, two = offers[:2]
    type(two).objects.filter(pk=two.pk).update(is_public=False)
    html = page(f"?so={one.number_slug}&so={two.number_slug}&so=cn-999999")
    assert "Không có công nghệ nào đang hiển thị" in html
    assert "Lò hơi" not in html.replace("\xa0", " ")
    assert "CN 999999" in html


@pytest.mark.parametrize(
    "query", ["", "?so=", "?so=%00", "?so=%FF%FE", "?so=" + "9" * 5000, "?so=<script>"]
)
def test_nonsense_shows_how_to_start(query):
    html = page(query)
    assert "Chưa chọn công nghệ nào để so sánh" in html.replace("\xa0", " ")


def test_numbers_are_read_as_people_write_them():
    assert numbers_of(["CN 0412", "cn-412; 7", "máy sấy"]) == ["cn-0412", "cn-0007"]
