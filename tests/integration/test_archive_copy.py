"""The archive copy: the whole text, by itself, with where and when it comes from."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.archiving import plain
from cms.news.models import NewsIndexPage, NewsPage
from tests.integration.test_pictures import make_image
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


def article() -> NewsPage:
    load_site()
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    image = make_image(900, 600, description="Vườn dừa")
    page = NewsPage(title="Dừa <sáp>", intro="Giống mới.", date="2026-11-20", image=image)
    page.source = "Báo Vĩnh Long"
    page.body = [
        ("heading", "Vì sao"),
        ("text", '<p>Xem <a href="/gioi-thieu/">giới thiệu</a>.</p>'),
        ("picture", {"image": image, "alt": "Kho", "caption": "Kho lạnh"}),
    ]
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def test_it_holds_the_text_the_pictures_and_where_they_come_from(client: Client) -> None:
    page = article()
    response = client.get(f"/ban-luu/{page.pk}/")
    html = response.content.decode()
    for text in ("Dừa &lt;sáp&gt;", "Giống mới.", "Vì sao", "Kho lạnh", "Báo Vĩnh Long"):
        assert text in html
    assert "20/11/2026" in html
    assert f'href="http://testserver{page.url}"' in html
    assert 'href="http://testserver/gioi-thieu/"' in html
    assert html.count('src="data:image/jpeg;base64,') == 2
    assert 'alt="Kho"' in html
    assert response["X-Robots-Tag"] == "noindex"


def test_it_needs_nothing_of_the_site(client: Client) -> None:
    html = client.get(f"/ban-luu/{article().pk}/").content.decode()
    assert not re.search(r'(src|srcset)="(?!data:)', html)
    assert not re.search(r"<(script|style|svg|form|source)\b", html)
    assert "stylesheet" not in html
    assert " style=" not in html
    assert " class=" not in html


def test_the_article_leads_to_it(client: Client) -> None:
    page = article()
    assert f'href="/ban-luu/{page.pk}/"' in client.get(page.url).content.decode()


def test_there_is_none_of_what_is_not_public(client: Client) -> None:
    page = article()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(f"/ban-luu/{page.pk}/").status_code == 404
    PageViewRestriction.objects.all().delete()
    page.unpublish()
    assert client.get(f"/ban-luu/{page.pk}/").status_code == 404
    assert client.get("/ban-luu/999999999999/").status_code == 404
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    assert client.get(f"/ban-luu/{index.pk}/").status_code == 404


def test_a_picture_that_is_gone_or_elsewhere_is_left_out() -> None:
    html = plain(
        '<p><img src="/media/khong-co.jpg"><img src="http://x.example/a.png">'
        '<img src="/media/../../etc/passwd"><script>1</script>Chữ</p>',
        "http://testserver/",
    )
    assert html == "<p>Chữ</p>"


def test_vietnamese_words_in_an_english_copy_say_that_they_are(client: Client) -> None:
    load_site()
    page = NewsPage.objects.get(slug="vinh-long-xep-17-34-pii-2025", locale__language_code="en")
    html = client.get(f"/en/ban-luu/{page.pk}/").content.decode()
    assert '<span lang="vi">Thanh Niên newspaper, November 2025</span>' in html
