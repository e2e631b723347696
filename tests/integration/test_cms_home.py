"""The front page: numbers and maps come from what is live."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.pages import maps
from cms.pages.models import HomePage
from registry.directory.models import Entry
from registry.directory.services import archive, hold
from search import service as search
from tests.factories import commune, make_draft, make_live, make_staff, make_user
from tests.integration import awards_support as awards
from tests.integration import events_support as events
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """A site with pages and no entries."""
    cache.clear()
    load_site()


def front_page(client: Client) -> str:
    """Return the front page without its no-break spaces."""
    cache.clear()
    return client.get("/").content.decode().replace("\u00a0", " ")


def numbers(html: str) -> list[str]:
    """Return the large figures of the dark band, in order."""
    band = html.split('class="deep d2"')[1].split("</section>")[0]
    return re.findall(r"<b>(\d+)", band)


def test_an_empty_catalogue_shows_zeros_and_promises_nothing(client: Client) -> None:
    html = front_page(client)
    assert numbers(html) == ["0", "0", "0", "0"]
    assert "plates lst" not in html


def test_numbers_and_map_count_what_is_live_and_no_draft(client: Client) -> None:
    owner = make_user()
    organisation = make_live(owner, title="Xưởng Bến Sông")
    make_live(owner, "offer", organisation=organisation, title="Máy sấy vỉ ngang")
    make_draft(owner, "offer", organisation=organisation, title="Điều chưa công bố")
    html = front_page(client)
    assert numbers(html) == ["1", "1", "0", "100"]
    assert "Máy sấy vỉ ngang" in html
    assert "Điều chưa công bố" not in html
    assert maps.delta({commune().code: 2}).few in html
    assert commune().label in html


def test_the_search_box_leads_to_the_search_page(client: Client) -> None:
    assert 'action="/tim-kiem/"' in front_page(client)


def test_public_figures_name_their_source(client: Client) -> None:
    html = front_page(client)
    assert "thứ hạng PII 2025" in html
    assert "Báo Nhân Dân" in html


def cards(html: str) -> list[str]:
    """Return the names on the cards of technology, in order."""
    row = html.split('class="plates lst short"')[1].split("</ul>")[0]
    return [" ".join(name.split()) for name in re.findall(r"<h3><a[^>]*>(.*?)</a>", row)]


class TestEditing:
    """What an editor writes on the home page, in the form of the admin."""

    @pytest.fixture
    def offers(self) -> list[Entry]:
        """Six technologies, each confirmed a day before the one after it."""
        owner, moderator = make_user(), make_staff("moderator")
        organisation = make_live(owner, title="Xưởng Bến Sông", moderator=moderator)
        made = []
        for day in range(6):
            title = f"Máy sấy số {day + 1}"
            offer = make_live(
                owner, "offer", title=title, organisation=organisation, moderator=moderator
            )
            confirmed = timezone.now() - timedelta(days=10 - day)
            Entry.objects.filter(pk=offer.pk).update(last_confirmed_at=confirmed)
            made.append(offer)
        search.reindex("offer", [offer.pk for offer in made])
        return made

    def save(self, client: Client, chosen: list[Entry], **changes: Any) -> None:
        """Publish the home page with these entries put forward, in this order."""
        home = HomePage.objects.get(locale__language_code="vi")
        figure = {"value": "17/34", "unit": "", "label": "thứ hạng của tỉnh"}
        rows = [
            {"entry": str(entry.pk), "ORDER": str(place)} for place, entry in enumerate(chosen, 1)
        ]
        data = {
            "title": home.title,
            "slug": home.slug,
            "heading": "Cả đồng bằng trong một ô tìm",
            "intro": "Hỏi bằng lời thường.",
            "tries": "máy tách vỏ\nquạt nước\n\nphao đo mặn\nlò trấu\nthuyền điện",
            "features": inline_formset(rows),
            "figures": streamfield(
                [
                    (
                        "figures",
                        {"figures": streamfield([("item", figure)]), "source": "Báo Cổ Chiên"},
                    )
                ]
            ),
            "body": streamfield([]),
            "comments": inline_formset([]),
            "action-publish": "Đăng",
        }
        editor = Client()
        editor.force_login(make_staff("editor"))
        address = reverse("wagtailadmin_pages:edit", args=[home.pk])
        answer = editor.post(address, nested_form_data({**data, **changes}))
        assert answer.status_code == 302, answer.content.decode()

    def test_the_opening_words_what_to_try_and_the_figures_are_the_editors(
        self, client: Client
    ) -> None:
        before = front_page(client)
        assert "máy sấy năng lượng mặt trời" in before
        self.save(client, [])
        html = front_page(client)
        assert re.search(r'<h1 id="mo-dau">Cả đồng bằng trong một ô tìm</h1>', html)
        assert '<p class="lead">Hỏi bằng lời thường.</p>' in html
        hints = html.split('<p class="hints">')[1].split("</p>")[0]
        assert re.findall(r">([^<]+)</a>", hints) == [
            "máy tách vỏ",
            "quạt nước",
            "phao đo mặn",
            "lò trấu",
        ]
        assert "thứ hạng của tỉnh" in html
        assert "Báo Cổ Chiên" in html
        assert "Báo Nhân Dân" not in html

    def test_what_editors_chose_comes_first_and_the_newest_fill_up(
        self, client: Client, offers: list[Entry]
    ) -> None:
        assert cards(front_page(client)) == [f"Máy sấy số {number}" for number in (6, 5, 4, 3)]
        self.save(client, [offers[1], offers[5], offers[0]])
        assert cards(front_page(client)) == [f"Máy sấy số {number}" for number in (2, 6, 1, 5)]
        moderator = make_staff("moderator")
        hold(offers[1], moderator)
        archive(offers[5], moderator, reason="Đã ngừng sản xuất")
        html = front_page(client)
        assert cards(html) == [f"Máy sấy số {number}" for number in (1, 5, 4, 3)]
        assert "Máy sấy số 6" not in html


def test_an_engine_that_may_be_behind_is_not_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is kept for minutes: a card of what was hidden a moment ago would be kept with it."""
    owner = make_user()
    organisation = make_live(owner, title="Xưởng Bến Sông")
    make_live(owner, "offer", organisation=organisation, title="Máy sấy vỉ ngang")
    monkeypatch.setattr(search, "engine", lambda: pytest.fail("hỏi công cụ ngoài cơ sở dữ liệu"))
    assert cards(front_page(client)) == ["Máy sấy vỉ ngang"]


def test_what_comes_next_stands_in_order_of_its_day_and_nothing_else(client: Client) -> None:
    now = timezone.now().replace(microsecond=0)

    def held(title: str, days: int, **changes: object) -> None:
        starts = now + timedelta(days=days)
        page = events.published(title=title, starts_at=starts, ends_at=starts + timedelta(hours=2))
        if changes:
            events.publish(page, **changes)

    def called(title: str, opens: int, closes: int, **changes: object) -> None:
        dates = {"opens_at": now + timedelta(days=opens), "closes_at": now + timedelta(days=closes)}
        awards.published(title=title, results_at=None, **dates, **changes)

    for title, days in (("Hội thứ ba", 30), ("Hội thứ nhất", 3), ("Hội thứ hai", 9)):
        held(title, days)
    held("Hội đã qua", -3)
    held("Hội đã bỏ", 1, status="cancelled", status_note="Bão.")
    called("Đợt hạn sau", -5, 20)
    called("Đợt hạn trước", -2, 6)
    called("Đợt đã đóng", -20, -1)
    called("Đợt đã bỏ", -1, 2, status="cancelled", status_note="Thiếu hồ sơ.")
    html = front_page(client)
    ordered = ("Hội thứ nhất", "Hội thứ hai", "Hội thứ ba"), ("Đợt hạn trước", "Đợt hạn sau")
    for titles in ordered:
        places = [html.index(title) for title in titles]
        assert places == sorted(places), titles
    for gone in ("Hội đã qua", "Hội đã bỏ", "Đợt đã đóng", "Đợt đã bỏ"):
        assert gone not in html, gone


class TestMap:
    def test_every_commune_has_its_courses(self) -> None:
        for code in maps._data()["fine"]["communes"]:
            assert maps.locator(code).many.startswith("M")
        assert len(maps._data()["fine"]["communes"]) == 124

    def test_many_and_few_are_told_apart(self) -> None:
        codes = list(maps._data()["fine"]["communes"])[:5]
        drawn = maps.delta(dict(zip(codes, (1, 1, 2, 2, 9), strict=True)))
        assert maps.locator(codes[4]).many in drawn.many
        assert maps.locator(codes[0]).many in drawn.few

    def test_an_unknown_commune_is_no_error(self) -> None:
        assert maps.delta({"00000": 5}).many == ""
        assert maps.locator("<script>").many == ""
