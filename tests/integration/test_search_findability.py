"""People find things however they type, or meet an honest page that helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from search_node import fresh_engine

from registry.directory.services import claim_tax_code
from registry.moderation import services as moderation
from search import service
from search.contracts import SearchDocument, SearchQuery
from tests.factories import make_draft, make_live, make_staff, make_user, submit
from tests.factories.documents import document, fill_index

pytestmark = pytest.mark.django_db

EVERYTHING = "/tim-kiem/"


Fill = Callable[..., object]


@pytest.fixture(params=["embedded", "elasticsearch"])
def fill(
    request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fill]:
    """Put documents into the index of the engine that answers: each story is told with both."""
    if request.param == "embedded":
        yield fill_index
        return
    with fresh_engine(settings) as engine:
        monkeypatch.setattr(service, "engine", lambda: engine)
        yield lambda *documents: engine.index(documents)


@pytest.fixture
def dryers(fill: Fill) -> None:
    fill(
        document("offer", 1, "Máy sấy năng lượng mặt trời", summary="Sấy lúa bằng nắng."),
        document("offer", 2, "Máy sấy cơm dừa", summary="Chạy điện."),
        document("offer", 3, "Nhà sấy năng lượng mặt trời", summary="Công nghệ sấy nông sản."),
        document("offer", 4, "Hệ thống tưới nhỏ giọt", summary="Công nghệ tưới, bể 50 m³."),
        document("offer", 5, "Trạm cân theo TCVN 5603", summary="Giai đoạn II, chuẩn OPC-UA."),
    )


def read(client: Client, typed: str, **more: Any) -> tuple[str, list[str]]:
    """Return the page as read, and the titles found."""
    response = client.get(EVERYTHING, {"q": typed, **more})
    assert response.status_code == 200
    html = response.content.decode().replace("\u00a0", " ")
    titles = [
        unescape(re.sub(r"<[^>]+>", "", title))
        for title in re.findall(r"<h3><a[^>]*>(.*?)</a></h3>", html)
    ]
    plain = " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
    return plain, titles


def test_without_marks(client: Client, dryers: None) -> None:
    _page, titles = read(client, "may say nang luong mat troi")
    assert titles[0] == "Máy sấy năng lượng mặt trời"


def test_a_slip_in_a_short_word_gets_a_suggestion_never_a_silent_change(
    client: Client, dryers: None
) -> None:
    page, titles = read(client, "máy sấy năg lượng")
    assert "Có phải bạn tìm “máy sấy năng lượng”?" in page
    assert titles[0] == "Máy sấy năng lượng mặt trời"
    assert "đã bỏ “năg”" in page


def test_a_slip_in_a_long_word_is_told_where_it_is_forgiven(client: Client, fill: Fill) -> None:
    fill(document("offer", 1, "Chitosan phủ trái cây sau khi sấy"))
    page, titles = read(client, "sấy chitoasn")
    assert titles == ["Chitosan phủ trái cây sau khi sấy"]
    assert "Đã tìm từ gần giống với “chitoasn”. Chỉ tìm nguyên văn" in page
    page, _titles = read(client, "sấy chitoasn", **{"nguyen-van": "1"})
    assert "gần giống" not in page


def test_keys_of_telex_are_read_and_the_page_says_so(client: Client, dryers: None) -> None:
    page, titles = read(client, "masy saays")
    assert "Hiển thị kết quả cho “máy sấy”; tìm nguyên văn “masy saays”." in page
    assert {"Máy sấy năng lượng mặt trời", "Máy sấy cơm dừa"} <= set(titles)
    page, titles = read(client, "masy saays", **{"nguyen-van": "1"})
    assert "Hiển thị kết quả cho" not in page
    assert titles == []


@pytest.mark.parametrize("typed", ["coong nghej", "co6ng nghe65", "COONG NGHEJ"])
def test_keys_one_slip_from_a_word_are_still_read_as_keys(
    client: Client, dryers: None, typed: str
) -> None:
    page, titles = read(client, typed)
    assert "Hiển thị kết quả cho “công nghệ”" in page or "“CÔNG NGHỆ”" in page
    assert "Nhà sấy năng lượng mặt trời" in titles


def test_what_nobody_has_gets_an_honest_page(client: Client, dryers: None) -> None:
    page, titles = read(client, "mđ")
    assert titles == []
    assert "Không có kết quả cho “mđ”" in page
    assert "Có phải bạn tìm" not in page
    assert "Thử ít từ hơn, từ khác, hoặc viết không dấu." in page
    assert "Xem mọi công nghệ" in page
    assert "Xem danh bạ" in page


def test_a_word_that_is_known_is_never_decoded(client: Client, fill: Fill) -> None:
    fill(document("offer", 1, "Máy has"), document("offer", 2, "Hà há"))
    page, titles = read(client, "has")
    assert titles == ["Máy has"]
    assert "Hiển thị kết quả cho" not in page


def test_a_filter_that_hides_everything_does_not_decode(
    client: Client, dryers: None, fill: Fill
) -> None:
    fill(document("offer", 6, "Coong đo", facets={"trl": ("4",)}))
    page, _titles = read(client, "coong", loai="cong-nghe", trl="9")
    assert "Hiển thị kết quả cho" not in page


@pytest.mark.parametrize(
    "typed", ["TCVN5603", "tcvn 5603", "opcua", "OPC UA", "giai đoạn 2", "50m3", "bể 50 m3"]
)
def test_codes_numerals_and_units(client: Client, dryers: None, typed: str) -> None:
    _page, titles = read(client, typed)
    wanted = "Hệ thống tưới nhỏ giọt" if "50" in typed and "m" in typed[-2:] else "Trạm cân"
    assert titles
    assert titles[0].startswith(wanted)


def test_a_long_word_one_slip_away_is_found(client: Client, dryers: None, fill: Fill) -> None:
    fill(document("offer", 9, "Màng phủ chitosan"))
    page, titles = read(client, "màng phủ chitoasn")
    assert titles == ["Màng phủ chitosan"]
    assert "Có phải bạn tìm “màng phủ chitosan”?" in page


def test_staff_see_why_an_entry_stands_where_it_does_others_do_not(
    client: Client, dryers: None
) -> None:
    for visitor in (None, make_user("Người Xem")):
        if visitor:
            client.force_login(visitor)
        page, _titles = read(client, "máy sấy", explain="1")
        assert "Vì sao xếp như vậy" not in page
    client.force_login(make_staff("editor"))
    page, _titles = read(client, "máy sấy", explain="1")
    assert "Vì sao xếp như vậy" in page
    assert "đứng cạnh nhau “may say”" in page
    assert "Vì sao xếp như vậy" not in read(client, "máy sấy")[0]


def test_the_parts_add_up_to_the_score(dryers: None) -> None:
    page = service.search(SearchQuery(text="máy sấy CNSH mặt trời", explain=True))
    assert page.hits
    for hit in page.hits:
        assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, abs=1e-5)


def test_a_stale_entry_never_beats_a_fresh_one_of_equal_text() -> None:
    today = timezone.localdate()
    fill_index(
        *(
            SearchDocument(
                kind="offer",
                id=str(number),
                title="Máy sấy lúa",
                url=f"/{number}/",
                confirmed_on=today - timedelta(days=age) if age is not None else None,
            )
            for number, age in enumerate([2_000, 300, None, 10, 900], 1)
        )
    )
    found = [hit.id for hit in service.search(SearchQuery(text="máy sấy lúa")).hits]
    assert found[:3] == ["4", "2", "5"]


@pytest.mark.parametrize("tax_code", ["0100109106", ""])
def test_an_offer_counts_as_checked_when_the_organisation_behind_it_was(tax_code: str) -> None:
    owner = make_user()
    organisation = make_draft(owner, title="Xưởng máy sấy Út Mười")
    if tax_code:
        claim_tax_code(organisation, owner, tax_code)
    case = submit(organisation, owner)
    moderation.approve(case, make_staff("moderator"), expect=case.seq)
    make_live(owner, "offer", title="Máy sấy cơm dừa", organisation=organisation)
    page = service.search(SearchQuery(text="máy sấy", explain=True))
    assert {hit.kind for hit in page.hits} == {"organisation", "offer"}
    for hit in page.hits:
        told = any(part.part == "verified" for part in hit.explanation)
        assert told == bool(tax_code)


def test_a_slip_in_a_term_of_the_synonyms_is_offered(client: Client, fill: Fill) -> None:
    fill(document("offer", 1, "Giá thể mụn dừa"))
    page, titles = read(client, "cocopeac")
    assert titles == []
    assert "Có phải bạn tìm “cocopeat”?" in page
    assert read(client, "cocopeat")[1] == ["Giá thể mụn dừa"]


def offered(client: Client, typed: str) -> tuple[list[str], list[str]]:
    """Return the labels and the rows of the autocomplete."""
    html = client.get("/goi-y/", {"q": typed}, headers={"HX-Request": "true"}).content.decode()
    labels = re.findall(r'role="presentation">(.*?)</div>', html)
    items = re.findall(r"<span>(.*?)</span>", html)
    return labels, [unescape(re.sub(r"<[^>]+>", "", item)) for item in items]


def test_the_autocomplete_offers_a_query_titles_and_values(client: Client, dryers: None) -> None:
    labels, items = offered(client, "may sa")
    assert labels[0] == "Câu tìm"
    assert items[0] == "máy sấy"
    assert {"Máy sấy cơm dừa", "Máy sấy năng lượng mặt trời"} <= set(items)
    assert len(items) <= 8
    labels, items = offered(client, "masy saays")
    assert items[0] == "máy sấy"
    assert "Máy sấy cơm dừa" in items
    assert offered(client, "zzzz") == ([], [])


def test_eight_rows_whatever_there_is_to_offer(client: Client, fill: Fill) -> None:
    # The codes of a facet are those the embedded engine holds, whichever one answers.
    fill_index(document("offer", 1, "Máy bơm", facets={"sector": ("lua-gao",)}))
    fill(
        *(
            document(("offer", "organisation", "lab")[number % 3], number, f"Lúa gạo {number}")
            for number in range(10, 70)
        )
    )
    for typed in ("lúa gạ", "lua gao"):
        labels, items = offered(client, typed)
        assert len(items) == len(set(items)) == 8
        assert {"Câu tìm", "Lĩnh vực"} <= set(labels)
        assert len(labels) >= 4, "and titles of several kinds"
    _labels, items = offered(client, "luas gaoj")
    assert len(items) == 8
    assert items[0] == "lúa gạo"
