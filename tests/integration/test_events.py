"""Events: an editor publishes, postpones, cancels, copies and translates them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry, PageViewRestriction

from cms.events.models import EventIndexPage, EventPage
from registry.events import services
from registry.events.models import Event
from tests.factories import make_staff, make_user, term
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

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> EventIndexPage:
    """A new site with its list of events."""
    cache.clear()
    return new_site()


class TestPublishing:
    def test_a_draft_has_a_number_and_nobody_sees_it(self, client: Client) -> None:
        page = draft(title="Chưa công bố")
        assert re.fullmatch(r"SK \d{4}", header(page).number)
        assert not header(page).is_public
        assert "Chưa công bố" not in html_of(client, "/su-kien/")
        assert found("chưa công bố") == []
        assert client.get(f"/su-kien/{header(page).number_slug}.ics").status_code == 404

    def test_publishing_brings_the_header_in_line(self) -> None:
        page = published(capacity=120, registration_url="https://dang-ky.example/")
        event = header(page)
        assert event.is_public
        assert (event.starts_at, event.ends_at) == (page.starts_at, page.ends_at)
        assert (event.capacity, event.registration_url) == (120, "https://dang-ky.example/")
        assert event.type == term("event_type", "ket_noi")
        assert list(event.audiences.all()) == [term("audience", "htx_ho")]
        assert event.words is not None
        assert event.words.url == f"/su-kien/{page.slug}/"

    def test_the_list_the_month_and_the_home_page_show_it(self, client: Client) -> None:
        page = published(title="Hội thảo giữ nước ngọt")
        month = timezone.localtime(page.starts_at).strftime("%Y-%m")
        for path in ("/su-kien/", f"/su-kien/?xem=thang&thang={month}", "/"):
            assert "Hội thảo giữ nước ngọt" in html_of(client, path), path

    def test_the_page_tells_when_where_and_for_whom(self, client: Client) -> None:
        page = published(starts_at=at("2090-12-02"), ends_at=at("2090-12-02", "11:30"))
        html = html_of(client, page.url)
        assert "8:00–11:30, thứ Bảy 02/12/2090" in html
        assert "Hội trường A, xã An Bình" in html
        assert "Hợp tác xã, hộ sản xuất" in html
        assert header(page).number in html

    def test_hours_are_vietnamese_and_kept_in_utc(self) -> None:
        page = published(starts_at=at("2090-12-02"), ends_at=at("2090-12-02", "11:30"))
        starts = header(page).starts_at
        assert starts is not None
        assert starts.utcoffset() == timedelta(0)
        assert starts.hour == 1

    def test_a_change_moves_the_sequence_and_an_untouched_page_does_not(self) -> None:
        page = published()
        first = header(page).sequence
        page = publish(page)
        assert header(page).sequence == first
        page = publish(page, venue="Hội trường B")
        assert header(page).sequence == first + 1

    def test_taking_the_page_off_hides_the_event_everywhere(self, client: Client) -> None:
        page = published(title="Ngày hội sắp gỡ")
        page.unpublish()
        assert not header(page).is_public
        assert found("ngày hội sắp gỡ") == []
        assert "Ngày hội sắp gỡ" not in html_of(client, "/su-kien/")
        page = publish(page)
        assert found("ngày hội sắp gỡ") == ["Ngày hội sắp gỡ"]
        EventPage.objects.get(pk=page.pk).delete()
        assert found("ngày hội sắp gỡ") == []

    def test_a_page_for_some_readers_only_is_no_public_event(self, client: Client) -> None:
        page = published(title="Họp kín")
        lock = PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert found("họp kín") == []
        assert "Họp kín" not in html_of(client, "/su-kien/lich.ics")
        lock.delete()
        assert found("họp kín") == ["Họp kín"]

    def test_a_new_address_of_the_list_reaches_the_header(
        self, site: EventIndexPage, django_capture_on_commit_callbacks: Any
    ) -> None:
        page = published()
        with django_capture_on_commit_callbacks(execute=True):
            site.slug = "lich-su-kien"
            site.save_revision().publish()
        words = header(page).words
        assert words is not None
        assert words.url == f"/lich-su-kien/{page.slug}/"

    def test_changes_are_in_the_audit_log(self) -> None:
        page = publish(published(), status="cancelled", status_note="Bão.")
        actions = ModelLogEntry.objects.filter(object_id=header(page).pk).values_list(
            "action", flat=True
        )
        assert {"registry.event.published", "registry.event.cancelled"} <= set(actions)


class TestMistakes:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"starts_at": at("2090-12-02"), "ends_at": at("2090-12-01")}, "ends_at"),
            ({"starts_at": at("2090-12-02"), "ends_at": at("2090-12-02")}, "ends_at"),
            ({"starts_at": None}, "starts_at"),
            ({"ends_at": None}, "ends_at"),
            ({"venue": " ", "commune": None}, "venue"),
            ({"mode": "truc_tuyen"}, "online_url"),
            ({"status": "postponed"}, "status_note"),
            ({"status": "cancelled"}, "status_note"),
        ],
    )
    def test_what_does_not_fit_is_named_at_its_field(
        self, changes: dict[str, Any], field: str
    ) -> None:
        page = draft()
        for name, value in changes.items():
            setattr(page, name, value)
        with pytest.raises(ValidationError) as caught:
            page.full_clean()
        assert field in caught.value.message_dict

    def test_a_draft_may_have_gaps_but_not_an_end_before_its_beginning(self) -> None:
        page = draft()
        page.is_only_drafted = True
        page.venue, page.commune, page.starts_at = "", None, None
        page.full_clean()
        page.starts_at, page.ends_at = at("2090-12-02"), at("2090-12-01")
        with pytest.raises(ValidationError):
            page.full_clean()

    def test_people_who_are_no_editors_change_nothing(self) -> None:
        page = published()
        for person in (make_user(), make_staff("moderator"), make_staff("broker")):
            with pytest.raises(services.Forbidden):
                services.cancel(header(page), person, note="Bão.")
        assert header(page).state == Event.State.ANNOUNCED
        assert services.cancel(header(page), make_staff("editor"), note="Bão.").state == "cancelled"

    def test_a_second_page_cannot_speak_for_the_event_in_the_same_language(self) -> None:
        page = published()
        from cms.events.publishing import facts_of, words_of

        with pytest.raises(services.EventError):
            services.publish_event(
                page.translation_key,
                language="vi",
                page_id=page.pk + 1,
                facts=facts_of(page),  # type: ignore[arg-type]
                words=words_of(page),  # type: ignore[arg-type]
            )


class TestLife:
    def test_postponing_without_a_new_day_keeps_the_old_one_struck_through(
        self, client: Client
    ) -> None:
        page = published(starts_at=at("2090-12-02"), ends_at=at("2090-12-02", "11:30"))
        page = publish(
            page, status="postponed", status_note="Chờ đường xong.", starts_at=None, ends_at=None
        )
        html = html_of(client, page.url)
        assert "Dời ngày" in html
        assert "Chờ đường xong." in html
        assert re.search(r"<s [^>]*>.*8:00–11:30, thứ Bảy 02/12/2090</s>", html, re.DOTALL)
        assert page.title in html_of(client, "/su-kien/")

    def test_a_new_day_is_shown_and_announced_to_search_engines(self, client: Client) -> None:
        page = published(starts_at=at("2090-12-02"), ends_at=at("2090-12-02", "11:30"))
        page = publish(
            page,
            status="postponed",
            status_note="Chờ đường xong.",
            starts_at=at("2090-12-09"),
            ends_at=at("2090-12-09", "11:30"),
        )
        data = structured(client, page)
        assert data["eventStatus"] == "https://schema.org/EventRescheduled"
        assert data["startDate"] == "2090-12-09T08:00:00+07:00"
        assert data["previousStartDate"] == "2090-12-02T08:00:00+07:00"
        assert "Ngày mới 09/12/2090." in html_of(client, page.url)

    def test_cancelled_stays_cancelled_whatever_an_old_version_says(self, client: Client) -> None:
        page = published()
        old = page.latest_revision
        page = publish(page, status="cancelled", status_note="Bão.")
        old.publish()
        assert header(page).state == Event.State.CANCELLED
        html = html_of(client, page.url)
        assert "Đã hủy" in html
        assert structured(client, page)["eventStatus"] == "https://schema.org/EventCancelled"

    def test_what_has_ended_is_finished_by_the_clock(self, client: Client) -> None:
        page = published(title="Tập huấn đã xong")
        assert services.finish_due() == 0
        later = timezone.now() + timedelta(days=30)
        assert services.finish_due(later) == 1
        assert services.finish_due(later) == 0
        assert header(page).state == Event.State.FINISHED
        assert found("tập huấn đã xong", event_when=("da_qua",)) == ["Tập huấn đã xong"]
        assert found("tập huấn đã xong", event_when=("sap_toi",)) == []
        assert "Tập huấn đã xong" in html_of(client, "/su-kien/?khi=da-qua")
        assert "Tập huấn đã xong" not in html_of(client, "/su-kien/")

    def test_an_end_put_off_brings_a_finished_event_back(self) -> None:
        page = published(starts_at=at("2020-01-01"), ends_at=at("2020-01-01", "11:00"))
        assert header(page).state == Event.State.FINISHED
        page = publish(page, starts_at=at("2090-01-01"), ends_at=at("2090-01-01", "11:00"))
        assert header(page).state == Event.State.ANNOUNCED

    def test_the_workers_job_is_harmless_on_waiting_and_cancelled_events(self) -> None:
        waiting = publish(
            published(), status="postponed", status_note="Sẽ báo.", starts_at=None, ends_at=None
        )
        cancelled = publish(published(), status="cancelled", status_note="Bão.")
        services.finish_due(timezone.now() + timedelta(days=400))
        assert header(waiting).state == Event.State.POSTPONED
        assert header(cancelled).state == Event.State.CANCELLED


class TestCopies:
    def test_a_copy_is_another_event_a_year_later(self) -> None:
        page = publish(
            published(starts_at=at("2020-03-04"), ends_at=at("2020-03-04", "11:00")),
            status="cancelled",
            status_note="Bão.",
        )
        copy = page.copy(update_attrs={"slug": "nam-sau", "title": "Năm sau"}, keep_live=False)
        copy = EventPage.objects.get(pk=copy.pk)
        assert header(copy) != header(page)
        assert header(copy).number != header(page).number
        assert not header(copy).is_public
        copy = publish(copy.get_latest_revision_as_object())
        event = header(copy)
        assert event.state == Event.State.ANNOUNCED
        assert event.starts_at is not None
        assert event.starts_at > timezone.now()
        assert (event.starts_at - at("2020-03-04")).days % 7 == 0
        assert header(page).state == Event.State.CANCELLED

    def test_copying_in_the_admin_leads_to_the_form_of_the_new_event(self, client: Client) -> None:
        page = published(starts_at=at("2020-03-04"), ends_at=at("2020-03-04", "11:00"))
        client.force_login(make_staff("editor"))
        answer = client.post(
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            {
                "new_title": "Phiên năm nay",
                "new_slug": "phien-nam-nay",
                "new_parent_page": page.get_parent().pk,
                "publish_copies": "on",
            },
        )
        copy = EventPage.objects.get(slug="phien-nam-nay", locale__language_code="vi")
        assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[copy.pk])
        assert copy.starts_at is not None
        assert copy.starts_at > timezone.now()
        assert header(copy).starts_at == copy.starts_at
        assert header(copy).state == Event.State.ANNOUNCED


class TestLanguages:
    def test_a_translation_shares_the_header_and_says_its_own_words(self, client: Client) -> None:
        page = published(title="Hội thảo xâm nhập mặn")
        english = page.get_translation_or_none(Locale.objects.get(language_code="en"))
        if english is None:
            english = page.copy_for_translation(
                Locale.objects.get(language_code="en"), copy_parents=True
            )
        english.alias_of = None
        english.title, english.slug = "Salt intrusion seminar", "salt-intrusion"
        english.save_revision().publish()
        english = EventPage.objects.get(pk=english.pk)
        assert header(english) == header(page)
        assert Event.objects.count() == 1
        assert {text.language for text in header(page).texts.all()} == {"vi", "en"}
        html = html_of(client, english.url)
        assert "Salt intrusion seminar" in html
        assert "Matchmaking session" in html
        assert "Salt intrusion seminar" in html_of(client, "/en/su-kien/lich.ics")
        assert "Hội thảo xâm nhập mặn" in html_of(client, "/su-kien/lich.ics").replace("\r\n ", "")

    def test_a_translation_cannot_move_the_event(self) -> None:
        page = published()
        english = page.copy_for_translation(
            Locale.objects.get(language_code="en"), copy_parents=True
        )
        english.slug = "moved"
        english.starts_at += timedelta(days=5)
        english.ends_at += timedelta(days=5)
        english.save_revision().publish()
        assert header(page).starts_at == page.starts_at

    def test_taking_the_translation_off_leaves_the_vietnamese_event(self) -> None:
        page = published()
        english = page.copy_for_translation(
            Locale.objects.get(language_code="en"), copy_parents=True
        )
        english.slug = "for-a-while"
        english.save_revision().publish()
        EventPage.objects.get(pk=english.pk).unpublish()
        assert header(page).is_public
        assert {text.language for text in header(page).texts.all()} == {"vi"}

    def test_a_stand_in_page_says_nothing_of_its_own(self, client: Client) -> None:
        page = published(title="Chỉ có tiếng Việt")
        page.copy_for_translation(
            Locale.objects.get(language_code="en"), copy_parents=True, alias=True
        )
        page = publish(EventPage.objects.get(pk=page.pk), venue="Hội trường C")
        assert {text.language for text in header(page).texts.all()} == {"vi"}
        html = html_of(client, f"/en/su-kien/{page.slug}/")
        assert "Hội trường C" in html
        assert header(page).number in html
