"""The invented people and story: clearly marked, loaded once, taken away whole; documents where they belong."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from cms.news.models import NewsPage
from cms.pages.models import PeoplePage, ServicePage
from registry.directory.models import Entry
from tests.factories import make_live, make_staff, make_user
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db
PEOPLE = "/gioi-thieu/minh-hoa-co-cau-con-nguoi/"
STORY = "/tin-tuc/minh-hoa-muoi-hai-tuan-chay-thu/"


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    cache.clear()
    load_site()


@pytest.fixture
def demo() -> Entry:
    owner, moderator = make_user("Chủ Hồ Sơ"), make_staff("moderator")
    organisation = make_live(owner, title="Vàm Lộc", moderator=moderator)
    offer = make_live(
        owner, "offer", title="Máy sấy lúa", organisation=organisation, moderator=moderator
    )
    Entry.objects.filter(pk=offer.pk).update(is_demo=True)
    call_command("demo_pages", verbosity=0)
    return offer


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode().replace("\xa0", " ")


def test_a_real_site_has_neither(client: Client) -> None:
    assert client.get(PEOPLE).status_code == 404
    assert client.get(STORY).status_code == 404


def test_everybody_on_the_page_of_people_is_marked_as_invented(client: Client, demo: Entry) -> None:
    html = read(client, PEOPLE)
    names = re.findall(r"<h3>(.*?)</h3>", html)
    assert len(names) >= 5
    assert all(name.endswith("(minh họa)") for name in names)
    assert set(re.findall(r"mailto:[^@]+@([^\"]+)", html)) == {"trung-tam.example"}
    assert '<span class="mark" aria-hidden="true">GM</span>' in html
    assert "Trung tâm bổ sung người phụ trách" in html, "a part without people says so"
    assert PEOPLE in read(client, "/gioi-thieu/")


def test_the_story_leads_to_the_entry_and_to_its_evidence(client: Client, demo: Entry) -> None:
    html = read(client, STORY)
    assert "(minh họa)</h1>" in html
    assert demo.get_absolute_url() in html
    assert "Minh chứng" in html
    assert "Câu chuyện thành công" in read(client, "/tin-tuc/")


def test_loading_again_changes_nothing_and_clearing_leaves_nothing(demo: Entry) -> None:
    call_command("demo_pages", verbosity=0)
    assert PeoplePage.objects.filter(alias_of__isnull=True).count() == 1
    call_command("demo_pages", clear=True, verbosity=0)
    assert not PeoplePage.objects.exists()
    assert not NewsPage.objects.filter(is_demo=True).exists()


def test_a_programme_lists_its_documents(client: Client) -> None:
    html = read(client, "/chuong-trinh/tai-san-tri-tue/")
    assert "Văn bản của chương trình" in html
    assert 'href="/van-ban/4538-qd-ubnd/"' in html


def test_a_service_names_the_documents_it_rests_on(client: Client) -> None:
    html = read(client, "/dich-vu/dang-cong-nghe/")
    assert "Văn bản, tài liệu liên quan" in html
    assert 'href="/van-ban/07-2017-qh14/"' in html
    assert "/en/van-ban/07-2017-qh14/" in read(client, "/en/dich-vu/dang-cong-nghe/")


def test_what_editors_chose_for_a_service_stays(client: Client) -> None:
    page = ServicePage.objects.get(slug="ket-noi", locale__language_code="vi")
    page.related = []
    page.save_revision(user=make_staff("editor")).publish()
    call_command("load_site", verbosity=0)
    assert "van-ban/07-2017-qh14" not in read(client, "/dich-vu/ket-noi/")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/kha-nang-tiep-can/", ("đáp ứng một phần", "axe-core", "200%", "320", "28/11/2026")),
        ("/en/kha-nang-tiep-can/", ("partially conformant", "axe-core", "28 November 2026")),
        ("/du-lieu-ca-nhan/", ("91/2025/QH15", "180 ngày", "sessionid", "csrftoken", "theme")),
        ("/en/du-lieu-ca-nhan/", ("91/2025/QH15", "180 days", "sessionid")),
    ],
)
def test_the_statements_are_complete_in_both_languages(
    client: Client, path: str, words: tuple[str, ...]
) -> None:
    html = read(client, path)
    assert [word for word in words if word not in html] == []
