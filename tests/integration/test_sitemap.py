"""The map for search engines: dates, languages, pictures, entries; nothing that is not public."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.test import Client

from cms import sitemap
from cms.news.models import NewsIndexPage, NewsPage
from registry.directory.services import hold
from tests.factories import make_live, make_user
from tests.integration.test_pictures import make_image
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TWIN = "{http://www.w3.org/1999/xhtml}link"
PICTURE = ".//{http://www.google.com/schemas/sitemap-image/1.1}loc"


def read(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


def listed(client: Client, path: str) -> dict[str, Any]:
    return {url.findtext(f"{MAP}loc"): url for url in read(client, path)}


def twins(url: Any) -> dict[str, str]:
    return {link.get("hreflang"): link.get("href") for link in url.findall(TWIN)}


def test_the_map_names_its_parts_and_each_part_is_there(client: Client) -> None:
    load_site()
    parts = [part.findtext(f"{MAP}loc") for part in read(client, "/sitemap.xml")]
    assert parts == [
        f"http://testserver/sitemap-{name}.xml" for name in ("trang", "ho-so", "ho-tro")
    ]
    for part in parts:
        read(client, part.removeprefix("http://testserver"))


def test_a_page_stands_with_its_date_its_picture_and_its_twin(client: Client) -> None:
    load_site()
    index = NewsIndexPage.objects.filter(locale__language_code="vi").get()
    page = NewsPage(title="Dừa & bưởi", intro="x", image=make_image(600, 400))
    index.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    addresses = listed(client, "/sitemap-trang.xml")
    url = addresses[f"http://testserver{page.url}"]
    assert url.findtext(f"{MAP}lastmod").startswith(page.last_published_at.date().isoformat())
    assert url.findtext(PICTURE).startswith("http://testserver/media/")
    assert twins(url) == {}
    assert {"vi", "en"} <= set(twins(addresses["http://testserver/"]))
    page.unpublish()
    assert f"http://testserver{page.url}" not in listed(client, "/sitemap-trang.xml")


def test_entries_stand_in_both_languages_while_they_are_public(client: Client) -> None:
    owner = make_user("Chủ")
    entry = make_live(owner, title="Vàm Lộc", name_en="Vam Loc")
    address = f"http://testserver{entry.get_absolute_url()}"
    url = listed(client, "/sitemap-ho-so.xml")[address]
    english = address.replace("testserver/", "testserver/en/")
    assert twins(url) == {"vi": address, "en": english, "x-default": address}
    assert twins(listed(client, "/sitemap-ho-so.xml")[english]) == twins(url)
    assert url.findtext(f"{MAP}lastmod")
    for twin in twins(url).values():
        assert client.get(twin.removeprefix("http://testserver")).status_code == 200
    hold(entry, owner)
    assert address not in listed(client, "/sitemap-ho-so.xml")


def test_an_entry_without_english_words_has_no_english_address(client: Client) -> None:
    entry = make_live(make_user("Chủ"), title="Vàm Lộc")
    address = f"http://testserver{entry.get_absolute_url()}"
    addresses = listed(client, "/sitemap-ho-so.xml")
    assert set(addresses) == {address}
    assert twins(addresses[address]) == {}


def test_a_long_map_is_read_in_parts(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(sitemap, "PART", 1)
    owner = make_user("Chủ")
    for title in ("Một", "Hai"):
        make_live(owner, title=title)
    parts = [part.findtext(f"{MAP}loc") for part in read(client, "/sitemap.xml")]
    assert "http://testserver/sitemap-ho-so.xml?p=2" in parts
    assert len(listed(client, "/sitemap-ho-so.xml?p=2")) == 1
    for beyond in ("3", "x", "-1", "0"):
        assert client.get(f"/sitemap-ho-so.xml?p={beyond}").status_code == 404
