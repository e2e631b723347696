"""Pages are found as soon as they are published, and no longer once hidden."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from cms.pages.models import HomePage, StandardPage
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


def test_stand_ins_in_english_do_not_double_a_page() -> None:
    assert (
        found("PII").count("Vĩnh Long xếp thứ 17/34 về chỉ số đổi mới sáng tạo cấp địa phương 2025")
        == 1
    )


def test_a_news_article_carries_its_date() -> None:
    page = service.search(SearchQuery(text="PII 2025", kinds=("page",)))
    assert page.hits[0].payload["news"] is True
    assert page.hits[0].payload["date"]
