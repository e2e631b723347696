"""A page goes out at its hour and comes off at its last one, by the worker, wherever it is listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from cms.documents.models import DocumentType, LegalDocumentIndexPage, LegalDocumentPage
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import HomePage, StandardPage
from portal.jobs import JOBS, run_due
from tests.integration.awards_support import draft as draft_call
from tests.integration.events_support import draft as draft_event
from tests.integration.test_page_cache import Visitor
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Kỳ mở xưởng tháng mười hai"
SCHEDULED = tuple(job for job in JOBS if job.name == "pages.publish_scheduled")


@pytest.fixture
def site(settings: Any, transactional_db: None) -> Visitor:
    """A site whose pages are kept, as a visitor without cookies sees it."""
    settings.PAGE_CACHE_SECONDS = 300
    load_site()
    cache.clear()
    return Visitor()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Return a function that moves the clock forward and lets the worker have its turn."""
    begun, now = timezone.now(), timezone.now

    def move(by: timedelta) -> datetime:
        ahead = begun + by
        monkeypatch.setattr(timezone, "now", lambda: ahead + (now() - begun))
        assert run_due("worker", timezone.now(), SCHEDULED) == ["pages.publish_scheduled"]
        return ahead

    return move


def test_the_worker_looks_every_minute_so_that_nobody_needs_a_cron_job() -> None:
    (job,) = SCHEDULED
    assert job.every <= timedelta(minutes=1)


def scheduled(page: Any) -> Any:
    """Approve a draft for the day after tomorrow, for two days."""
    now = timezone.now()
    page.go_live_at, page.expire_at = now + timedelta(days=2), now + timedelta(days=4)
    page.save_revision().publish()
    page.refresh_from_db()
    assert not page.live
    return page


def an_article() -> NewsPage:
    index = NewsIndexPage.objects.get(locale__language_code="vi")
    return index.add_child(
        instance=NewsPage(title=TITLE, slug="mo-xuong", intro="Mời xem máy.", live=False)
    )


PLACES = (
    "/tin-tuc/",
    "/",
    "/tim-kiem/?q=mở+xưởng+tháng+mười+hai",
    "/nguon-tin/tin-tuc.rss",
    "/sitemap-trang.xml",
)


def shown(visitor: Visitor, page: Any) -> list[str]:
    """Return the places where the page is listed."""
    found = []
    for path in PLACES:
        visitor.cookies.clear()
        html = visitor.get(path).content.decode().replace("\xa0", " ")
        if TITLE in html or f"{page.slug}/" in html:
            found.append(path)
    return found


def test_an_article_appears_everywhere_at_its_hour_and_is_gone_after_its_last(
    site: Visitor,
    clock: Any,
) -> None:
    page = scheduled(an_article())
    assert shown(site, page) == []
    assert site.get("/tin-tuc/mo-xuong/").status_code == 404
    clock(timedelta(days=1))
    assert shown(site, page) == []
    assert site.is_kept("/tin-tuc/")
    clock(timedelta(days=2, minutes=1))
    assert shown(site, page) == list(PLACES)
    assert TITLE in site.see("/tin-tuc/mo-xuong/").replace("\xa0", " ")
    assert site.is_kept("/tin-tuc/mo-xuong/")
    clock(timedelta(days=4, minutes=1))
    assert shown(site, page) == []
    assert site.get("/tin-tuc/mo-xuong/").status_code == 404


def a_text() -> StandardPage:
    home = HomePage.objects.get(locale__language_code="vi")
    return home.add_child(instance=StandardPage(title=TITLE, slug="mo-xuong", live=False))


def an_event() -> Any:
    return draft_event(title=TITLE)


def a_call() -> Any:
    return draft_call(title=TITLE)


def a_document() -> LegalDocumentPage:
    library = LegalDocumentIndexPage.objects.get(locale__language_code="vi")
    other = LegalDocumentPage.objects.child_of(library).first()
    page = LegalDocumentPage(
        title=TITLE,
        slug="mo-xuong",
        number="12/KH-TT",
        document_type=DocumentType.PLAN,
        issuer=other.issuer,
        source="Trung tâm",
        live=False,
    )
    return library.add_child(instance=page)


@pytest.mark.parametrize("made", [a_text, an_event, a_call, a_document])
def test_pages_of_every_room_keep_their_hours(site: Visitor, clock: Any, made: Any) -> None:
    page = scheduled(made())
    address = page.get_url()
    assert site.get(address).status_code == 404
    clock(timedelta(days=2, minutes=1))
    assert TITLE in site.see(address).replace("\xa0", " ")
    clock(timedelta(days=4, minutes=1))
    assert site.get(address).status_code == 404
