"""Who writes pages in these stories, and what they write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.news.kinds import Kind
from cms.news.models import NewsIndexPage
from tests.factories import make_staff
from tests.snapshots import load_site


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    """Begin each story with the pages of a new site."""
    load_site()


@pytest.fixture
def at_work() -> Callable[[str], tuple[Any, Client]]:
    """Return a function: role → somebody of it, and the browser they are logged in with."""

    def log_in(role: str) -> tuple[Any, Client]:
        user, client = make_staff(role), Client()
        client.force_login(user)
        return user, client

    return log_in


@pytest.fixture
def news() -> NewsIndexPage:
    """The Vietnamese list of news."""
    return NewsIndexPage.objects.get(locale__language_code="vi")


@pytest.fixture
def filled() -> Callable[..., dict[str, Any]]:
    """Return a function: changed values → the whole form of an article."""

    def form(**values: Any) -> dict[str, Any]:
        return {
            "title": "Ngày hội khởi nghiệp",
            "slug": "ngay-hoi",
            "kind": Kind.NEWS.value,
            "date": timezone.localdate().isoformat(),
            "intro": "Hai ngày ở Vĩnh Long.",
            "body-count": "0",
            "evidence-count": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            **values,
        }

    return form
