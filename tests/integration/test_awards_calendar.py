"""The days of a round in the month, in the feed and in a file of its own, read by a second library."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from cms.awards.models import CallPage
from tests.integration.awards_support import award, draft, header, new_site, publish, published
from tests.integration.events_support import at, html_of
from tests.integration.events_support import published as event
from tests.integration.test_events_calendar import FEED, raw, read, values

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A new site with its list of awards."""
    cache.clear()
    new_site()


def own(page: CallPage) -> str:
    """Return the address of the calendar file of a round."""
    return f"/giai-thuong/{header(page).number_slug}.ics"


def round_of_2090(**changes: Any) -> CallPage:
    """Return a published round of which every kind of day is known."""
    dates = {
        "year": 2090,
        "opens_at": at("2090-03-01", "00:00"),
        "closes_at": at("2090-05-20", "17:00"),
        "results_at": at("2090-06-01", "00:00"),
        "awarded_at": at("2090-06-10", "08:30"),
        "awarded_place": "Hội trường tỉnh",
        "more_dates": [("date", {"day": date(2090, 5, 5), "title": "Giải đáp thắc mắc"})],
    }
    above = award(title="Giải thưởng Láng Thé", kind="cuoc_thi")
    return published(above, **{"title": "Láng Thé; đợt 2090", **dates, **changes})


def by_what(calendar: Any) -> dict[str, dict[str, Any]]:
    """Return what happens → the lines of its entry."""
    entries = [values(entry) for entry in getattr(calendar, "vevent_list", [])]
    return {entry["summary"].partition(":")[0]: entry for entry in entries}


class TestOneRound:
    def test_it_reads_back_as_it_was_published(self, client: Client) -> None:
        page = round_of_2090()
        assert own(page) in html_of(client, page.url)
        text = raw(client, own(page))
        calendar = read(client, own(page))
        assert calendar.method.value == "PUBLISH"
        days = by_what(calendar)
        assert {what: entry["dtstart"] for what, entry in days.items()} == {
            "Mở nhận hồ sơ": date(2090, 3, 1),
            "Giải đáp thắc mắc": date(2090, 5, 5),
            "Hạn nộp": at("2090-05-20", "17:00"),
            "Công bố kết quả": date(2090, 6, 1),
            "Trao giải": at("2090-06-10", "08:30"),
        }
        assert "DTSTART;VALUE=DATE:20900301" in text
        assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20900520T170000" in text
        assert text.count("BEGIN:VTIMEZONE") == 1
        deadline = days["Hạn nộp"]
        assert deadline["summary"] == "Hạn nộp: Láng Thé; đợt 2090"
        assert deadline["dtstart"].utcoffset() == timedelta(hours=7)
        assert deadline["url"] == f"http://testserver{page.url}"
        assert deadline["description"].startswith(page.intro)
        assert (deadline["status"], deadline["transp"]) == ("CONFIRMED", "TRANSPARENT")
        assert days["Trao giải"]["location"] == "Hội trường tỉnh"
        assert raw(client, own(page)) == text

    def test_days_without_an_hour_need_no_zone_but_a_deadline_at_midnight_has_one(
        self, client: Client
    ) -> None:
        bare = {"awarded_at": None, "more_dates": []}
        page = round_of_2090(closes_at=at("2090-05-20", "00:00"), **bare)
        assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20900520T000000" in raw(client, own(page))
        past = {"opens_at": None, "closes_at": None, "results_at": at("2020-01-02", "00:00")}
        page = publish(page, **past)
        text = raw(client, own(page))
        assert "DTSTART;VALUE=DATE:20200102" in text
        assert "VTIMEZONE" not in text

    def test_a_moved_day_keeps_its_uid_and_raises_the_sequence(self, client: Client) -> None:
        page = round_of_2090()
        call = header(page)
        call.created_at = call.revised_at = timezone.now() - timedelta(hours=1)
        call.save()
        before = by_what(read(client, own(page)))
        page.more_dates[0].value["day"] = date(2090, 5, 7)
        page.more_dates[0].value["title"] = "Giải đáp lần hai"
        page = publish(page, closes_at=at("2090-05-27", "17:00"))
        after = by_what(read(client, own(page)))
        for old, new in (("Hạn nộp", "Hạn nộp"), ("Giải đáp thắc mắc", "Giải đáp lần hai")):
            assert after[new]["uid"] == before[old]["uid"]
            assert after[new]["dtstart"] > before[old]["dtstart"]
            assert int(after[new]["sequence"]) > int(before[old]["sequence"])
        assert len({entry["uid"] for entry in after.values()}) == 5

    def test_a_cancelled_round_is_struck_off(self, client: Client) -> None:
        page = publish(round_of_2090(), status="cancelled", status_note="Không đủ hồ sơ.")
        calendar = read(client, own(page))
        assert calendar.method.value == "CANCEL"
        days = by_what(calendar)
        assert {entry["status"] for entry in days.values()} == {"CANCELLED"}
        assert days["Hạn nộp"]["description"].startswith("Đã hủy. Không đủ hồ sơ.")
        assert "Gỡ khỏi lịch (.ics)" in html_of(client, page.url)

    def test_each_language_tells_it_in_its_own_words(self, client: Client) -> None:
        page = round_of_2090()
        english = page.get_translation_or_none(Locale.objects.get(language_code="en"))
        if english is None:
            english = page.copy_for_translation(
                Locale.objects.get(language_code="en"), copy_parents=True
            )
        english.alias_of = None
        english.title, english.slug = "Lang The round of 2090", "lang-the-2090"
        english.more_dates[0].value["title"] = "Questions answered"
        english.save_revision().publish()
        days = by_what(read(client, f"/en{own(page)}"))
        assert days["Deadline"]["summary"] == "Deadline: Lang The round of 2090"
        vietnamese = by_what(read(client, own(page)))
        pairs = (("Deadline", "Hạn nộp"), ("Questions answered", "Giải đáp thắc mắc"))
        for said, meant in pairs:
            assert days[said]["uid"] == vietnamese[meant]["uid"]

    @pytest.mark.parametrize("number", ["gt-0999", "gt-0001%00", "gt-1", "GT-0001", "sk-0001"])
    def test_there_is_no_file_of_what_is_not_public(self, client: Client, number: str) -> None:
        assert client.get(f"/giai-thuong/{number}.ics").status_code == 404

    def test_a_draft_or_a_closed_page_has_neither_file_nor_day(self, client: Client) -> None:
        days = {"closes_at": at("2090-05-20", "17:00"), "results_at": None}
        hidden = draft(title="Đợt còn nháp", **days)
        closed = round_of_2090(title="Đợt nội bộ")
        page = round_of_2090(title="Đợt có bản nháp mới")
        PageViewRestriction.objects.create(page=closed, restriction_type="login")
        page.title = "Tên chưa đăng"
        page.more_dates[0].value["title"] = "Việc chưa đăng"
        page.save_revision()
        for gone in (hidden, closed):
            assert client.get(own(gone)).status_code == 404
        told = raw(client, FEED) + html_of(client, "/su-kien/?xem=thang&thang=2090-05")
        assert "Đợt có bản nháp mới" in told
        for secret in ("Đợt còn nháp", "Đợt nội bộ", "Tên chưa đăng", "Việc chưa đăng"):
            assert secret not in told, secret


class TestFeedAndMonth:
    def test_the_feed_holds_days_to_come_and_of_late(self, client: Client) -> None:
        now = timezone.now().replace(microsecond=0)
        published(
            title="Đợt đang nhận",
            opens_at=now - timedelta(days=40),
            closes_at=now - timedelta(days=3),
            results_at=now + timedelta(days=3),
        )
        event(title="Hội thảo dừa")
        told = {entry.summary.value for entry in read(client, FEED).vevent_list}
        assert told == {"Hội thảo dừa", "Hạn nộp: Đợt đang nhận", "Công bố kết quả: Đợt đang nhận"}

    def test_a_cancelled_round_stays_in_the_feed_and_the_month_marked_as_such(
        self, client: Client
    ) -> None:
        publish(round_of_2090(), status="cancelled", status_note="Không đủ hồ sơ.")
        calendar = read(client, FEED)
        assert calendar.method.value == "PUBLISH"
        assert {entry["status"] for entry in by_what(calendar).values()} == {"CANCELLED"}
        assert "Đã hủy" in html_of(client, "/su-kien/?xem=thang&thang=2090-05")

    def test_the_month_shows_them_beside_events_in_words_and_leads_to_the_round(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        page = round_of_2090()
        event(title="Ngày hội", starts_at=at("2090-05-20"), ends_at=at("2090-05-20", "11:00"))
        month = "/su-kien/?xem=thang&thang=2090-05"
        html = html_of(client, month)
        day = html.partition('datetime="2090-05-20"')[2].partition("</td>")[0]
        assert day.index("Ngày hội") < day.index("Hạn nộp 17:00") < day.index(page.title)
        assert f'href="{page.url}"' in day
        assert "Giải đáp thắc mắc" in html
        assert "Trao giải" not in html
        assert "Trao giải 8:30" in html_of(client, "/su-kien/?xem=thang&thang=2090-06")
        assert "Không có sự kiện trong tháng này." in html_of(
            client, "/su-kien/?xem=thang&thang=2090-07"
        )
        round_of_2090()
        client.get(month)
        with django_assert_max_num_queries(16):
            client.get(month)

    def test_who_narrows_events_sees_no_awards(self, client: Client) -> None:
        round_of_2090()
        narrowed = "loai-su-kien=hoi_thao"
        month = html_of(client, f"/su-kien/?xem=thang&thang=2090-05&{narrowed}")
        assert "Láng Thé" not in month
        assert not hasattr(read(client, f"{FEED}?{narrowed}"), "vevent")
