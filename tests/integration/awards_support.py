"""Pages of awards as an editor makes them: through the page, never through the header."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cms.awards.models import (
    AwardIndexPage,
    AwardProgrammePage,
    CallJudge,
    CallPage,
    CallWinner,
)
from registry.competitions.models import Call
from search import service as search
from search.contracts import SearchQuery
from tests.factories import term
from tests.snapshots import load_site

_serial = itertools.count(1)


def new_site() -> AwardIndexPage:
    """Load the first pages; return the Vietnamese list of awards."""
    load_site()
    return AwardIndexPage.objects.get(locale__language_code="vi")


def award(**values: Any) -> AwardProgrammePage:
    """Return a recurring award that anyone may read."""
    index = AwardIndexPage.objects.get(locale__language_code="vi")
    number = next(_serial)
    fields = {
        "title": f"Giải thưởng Cầu Mỹ Thuận {number}",
        "slug": f"giai-{number}",
        "intro": "Cho công nghệ chạy được trong xưởng.",
        "sector": term("sector", "dua"),
    }
    page = AwardProgrammePage(live=False, locale=index.locale, **{**fields, **values})
    page.programmes = [term("programme", "khoi_nghiep")]
    index.add_child(instance=page)
    page.save_revision().publish()
    return AwardProgrammePage.objects.get(pk=page.pk)


def draft(
    above: AwardProgrammePage | None = None,
    *,
    winners: list[CallWinner] | None = None,
    judges: list[CallJudge] | None = None,
    **values: Any,
) -> CallPage:
    """Return a round that now takes entries, saved but not published."""
    parent = above or award()
    number = next(_serial)
    now = timezone.now().replace(microsecond=0, second=0)
    fields = {
        "title": f"Đợt xét giải {now.year} lần {number}",
        "slug": f"dot-{now.year}-{number}",
        "year": now.year,
        "intro": "Nộp một tệp PDF không quá 15 trang.",
        "opens_at": now - timedelta(days=10),
        "closes_at": now + timedelta(days=20),
        "results_at": now + timedelta(days=40),
    }
    page = CallPage(live=False, locale=parent.locale, **{**fields, **values})
    page.winners = winners or []
    page.judges = judges or []
    parent.add_child(instance=page)
    page.save_revision()
    return page


def published(above: AwardProgrammePage | None = None, **values: Any) -> CallPage:
    """Return a round that anyone may read."""
    return publish(draft(above, **values))


def publish(page: CallPage, **changes: Any) -> CallPage:
    """Change a page, publish it, and return it anew."""
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return CallPage.objects.get(pk=page.pk)


def over(above: AwardProgrammePage | None = None, **values: Any) -> CallPage:
    """Return a published round whose results are out."""
    now = timezone.now().replace(microsecond=0, second=0)
    days = {"opens_at": 90, "closes_at": 60, "results_at": 30, "awarded_at": 20}
    dates = {name: now - timedelta(days=back) for name, back in days.items()}
    return published(above, **{**dates, **values})


def header(page: CallPage) -> Call:
    """Return the header as the database has it."""
    return Call.objects.get(uid=page.translation_key)


def found(text: str, **filters: tuple[str, ...]) -> list[str]:
    """Return the titles of the calls that the one search finds."""
    page = search.search(SearchQuery(text=text, kinds=("award",), filters=filters, verbatim=True))
    return [hit.title for hit in page.hits]
