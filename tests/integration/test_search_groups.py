"""One search over everything: what is found stands by kind, each kind leads to all of its own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_live, make_staff, make_user
from tests.snapshots import again, load_site

pytestmark = pytest.mark.django_db


def many_offers() -> None:
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    organisation = make_live(owner, title="Hợp tác xã Giới thiệu", moderator=moderator)
    named = {"organisation": organisation, "moderator": moderator}
    for number in range(24):
        make_live(owner, "offer", title=f"Máy giới thiệu {number}", **named)


@pytest.fixture
def found(client: Client) -> str:
    load_site()
    again(many_offers)
    return client.get("/tim-kiem/?q=giới thiệu").content.decode()


def groups(html: str) -> dict[str, str]:
    """Return the results under each heading."""
    sections = re.findall(
        r'<section[^>]*aria-labelledby="nhom-(\w+)">(.*?)</section>', html, re.DOTALL
    )
    return dict(sections)


def test_results_stand_by_kind_and_lead_to_all_of_their_kind(found: str, client: Client) -> None:
    by_kind = groups(found)
    assert {"offer", "organisation"} <= set(by_kind)
    assert by_kind["offer"].count('<li class="row') >= 3
    assert "/to-chuc/" in by_kind["organisation"]
    assert "/to-chuc/" not in by_kind["offer"]
    link = re.search(
        r'href="(/tim-kiem/[^"]*loai=cong-nghe[^"]*)"[^>]*>Xem cả 24', by_kind["offer"]
    )
    assert link
    only = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert groups(only) == {}
    assert only.count('<li class="row') == 20


def test_every_result_of_the_page_stands_in_one_group(found: str) -> None:
    main = found.split('id="ket-qua"')[1]
    assert sum(html.count('<li class="row') for html in groups(found).values()) == main.count(
        '<li class="row'
    )


def test_lists_without_words_and_single_rooms_stay_plain(found: str, client: Client) -> None:
    for path in ("/tim-kiem/", "/danh-ba/?q=giới thiệu", "/thi-truong-cong-nghe/?q=giới thiệu"):
        assert groups(client.get(path).content.decode()) == {}
