"""What visitors see of events: search, lists, months, people, and what is only invented."""

from __future__ import annotations

from datetime import time

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Locale

from cms.events.models import EventIndexPage, EventPage, EventSpeaker
from registry.events.models import Event
from search import service as search
from search.contracts import SearchQuery
from tests.factories import make_draft, make_live, make_staff, make_user, term
from tests.integration.events_support import (
    at,
    draft,
    found,
    header,
    html_of,
    new_site,
    publish,
    published,
    structured,
)
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> EventIndexPage:
    """A new site with its list of events."""
    cache.clear()
    return new_site()


class TestSearch:
    def test_found_by_words_number_place_of_old_and_type(self) -> None:
        page = published(title="Kết nối nhà khoa học với hợp tác xã")
        number = header(page).number
        for words in ("nhà khoa học", number, "Hội trường A", "cung cầu", "ket noi"):
            assert page.title in found(words), words

    def test_facets_narrow(self) -> None:
        on_site = published()
        online = published(
            mode="truc_tuyen", online_url="https://phong-hop.example/", venue="", commune=None
        )
        assert found("", event_mode=("truc_tuyen",)) == [online.title]
        assert found("", event_mode=("tai_cho",)) == [on_site.title]
        assert found("", event_type=("hoi_thao",)) == []
        assert sorted(found("", audience=("htx_ho",))) == sorted([on_site.title, online.title])

    def test_events_have_rows_and_a_tab_of_their_own_and_are_no_pages(self, client: Client) -> None:
        page = published(title="Trưng bày gốm đỏ")
        html = html_of(client, "/tim-kiem/?loai=su-kien")
        assert header(page).number in html
        assert "Sắp diễn ra" in html
        pages = search.search(SearchQuery(text="trưng bày gốm đỏ", kinds=("page",)))
        assert page.title not in [hit.title for hit in pages.hits]

    def test_an_address_for_registration_is_a_facet(self) -> None:
        published()
        page = published(registration_url="https://dang-ky.example/")
        assert found("", registration=("co",)) == [page.title]


class TestList:
    def test_filters_narrow_the_list(self, client: Client) -> None:
        page = published(title="Chỉ là hội thảo", event_type=term("event_type", "hoi_thao"))
        other = published(title="Chỉ là kết nối")
        html = html_of(client, "/su-kien/?loai-su-kien=hoi_thao&ai-nen-den=htx_ho&cach-du=tai_cho")
        assert page.title in html
        assert other.title not in html

    def test_months_lead_to_each_other(self, client: Client) -> None:
        html = html_of(client, "/su-kien/?xem=thang&thang=2026-12&loai-su-kien=hoi_thao")
        assert "loai-su-kien=hoi_thao&amp;xem=thang&amp;thang=2026-11" in html
        assert "loai-su-kien=hoi_thao&amp;xem=thang&amp;thang=2027-01" in html

    def test_an_event_of_several_days_stands_on_each(self, client: Client) -> None:
        page = published(
            title="Ba ngày liền", starts_at=at("2090-05-30"), ends_at=at("2090-06-01", "12:00")
        )
        assert html_of(client, "/su-kien/?xem=thang&thang=2090-05").count(page.title) == 2
        assert html_of(client, "/su-kien/?xem=thang&thang=2090-06").count(page.title) == 1

    @pytest.mark.parametrize(
        "question",
        [
            "xem=thang&thang=2026-13",
            "xem=thang&thang=abc",
            "xem=thang&thang=2026-12%00",
            "xem=thang&thang=٢٠٢٦-١٢",
            "xem=thang&thang=9999-12",
            "xem=thang&thang=-001-01",
            "xem=thang&thang=" + "9" * 5000,
            "xem=tuan",
            "khi=mai",
            "loai-su-kien=khong-co",
            "xa-phuong=%27%20OR%201=1",
            "cach-du=%ff",
            "trang=0",
            "trang=2",
            "trang=1e9",
            "trang=²",
        ],
    )
    def test_a_question_nobody_can_answer_is_a_400_in_words(
        self, client: Client, question: str
    ) -> None:
        html = html_of(client, f"/su-kien/?{question}", 400)
        assert 'role="alert"' in html


class TestContents:
    def test_everything_an_editor_fills_in_is_read_on_the_page(self, client: Client) -> None:
        file = get_document_model().objects.create(
            title="Bài nói", file=ContentFile(b"bai noi", name="bai-noi.pdf")
        )
        link = "https://phong-hop.example/dua"
        page = published(
            starts_at=at("2090-12-02"),
            ends_at=at("2090-12-02", "11:30"),
            mode="ket_hop",
            online_url=link,
            image=make_image(),
            image_alt="Nhà vườn đứng quanh máy bóc vỏ",
            agenda=[("session", {"time": time(9, 15), "title": "Chạy thử máy", "note": "Ở xưởng"})],
            materials=[
                ("material", {"title": "Bài nói số 1", "document": file, "note": "Bản đầy đủ"}),
                ("material", {"title": "Trang dự án", "url": "https://du-an.example/"}),
            ],
            organiser_name="Hội Dừa mẫu",
            fee="Không thu phí",
            spoken="Tiếng Việt, có phiên dịch",
            accessibility="Có lối cho xe lăn.",
        )
        page.programmes = [term("programme", "khoi_nghiep")]
        page = publish(page)
        html = html_of(client, page.url)
        for words in (
            'alt="Nhà vườn đứng quanh máy bóc vỏ"',
            '<time datetime="09:15">09:15</time>',
            "Chạy thử máy",
            "Ở xưởng",
            file.url,
            "Bài nói số 1",
            "Bản đầy đủ",
            'href="https://du-an.example/"',
            "Hội Dừa mẫu",
            "Không thu phí",
            "Tiếng Việt, có phiên dịch",
            "Có lối cho xe lăn.",
            term("programme", "khoi_nghiep").label,
            f'href="{link}"',
        ):
            assert words in html, words
        data = structured(client, page)
        place = "Hội trường A, xã An Bình"
        assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
        assert data["location"] == [
            {"@type": "Place", "name": place, "address": place},
            {"@type": "VirtualLocation", "url": link},
        ]
        assert data["organizer"] == {"@type": "Organization", "name": "Hội Dừa mẫu"}
        page = publish(page, starts_at=at("2020-12-02"), ends_at=at("2020-12-02", "11:30"))
        html = html_of(client, page.url)
        assert link not in html, "nobody enters a room that is closed"
        assert file.url in html, "what was shown there stays"

    @pytest.mark.parametrize(
        ("mode", "told", "places"),
        [("tai_cho", "Offline", ["Place"]), ("truc_tuyen", "Online", ["VirtualLocation"])],
    )
    def test_machines_are_told_how_to_attend(
        self, client: Client, mode: str, told: str, places: list[str]
    ) -> None:
        data = structured(client, published(mode=mode, online_url="https://phong-hop.example/"))
        assert data["eventAttendanceMode"] == f"https://schema.org/{told}EventAttendanceMode"
        assert [place["@type"] for place in data["location"]] == places


class TestPeople:
    def test_organiser_and_speaker_lead_to_public_entries_only(self, client: Client) -> None:
        entry = make_live(
            make_user(), title="Viện Cây ăn quả mẫu", moderator=make_staff("moderator")
        )
        hidden = make_draft(make_user(), title="Viện Chưa công bố")
        page = draft(organiser=entry)
        page.speakers = [
            EventSpeaker(name="Nguyễn Thị Mẫu", role="Trưởng nhóm", organisation=entry),
            EventSpeaker(name="Trần Văn Thử", organisation=hidden),
        ]
        page = publish(page)
        html = html_of(client, page.url)
        assert html.count(entry.get_absolute_url()) == 2
        assert "Trần Văn Thử" in html
        assert hidden.number not in html
        assert structured(client, page)["performer"][0]["name"] == "Nguyễn Thị Mẫu"

    def test_what_editors_write_is_data_never_markup(self, client: Client) -> None:
        page = published(title="</script><script>alert(1)</script>", venue="<b>A</b>")
        html = html_of(client, page.url)
        assert "<script>alert" not in html
        assert "<b>A</b>" not in html
        assert structured(client, page)["name"] == page.title

    def test_choosing_an_organisation_offers_public_ones_by_public_names(
        self, client: Client
    ) -> None:
        entry = make_live(
            make_user(), title="Viện Cây ăn quả mẫu", moderator=make_staff("moderator")
        )
        hidden = make_draft(make_user(), title="Viện Chưa công bố")
        client.force_login(make_staff("editor"))
        html = html_of(client, reverse("organisation_chooser:choose_results"))
        assert entry.number in html
        assert hidden.number not in html
        assert "Viện Cây ăn quả mẫu" in html
        results = reverse("organisation_chooser:choose_results") + "?q=cây ăn quả"
        assert entry.number in html_of(client, results)
        assert entry.number not in html_of(client, results + " không có")
        assert (
            client.get(reverse("organisation_chooser:chosen", args=[hidden.pk])).status_code == 404
        )
        assert (
            client.get(reverse("organisation_chooser:chosen", args=[entry.pk])).status_code == 200
        )


class TestDemo:
    def test_invented_events_say_so_and_go_again(self, client: Client) -> None:
        from cms.events.demo import loading, texts

        assert loading.load() == len(texts.EVENTS)
        assert loading.load() == 0
        assert Event.objects.filter(is_demo=True).count() == len(texts.EVENTS)
        for text in (text for event in Event.objects.all() for text in event.texts.all()):
            assert text.title.endswith("(minh họa)")
        assert loading.clear() == len(texts.EVENTS)
        assert not EventPage.objects.exists()
        assert found("minh họa") == []


class TestSiteMap:
    def test_it_names_what_is_published_and_no_stand_in(self, client: Client) -> None:
        page, hidden = published(), draft()
        page.copy_for_translation(
            Locale.objects.get(language_code="en"), copy_parents=True, alias=True
        )
        listed = html_of(client, "/sitemap-trang.xml")
        assert f"/su-kien/{page.slug}/</loc>" in listed
        assert f"/en/su-kien/{page.slug}/" not in listed
        assert "/en/</loc>" in listed
        assert hidden.slug + "/" not in listed
        assert "Sitemap: http://testserver/sitemap.xml" in html_of(client, "/robots.txt")
