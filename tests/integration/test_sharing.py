"""How pages look where they are shared and listed: their picture, their data."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from cms.news.models import NewsIndexPage, NewsPage
from cms.sharing import cards, drawing
from tests.factories import make_live, make_user
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def site(db: None) -> None:
    load_site()


def data(html: str) -> dict[str, Any]:
    """Return the structured data of a page by type."""
    found = [json.loads(text) for text in SCRIPT.findall(html)]
    flat = [item for one in found for item in one.get("@graph", [one])]
    return {item["@type"]: item for item in flat}


def meta(html: str, name: str) -> str:
    found = re.search(rf'<meta\s+(?:property|name)="{name}"\s+content="([^"]*)"', html)
    assert found, name
    return found[1]


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def article(**fields: Any) -> NewsPage:
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    page = NewsPage(
        **{"title": "Dừa sáp Cầu Kè", "intro": "Giống mới.", "date": "2026-11-20"} | fields
    )
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


# ── the picture


def test_the_picture_of_a_page_is_drawn_once_and_kept(site: None, client: Client) -> None:
    html = read(client, article().get_url())
    address = meta(html, "og:image")
    assert meta(html, "og:image:width") == "1200"
    assert meta(html, "twitter:card") == "summary_large_image"
    response = client.get(address.removeprefix("http://testserver"))
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    image = Image.open(io.BytesIO(response.content))
    assert image.size == (1200, 630)
    assert len(response.content) < 150_000


def test_another_title_has_another_address() -> None:
    assert cards.address(cards.card("Dừa")) != cards.address(cards.card("Dứa"))
    assert cards.read(cards.sign(cards.card("Dừa", "Tin"))) == cards.card("Dừa", "Tin")


@pytest.mark.parametrize("forged", ["abc", "W10:abc", ".eJx:1", "a" * 3000, "..%2f"])
def test_nobody_else_can_have_a_picture_drawn(client: Client, forged: str) -> None:
    assert client.get(f"/chia-se/{forged}.png").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Ẵ Ễ Ộ Ữ ỵ đ Đ " * 20,
        "x" * 5000,
        "កម្ពុជា 😀 中文",
        "<script>alert(1)</script>\x00\n\t",
        "a\u0302\u0301" * 40,
        "\u202eabc",
    ],
)
def test_any_title_has_a_picture(title: str) -> None:
    for plate in ("dua", "../../etc/passwd", "khong-co", ""):
        drawn = drawing.draw(cards.card(title, "Tin", "SK 0001", plate))
        assert Image.open(io.BytesIO(drawn)).size == (1200, 630)


def test_vietnamese_marks_are_all_in_the_font() -> None:
    vowels = "aăâeêioôơuưy"
    marks = "\u0300\u0301\u0303\u0309\u0323"
    letters = "".join(vowel + mark for vowel in vowels for mark in marks) + "đ"
    whole = cards.card(letters + " " + letters.upper()).title
    assert drawing.readable(whole) == whole
    assert drawing.readable("Dừa 中 sáp") == "Dừa sáp"


def test_a_title_keeps_inside_its_column() -> None:
    font = drawing._font("archivo-narrow", 50)
    lines = drawing.wrap("Nghiên cứu " + "dài" * 60, font, 900)
    assert all(font.getlength(line) <= 900 for line in lines)
    assert "".join(lines).replace(" ", "") == "Nghiêncứu" + "dài" * 60


# ── what search engines read


def test_the_front_page_tells_of_the_centre_and_its_search(site: None, client: Client) -> None:
    told = data(read(client, "/"))
    assert told["GovernmentOrganization"]["url"] == "http://testserver/"
    target = told["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert target == "http://testserver/tim-kiem/?q={q}"


def test_an_article_is_news_with_a_path_to_it(site: None, client: Client) -> None:
    page = article(title="Dừa </script><b>sáp</b>")
    told = data(read(client, page.get_url()))
    assert told["NewsArticle"]["headline"] == "Dừa </script><b>sáp</b>"
    assert told["NewsArticle"]["datePublished"] == "2026-11-20"
    names = [item["name"] for item in told["BreadcrumbList"]["itemListElement"]]
    assert names[0] == "Trang chủ"
    assert names[-1] == page.title
    addresses = [item.get("item") for item in told["BreadcrumbList"]["itemListElement"]]
    assert all(address.startswith("http://testserver/") for address in addresses[:-1])


def test_an_offer_is_a_service_with_its_own_picture(client: Client) -> None:
    owner = make_user("Chủ")
    organisation = make_live(owner, title="Vàm Lộc")
    offer = make_live(owner, "offer", title="Máy sấy dừa", organisation=organisation)
    html = read(client, offer.get_absolute_url())
    told = data(html)
    assert told["Service"]["name"] == "Máy sấy dừa"
    assert "BreadcrumbList" in told
    signed = meta(html, "og:image").rpartition("/")[2].removesuffix(".png")
    card = cards.read(signed)
    assert card is not None
    assert (card.title, card.number) == ("Máy sấy dừa", offer.number)


def test_a_page_may_say_what_it_is_itself(site: None, client: Client, monkeypatch: Any) -> None:
    page = article()
    monkeypatch.setattr(
        NewsPage, "structured_data", lambda self: {"@type": "FAQPage"}, raising=False
    )
    told = data(read(client, page.get_url()))
    assert "FAQPage" in told
    assert "NewsArticle" not in told
