"""An address that was once right leads on for ever, or says that its page is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from cms.desk.models import GonePage
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import SectionPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that gives a page another slug, as its form does."""

    def rename(page: Page, slug: str) -> Page:
        draft = page.specific.get_latest_revision_as_object()
        draft.slug = slug
        # Redirects are made once the new address is committed.
        with django_capture_on_commit_callbacks(execute=True):
            draft.save_revision().publish()
        return Page.objects.get(pk=page.pk).specific

    return rename


def leads_to(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 301, answer.status_code
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


@pytest.fixture
def article(news: NewsIndexPage, django_capture_on_commit_callbacks: Any) -> NewsPage:
    page = NewsPage(title="Bài", slug="bai", intro="Tóm tắt.", live=False)
    with django_capture_on_commit_callbacks(execute=True):
        news.add_child(instance=page)
        page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


@pytest.mark.parametrize(
    "address", ["/su-kien/", "/van-ban/", "/dich-vu/", "/giai-thuong/", "/tin-tuc/"]
)
def test_every_section_may_be_renamed_in_both_languages(
    client: Client, renamed: Any, address: str
) -> None:
    slug = address.strip("/")
    page = Page.objects.get(slug=slug, locale__language_code="vi")
    renamed(page, f"{slug}-moi")
    assert leads_to(client, address) == f"/{slug}-moi/"
    english = page.get_translations().get(locale__language_code="en")
    english = renamed(english, f"{slug}-new")
    assert leads_to(client, f"/en{address}").endswith(f"/en/{slug}-new/")


def test_pages_below_a_renamed_page_keep_their_old_addresses(
    client: Client, renamed: Any, news: NewsIndexPage, article: NewsPage
) -> None:
    renamed(news, "tin")
    assert leads_to(client, "/tin-tuc/bai/") == "/tin/bai/"


def test_two_changes_are_one_step_and_the_first_name_may_come_back(
    client: Client, renamed: Any, article: NewsPage
) -> None:
    renamed(article, "bai-hai")
    page = renamed(article, "bai-ba")
    assert leads_to(client, "/tin-tuc/bai/") == "/tin-tuc/bai-ba/"
    assert leads_to(client, "/tin-tuc/bai-hai/") == "/tin-tuc/bai-ba/"
    renamed(page, "bai")
    assert client.get("/tin-tuc/bai/").status_code == 200
    assert leads_to(client, "/tin-tuc/bai-ba/") == "/tin-tuc/bai/"


def test_a_moved_page_is_found_where_it_stood(client: Client) -> None:
    home = Page.objects.get(depth=2, locale__language_code="vi")
    sections = []
    for slug in ("mot", "hai"):
        section = SectionPage(title=slug, slug=slug)
        home.add_child(instance=section)
        sections.append(section)
    below = SectionPage(title="Dưới", slug="duoi")
    sections[0].add_child(instance=below)
    Page.objects.get(pk=below.pk).move(Page.objects.get(pk=sections[1].pk), pos="last-child")
    assert leads_to(client, "/mot/duoi/") == "/hai/duoi/"


def test_a_deleted_page_says_that_it_is_gone(
    client: Client, renamed: Any, article: NewsPage
) -> None:
    renamed(article, "bai-hai")
    Page.objects.get(pk=article.pk).delete()
    for address in ("/tin-tuc/bai-hai/", "/tin-tuc/bai/", "/tin-tuc/bai/?loai=tin"):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert "Trang đã gỡ ngày" in answer.content.decode()
    assert client.get("/tin-tuc/chua-tung-co/").status_code == 404


def test_everything_below_a_deleted_page_is_gone_in_its_language(
    client: Client, news: NewsIndexPage, article: NewsPage
) -> None:
    english = article.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    assert client.get(english.get_url()).status_code == 200
    for page in [*news.get_translations(inclusive=True)]:
        Page.objects.get(pk=page.pk).delete()
    for address in ("/tin-tuc/bai/", "/tin-tuc/", english.get_url()):
        assert client.get(address).status_code == 410, address


def test_a_draft_leaves_nothing_behind(client: Client, news: NewsIndexPage) -> None:
    draft = NewsPage(title="Nháp", slug="nhap", intro="Tóm tắt.", live=False)
    news.add_child(instance=draft)
    Page.objects.get(pk=draft.pk).delete()
    assert client.get("/tin-tuc/nhap/").status_code == 404
    assert not GonePage.objects.filter(path__contains="nhap").exists()


def test_a_new_page_or_a_redirect_takes_the_address_over(
    client: Client, news: NewsIndexPage, article: NewsPage
) -> None:
    Page.objects.get(pk=article.pk).delete()
    Redirect.objects.create(old_path="/tin-tuc/bai", redirect_page=news)
    assert leads_to(client, "/tin-tuc/bai/") == "/tin-tuc/"
    again: Any = NewsPage(title="Bài", slug="bai", intro="Tóm tắt.")
    NewsIndexPage.objects.get(pk=news.pk).add_child(instance=again)
    assert client.get("/tin-tuc/bai/").status_code == 200
