"""Shared by every test: reference data and staff groups, loaded once for the session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# What is true is true on a slow machine as well. A run that decides (REQUIRE_SERVICES=1) draws the same
# examples each time; a run at the desk draws new ones and so goes on looking.
hypothesis_settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("REQUIRE_SERVICES") == "1",
)
hypothesis_settings.load_profile("patient")


def _load() -> None:
    call_command("load_reference", verbosity=0)
    call_command("sync_roles", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """Load the vocabularies into the test database before the first test."""
    with django_db_blocker.unblock():
        _load()


@pytest.fixture(autouse=True)
def _reference_after_flush(request: pytest.FixtureRequest) -> None:
    """A transactional test empties every table; give the next one its vocabularies back."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db"} & set(request.fixturenames):
        return
    empties = marker is not None and marker.kwargs.get("transaction", False)
    empties = empties or "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if empties else "db")
    from registry.taxonomy.models import Term

    if not Term.objects.exists():
        _load()


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Begin each test in the default language: a request for an English page leaves its own active."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
