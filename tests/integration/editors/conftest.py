"""The pages of a new site, loaded once for each module of editors' stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cms.news.kinds import Kind
from cms.news.models import NewsIndexPage
from tests.factories import make_staff


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the site in a transaction around all tests of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_site", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def site(loaded: None, db: None) -> None:
    """Begin each story with the pages of a new site, and nothing remembered of the last one."""
    cache.clear()


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
