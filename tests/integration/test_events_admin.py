"""The one form of the admin in which staff write an event."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.events.models import EventIndexPage, EventPage
from registry.events.models import Event
from tests.factories import commune, make_staff, term
from tests.integration.events_support import header, new_site
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(db: None) -> EventIndexPage:
    """A new site with its list of events."""
    cache.clear()
    return new_site()


def form(**changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a complete event, with changes."""
    data = {
        "title": "Phiên kết nối dừa",
        "slug": "phien-ket-noi-dua",
        "intro": "Nhà vườn và nhóm chế biến gặp nhau.",
        "starts_at": "2090-12-02 08:00",
        "ends_at": "2090-12-02 11:30",
        "status": "announced",
        "status_note": "",
        "mode": "tai_cho",
        "venue": "Hội trường A",
        "commune": str(commune("An Bình").pk),
        "online_url": "",
        "event_type": str(term("event_type", "ket_noi").pk),
        "audiences": [str(term("audience", "htx_ho").pk)],
        "agenda": streamfield([("session", {"time": "08:00", "title": "Mở đầu", "note": ""})]),
        "body": streamfield([]),
        "materials": streamfield([]),
        "speakers": inline_formset(
            [{"name": "Nguyễn Thị Mẫu", "role": "", "organisation": "", "ORDER": "1"}]
        ),
        "comments": inline_formset([]),
        "action-publish": "Đăng",
    }
    return nested_form_data({**data, **changes})


def send(client: Client, index: EventIndexPage, **changes: Any) -> Any:
    """Send the form for a new event as a member of the editors."""
    client.force_login(make_staff("editor"))
    address = reverse("wagtailadmin_pages:add", args=["eventpages", "eventpage", index.pk])
    return client.post(address, form(**changes))


def test_an_event_is_made_and_published_from_one_form(
    client: Client, index: EventIndexPage, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, index)
    assert answer.status_code == 302
    page = EventPage.objects.get(
        slug="phien-ket-noi-dua", locale=Locale.objects.get(language_code="vi")
    )
    assert page.live
    event = header(page)
    assert event.is_public
    assert event.starts_at is not None
    assert event.starts_at.hour == 1  # eight o'clock in Vietnam
    assert [speaker.name for speaker in page.speakers.all()] == ["Nguyễn Thị Mẫu"]
    # The stand-in for readers of English came with it, and is the same event.
    assert client.get("/en/su-kien/phien-ket-noi-dua/").status_code == 200
    assert Event.objects.count() == 1


def test_what_is_missing_is_said_in_words_and_nothing_is_published(
    client: Client, index: EventIndexPage
) -> None:
    gaps = {"venue": "", "commune": "", "ends_at": "2090-12-02 07:00"}
    answer = send(client, index, image=str(make_image().pk), image_alt=" ", **gaps)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Nhập nơi diễn ra, hoặc chọn hình thức trực tuyến." in html
    assert "Giờ kết thúc phải sau giờ bắt đầu." in html
    assert "Viết chữ thay ảnh." in html
    assert not EventPage.objects.exists()


def test_a_draft_may_lack_its_place(client: Client, index: EventIndexPage) -> None:
    client.force_login(make_staff("editor"))
    data = form(venue="", commune="")
    del data["action-publish"]
    address = reverse("wagtailadmin_pages:add", args=["eventpages", "eventpage", index.pk])
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context_data["form"].errors
    assert not EventPage.objects.get(locale=index.locale).live


def test_a_cancelled_event_is_not_brought_back(client: Client, index: EventIndexPage) -> None:
    send(client, index, status="cancelled", status_note="Bão.")
    page = EventPage.objects.get(locale=index.locale)
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form())
    assert answer.status_code == 200
    assert "Sự kiện đã hủy không mở lại được." in answer.content.decode()
    assert header(page).state == Event.State.CANCELLED
