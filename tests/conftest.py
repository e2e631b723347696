"""Shared by every test: reference data and staff groups, loaded once for the session."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.base import Template
from django.test.utils import instrumented_test_render
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.database import drop_copy, keep, take_out
from tests.snapshots import keep_base, writes

# What is true is true on a slow machine as well. A run that decides (REQUIRE_SERVICES=1) draws the same
# examples each time; a run at the desk draws new ones and so goes on looking.
hypothesis_settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("REQUIRE_SERVICES") == "1",
)
hypothesis_settings.load_profile("patient")

#: What a visitor's template does, before Django's tests have it copy each context of each part.
_render = Template._render


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before the first fixture, whatever its scope."""
    writes.begin()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Begin with the database an earlier run migrated, where there is one."""
    return take_out() or bool(request.config.option.reuse_db)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: Any, django_db_blocker: Any, django_db_keepdb: bool
) -> Iterator[None]:
    """Load the vocabularies into the test database before the first test, and keep them there."""
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            keep()
        call_command("load_reference", verbosity=0)
        call_command("sync_roles", verbosity=0)
        keep_base()
    # What stands now stays to the end: no need to look through it again and again.
    gc.collect()
    gc.freeze()
    yield
    if django_db_keepdb:
        with django_db_blocker.unblock():
            drop_copy()


@pytest.fixture(scope="session", autouse=True)
def _templates_as_visitors_meet_them(django_test_environment: None) -> None:
    Template._render = _render  # type: ignore[method-assign]


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an answer tell what its templates were given (`answer.context`)."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Begin each test in the default language: a request for an English page leaves its own active."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
