"""The one form of the admin in which staff write a round of an award, and later its results."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from cms.awards.models import AwardProgrammePage, CallPage
from registry.directory.models import Entry
from search import service as search
from search.contracts import SearchQuery
from tests.factories import make_live, make_staff, make_user
from tests.integration.awards_support import award, new_site
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def above(db: None) -> AwardProgrammePage:
    """A new site with one recurring award."""
    cache.clear()
    new_site()
    return award(title="Giải thưởng Cổ Chiên")


@pytest.fixture
def keeper(above: AwardProgrammePage) -> Any:
    return make_user()


@pytest.fixture
def workshop(keeper: Any) -> Entry:
    return make_live(keeper, title="Xưởng Vàm Lộc")


@pytest.fixture
def dryer(keeper: Any, workshop: Entry) -> Entry:
    return make_live(keeper, "offer", title="Máy sấy dừa", organisation=workshop)


def form(workshop: Entry, dryer: Entry, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a round that is over, with its results."""
    today = timezone.localdate()

    def day(ago: int) -> str:
        return f"{today - timedelta(days=ago):%Y-%m-%d} 08:00"

    data = {
        "title": "Giải thưởng Cổ Chiên năm nay",
        "slug": "nam-nay",
        "year": str(today.year),
        "intro": "Nộp một tệp PDF không quá 15 trang.",
        "status": "planned",
        "status_note": "",
        "opens_at": day(60),
        "closes_at": day(30),
        "results_at": day(2),
        "awarded_at": day(1),
        "awarded_place": "Hội trường A",
        "more_dates": streamfield([("date", {"day": f"{today:%Y-%m-%d}", "title": "Triển lãm"})]),
        "eligibility": "Hợp tác xã trong tỉnh.",
        "categories": streamfield([("category", {"title": "Chế biến", "text": "Máy đang chạy."})]),
        "prizes": streamfield([("prize", {"title": "Giải Vàng", "count": "1", "value": "Cúp"})]),
        "entry_how": "Gửi qua bưu điện.",
        "entry_url": "",
        "entry_email": "giai@mau.example",
        "entry_phone": "",
        "entry_address": "",
        "body": streamfield([("text", rich_text("<p>Thể lệ có bảy điều.</p>"))]),
        "documents": streamfield([]),
        "judges": inline_formset(
            [
                {"name": "Trần Đã Thuận", "role": "", "organisation": "", "ORDER": "1",
                 "agreed_on": f"{today:%Y-%m-%d}", "agreed_how": "Email"},
                {"name": "Lê Chưa Thuận", "role": "", "organisation": "", "ORDER": "2",
                 "agreed_on": "", "agreed_how": ""},
            ]
        ),
        "winners": inline_formset(
            [
                {"prize": "Giải Vàng", "category": "Chế biến", "entry": str(workshop.pk), "name": "",
                 "offer": str(dryer.pk), "work": "", "note": "Chạy hai mùa.", "ORDER": "1"},
            ]
        ),
        "comments": inline_formset([]),
        "action-publish": "Đăng",
    }  # fmt: skip
    return nested_form_data({**data, **changes})


def send(client: Client, above: AwardProgrammePage, data: dict[str, Any]) -> Any:
    """Send the form for a new round as a member of the editors."""
    client.force_login(make_staff("editor"))
    address = reverse("wagtailadmin_pages:add", args=["awardpages", "callpage", above.pk])
    return client.post(address, data)


def test_a_round_with_its_winners_is_published_from_one_form_and_found_everywhere(
    client: Client, above: AwardProgrammePage, workshop: Entry, dryer: Entry
) -> None:
    answer = send(client, above, form(workshop, dryer))
    assert answer.status_code == 302
    page = CallPage.objects.get(slug="nam-nay", locale=above.locale)
    assert page.live
    client.logout()

    def read(path: str) -> str:
        shown = client.get(path)
        assert shown.status_code == 200, path
        return shown.content.decode().replace("\xa0", " ")

    html = read(page.get_url())
    for words in ("Hợp tác xã trong tỉnh.", "Chế biến", "Máy đang chạy.", "Giải Vàng", "Cúp",
                  "Thể lệ có bảy điều.", "Triển lãm", "Trần Đã Thuận", "Chạy hai mùa."):  # fmt: skip
        assert words in html, words
    assert "Lê Chưa Thuận" not in html, "a judge who did not agree is nobody's business"
    assert workshop.get_absolute_url() in html
    assert dryer.get_absolute_url() in html
    for entry in (workshop, dryer):
        assert page.get_url() in read(entry.get_absolute_url()), entry.kind
    assert "Xưởng Vàm Lộc" in read("/giai-thuong/?xem=vinh-danh")
    found = search.search(SearchQuery(text="co chien nam nay", kinds=("award",)))
    assert page.get_url() in [hit.url for hit in found.hits]
    assert page.get_url() in read("/tim-kiem/?q=xuong+vam+loc+giai+vang")


def test_a_line_of_the_results_that_names_nobody_is_refused(
    client: Client, above: AwardProgrammePage, workshop: Entry, dryer: Entry
) -> None:
    data = form(workshop, dryer) | {"winners-0-entry": "", "winners-0-offer": ""}
    answer = send(client, above, data)
    assert answer.status_code == 200
    said = "Chọn tổ chức, công nghệ đạt giải hoặc viết tên người đạt giải."
    assert said in answer.content.decode()
    assert not CallPage.objects.exists()


def test_a_picture_goes_out_with_words_that_stand_in_for_it(
    client: Client, above: AwardProgrammePage, workshop: Entry, dryer: Entry
) -> None:
    data = form(workshop, dryer) | {"image": str(make_image().pk), "image_alt": " "}
    assert "Viết chữ thay ảnh." in send(client, above, data).content.decode()
    assert not CallPage.objects.exists()
    draft = {name: value for name, value in data.items() if name != "action-publish"}
    assert send(client, above, draft).status_code == 302, "a draft may wait for them"
    data |= {"image_alt": "Hội đồng xem máy sấy", "slug": "dot-khac", "form_key": "khac"}
    assert send(client, above, data).status_code == 302
    assert CallPage.objects.get(slug="dot-khac", locale=above.locale).live
