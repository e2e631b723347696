"""Events as calendar files, read back by a second library that had no part in writing them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import vobject
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cms.events.models import EventPage
from registry.events import services
from tests.factories import term
from tests.integration.events_support import at, header, html_of, new_site, publish, published

pytestmark = pytest.mark.django_db

FEED = "/su-kien/lich.ics"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A new site with its list of events."""
    cache.clear()
    new_site()


def raw(client: Client, path: str) -> str:
    """Return a calendar file as it goes over the line."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode()


def read(client: Client, path: str) -> Any:
    """Return the calendar as the second library understands it."""
    return vobject.readOne(raw(client, path))


def own(page: EventPage) -> str:
    """Return the address of the calendar file of one event."""
    return f"/su-kien/{header(page).number_slug}.ics"


def values(entry: Any) -> dict[str, Any]:
    """Return name → value of the lines of an entry."""
    return {line.name.lower(): line.value for line in entry.lines()}


class TestOneEvent:
    def test_it_reads_back_as_it_was_published(self, client: Client) -> None:
        page = published(
            title="Hội thảo; giữ nước, giữ vườn",
            intro="Dòng một\nDòng hai; và, hết \\ thật.",
            starts_at=at("2090-12-02"),
            ends_at=at("2090-12-02", "11:30"),
        )
        calendar = read(client, own(page))
        assert calendar.method.value == "PUBLISH"
        assert calendar.version.value == "2.0"
        entry = values(calendar.vevent)
        assert entry["uid"] == str(page.translation_key)
        assert entry["summary"] == "Hội thảo; giữ nước, giữ vườn"
        assert "Dòng một\nDòng hai; và, hết \\ thật." in entry["description"]
        assert entry["dtstart"] == at("2090-12-02")
        assert entry["dtend"] == at("2090-12-02", "11:30")
        assert entry["dtstart"].utcoffset() == timedelta(hours=7)
        assert entry["location"] == "Hội trường A, xã An Bình"
        assert entry["url"] == f"http://testserver/su-kien/{page.slug}/"
        assert entry["status"] == "CONFIRMED"

    def test_the_zone_is_told_and_named_by_the_times(self, client: Client) -> None:
        text = raw(client, own(published()))
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert "TZID:Asia/Ho_Chi_Minh" in text
        assert "TZOFFSETTO:+0700" in text
        assert "DTSTART;TZID=Asia/Ho_Chi_Minh:" in text

    def test_lines_are_folded_at_75_octets_and_end_as_the_standard_says(
        self, client: Client
    ) -> None:
        page = published(title="Tiếng Việt có dấu " * 12, intro="Ướt đẫm mồ hôi giữa đồng. " * 12)
        body = client.get(own(page)).content
        assert body.endswith(b"\r\n")
        assert b"\n" not in body.replace(b"\r\n", b"")
        assert max(len(line) for line in body.split(b"\r\n")) <= 75
        for line in body.split(b"\r\n"):
            line.decode()  # no character is cut in two
        assert values(read(client, own(page)).vevent)["summary"] == page.title

    def test_text_cannot_break_out_of_its_line(self, client: Client) -> None:
        page = published(intro="x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:khac\r\n")
        calendar = read(client, own(page))
        assert len(calendar.vevent_list) == 1
        assert values(calendar.vevent)["uid"] == str(page.translation_key)

    def test_a_change_raises_the_sequence_and_keeps_the_uid(self, client: Client) -> None:
        page = published()
        before = values(read(client, own(page)).vevent)
        page = publish(page, venue="Hội trường B")
        after = values(read(client, own(page)).vevent)
        assert after["uid"] == before["uid"]
        assert int(after["sequence"]) == int(before["sequence"]) + 1
        # It counts whole seconds, and both may be written within one.
        assert after["dtstamp"] >= before["dtstamp"]

    def test_asking_twice_gives_the_same_file(self, client: Client) -> None:
        page = published()
        assert raw(client, own(page)) == raw(client, own(page))

    def test_a_cancelled_event_tells_the_calendar_to_strike_it_off(self, client: Client) -> None:
        page = published()
        sequence = header(page).sequence
        page = publish(page, status="cancelled", status_note="Bão; nghỉ.")
        calendar = read(client, own(page))
        entry = values(calendar.vevent)
        assert calendar.method.value == "CANCEL"
        assert entry["status"] == "CANCELLED"
        assert int(entry["sequence"]) > sequence
        assert "Bão; nghỉ." in entry["description"]

    @pytest.mark.parametrize("number", ["sk-0999", "sk-0001%00", "sk-1", "SK-0001", "../etc"])
    def test_there_is_no_file_of_what_is_not_public(self, client: Client, number: str) -> None:
        assert client.get(f"/su-kien/{number}.ics").status_code == 404


class TestFeed:
    def test_it_holds_what_is_to_come_and_ended_of_late(self, client: Client) -> None:
        now = timezone.now()
        coming = published(title="Còn xa")
        late = published(
            title="Mới xong", starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=2)
        )
        published(
            title="Đã lâu", starts_at=now - timedelta(days=93), ends_at=now - timedelta(days=92)
        )
        calendar = read(client, FEED)
        assert {entry.summary.value for entry in calendar.vevent_list} == {"Còn xa", "Mới xong"}
        assert {entry.uid.value for entry in calendar.vevent_list} == {
            str(coming.translation_key),
            str(late.translation_key),
        }

    def test_the_way_in_from_afar_is_told_until_it_is_over(self, client: Client) -> None:
        link, now = "https://phong-hop.example/dua", timezone.now()
        online = {"mode": "ket_hop", "online_url": link}
        page = published(starts_at=now - HOUR, ends_at=now + HOUR, **online)
        for path in (FEED, own(page)):
            assert link in values(read(client, path).vevent)["description"], path
        page = publish(page, starts_at=now - 2 * HOUR, ends_at=now - HOUR)
        for path in (FEED, own(page)):
            told = values(read(client, path).vevent)["description"]
            assert page.url in told, "what was said there is still read on the page"
            assert link not in told, "nobody enters a room that is closed"

    def test_cancelled_stays_in_it_until_its_day_is_gone(self, client: Client) -> None:
        page = publish(published(title="Bỏ rồi"), status="cancelled", status_note="Bão.")
        calendar = read(client, FEED)
        assert calendar.method.value == "PUBLISH"
        assert values(calendar.vevent)["status"] == "CANCELLED"
        assert values(calendar.vevent)["uid"] == str(page.translation_key)

    def test_a_day_given_up_is_struck_off_and_a_new_one_comes_back_under_the_same_uid(
        self, client: Client
    ) -> None:
        page = published(starts_at=at("2090-12-02"), ends_at=at("2090-12-02", "11:30"))
        event = services.postpone(header(page), note="Chờ đường xong.")
        entry = values(read(client, FEED).vevent)
        assert (entry["status"], entry["dtstart"]) == ("CANCELLED", at("2090-12-02"))
        services.postpone(
            event,
            note="Chờ đường xong.",
            starts_at=at("2090-12-09"),
            ends_at=at("2090-12-09", "11:30"),
        )
        later = values(read(client, FEED).vevent)
        assert (later["status"], later["dtstart"]) == ("CONFIRMED", at("2090-12-09"))
        assert later["uid"] == entry["uid"]
        assert int(later["sequence"]) > int(entry["sequence"])

    def test_an_empty_feed_is_a_calendar_too(self, client: Client) -> None:
        calendar = read(client, FEED)
        assert not hasattr(calendar, "vevent")

    def test_drafts_and_withdrawn_events_are_not_in_it(self, client: Client) -> None:
        page = published(title="Sắp gỡ")
        page.unpublish()
        assert "Sắp gỡ" not in raw(client, FEED)

    def test_it_is_narrowed_as_the_list_that_leads_to_it(self, client: Client) -> None:
        workshop = {"event_type": term("event_type", "hoi_thao")}
        published(title="Chỉ là kết nối")
        published(title="Hội thảo tại chỗ", **workshop)
        online = {"mode": "truc_tuyen", "online_url": "https://phong-hop.example/"}
        published(title="Hội thảo từ xa", venue="", commune=None, **online, **workshop)
        filters = "loai-su-kien=hoi_thao&cach-du=truc_tuyen"
        for view in ("", "&xem=thang", "&khi=da-qua"):
            html = html_of(client, f"/su-kien/?{filters}{view}")
            assert html.count(f'href="{FEED}?{filters.replace("&", "&amp;")}"') == 2, view
        calendar = read(client, f"{FEED}?{filters}&xem=thang&utm_source=thu")
        assert [entry.summary.value for entry in calendar.vevent_list] == ["Hội thảo từ xa"]
        assert calendar.contents["x-wr-calname"][0].value.startswith(
            "Sự kiện, Hội thảo, Trực tuyến – Trung tâm"
        )
        assert f'href="{FEED}"' in html_of(client, "/su-kien/")

    @pytest.mark.parametrize(
        "query",
        ["loai-su-kien=khong-co", "xa-phuong=%27%20OR%201=1", "cach-du=%ff", "ai-nen-den=%00"],
    )
    def test_a_filter_nobody_knows_is_a_400_in_words_as_on_the_list(
        self, client: Client, query: str
    ) -> None:
        answer = client.get(f"{FEED}?{query}")
        assert answer.status_code == client.get(f"/su-kien/?{query}").status_code == 400
        assert answer["Content-Type"].startswith("text/plain")
        assert answer.content.decode() == (
            "Bộ lọc có giá trị không có trong danh mục. Hãy chọn lại."
        )

    def test_only_reading_is_answered(self, client: Client) -> None:
        assert client.post(FEED).status_code == 405
        assert client.head(FEED).status_code == 200
