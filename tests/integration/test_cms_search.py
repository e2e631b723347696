"""Pages are found as soon as they are published, and no longer once hidden."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from wagtail.models import Page

from cms.pages.help import FAQPage, MediaKitPage
from cms.pages.models import HomePage, StandardPage
from cms.pages.offerings import ProgrammePage, ServicePage
from cms.pages.people import PartnersPage, PeoplePage
from search import service
from search.contracts import SearchQuery
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A site with its first pages."""
    cache.clear()
    load_site()


def found(text: str, language: str = "vi") -> list[str]:
    """Return the titles of the pages that have these words."""
    page = service.search(SearchQuery(text=text, kinds=("page",), language=language))
    return [hit.title for hit in page.hits] if not page.relaxed else []


def page_about(words: str) -> StandardPage:
    """Return an unpublished page whose text has these words."""
    home = HomePage.objects.get(locale__language_code="vi")
    body = json.dumps([{"type": "text", "value": f"<p>Đoạn nói về {words}.</p>"}])
    page: StandardPage = home.add_child(
        instance=StandardPage(title="Trang tìm thử", slug="tim-thu", body=body, live=False)
    )
    page.save_revision()
    return page


def test_a_page_is_found_by_the_words_of_its_text_without_marks() -> None:
    page_about("cá thát lát cườm").latest_revision.publish()
    assert found("ca that lat cuom") == ["Trang tìm thử"]


def test_a_draft_is_never_found_not_even_the_draft_of_a_live_page() -> None:
    page = page_about("chôm chôm tróc")
    assert found("chôm chôm tróc") == []
    page.latest_revision.publish()
    page.refresh_from_db()
    page.intro = "Lời chưa duyệt về măng cụt trắng"
    page.save_revision()
    assert found("măng cụt trắng") == []


def test_a_hidden_or_deleted_page_is_no_longer_found() -> None:
    page = page_about("ghe chài lục tỉnh")
    page.latest_revision.publish()
    page.refresh_from_db()
    page.unpublish()
    assert found("ghe chài lục tỉnh") == []
    page.save_revision().publish()
    assert found("ghe chài lục tỉnh")[:1] == ["Trang tìm thử"]
    page.delete()
    assert found("ghe chài lục tỉnh") == []


def publish(page: Page) -> None:
    """Put a page under the home page and publish it."""
    page.live = False
    HomePage.objects.get(locale__language_code="vi").add_child(instance=page)
    page.save_revision().publish()


def block(kind: str, **value: object) -> str:
    return json.dumps([{"type": kind, "value": value}])


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (ServicePage, {"who": "Chủ lò {}"}),
        (ServicePage, {"papers": "Đơn {}"}),
        (ServicePage, {"contact": "Tổ {}"}),
        (ServicePage, {"steps": block("step", title="Nộp {}", text="")}),
        (FAQPage, {"groups": block("group", title="Nộp", questions=[
            {"question": "Ai được?", "answer": "<p>Mọi <b>{}</b></p>"}])}),
        (PeoplePage, {"units": block("unit", name="Phòng", people=[{"name": "Lê {}", "role": ""}])}),
        (PartnersPage, {"networks": block("network", title="Nhóm", partners=[
            {"name": "Viện {}", "what": "Thử"}])}),
        (ProgrammePage, {"goals": block("goal", text="Mười {}")}),
        (MediaKitPage, {"boilerplate_long": "<p>Nơi <b>{}</b></p>"}),
    ],
)  # fmt: skip
def test_a_page_is_found_by_whatever_it_says(model: type, fields: dict[str, str]) -> None:
    told = {name: text.replace("{}", "chằm nón thốt nốt") for name, text in fields.items()}
    publish(model(title="Trang tìm thử", slug="tim-thu", **told))
    assert found("cham non thot not")[:1] == ["Trang tìm thử"]


def test_nobody_is_found_by_a_number_of_the_centre_s_people() -> None:
    person = {"name": "Lê Thị Thốt", "email": "thot@mau.example", "phone": "0270 999 1234"}
    units = block("unit", name="Phòng", people=[person])
    publish(PeoplePage(title="Trang tìm thử", slug="tim-thu", units=units))
    assert found("Lê Thị Thốt") == ["Trang tìm thử"]
    assert found("0270 999 1234") == []
    assert found("thot@mau.example") == []


def test_stand_ins_in_english_do_not_double_a_page() -> None:
    assert (
        found("PII").count("Vĩnh Long xếp thứ 17/34 về chỉ số đổi mới sáng tạo cấp địa phương 2025")
        == 1
    )


def test_a_news_article_carries_its_date() -> None:
    page = service.search(SearchQuery(text="PII 2025", kinds=("page",)))
    assert page.hits[0].payload["news"] is True
    assert page.hits[0].payload["date"]
