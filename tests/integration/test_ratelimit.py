"""Rate limits counted in the database."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory, override_settings

from registry.common import ratelimit
from registry.common.models import RateCount


@pytest.mark.django_db
def test_the_fourth_use_of_three_is_refused_until_the_window_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_800_000_030.0
    monkeypatch.setattr(ratelimit.time, "time", lambda: now)
    assert [ratelimit.hit("ip:192.0.2.7", 3, 60) for _ in range(4)] == [True, True, True, False]
    assert ratelimit.hit("ip:192.0.2.8", 3, 60), "another address has its own count"
    assert ratelimit.retry_after(60) == 30
    now += 30
    assert ratelimit.hit("ip:192.0.2.7", 3, 60)


@pytest.mark.django_db
def test_no_address_is_stored_and_old_windows_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit.time, "time", lambda: 1_800_000_000.0)
    ratelimit.hit("ip:192.0.2.7", 3, 60)
    stored = str(list(RateCount.objects.values()))
    assert "192.0.2.7" not in stored
    monkeypatch.setattr(ratelimit.time, "time", lambda: 1_800_000_061.0)
    assert ratelimit.purge() == 1


@pytest.mark.django_db(transaction=True)
def test_racing_calls_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit.time, "time", lambda: 1_800_000_030.0)
    allowed: list[bool] = []

    def ask() -> None:
        try:
            allowed.extend(ratelimit.hit("user:1", 10, 3600) for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 30
    assert sum(allowed) == 10


def _request(**meta: str) -> Any:
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", **meta)
    request.user = AnonymousUser()
    return request


def test_a_forged_header_does_not_change_who_asks() -> None:
    assert ratelimit.client(_request(HTTP_X_FORWARDED_FOR="203.0.113.9")) == "ip:198.51.100.1"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        forged = _request(HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.44")
        assert ratelimit.client(forged) == "ip:192.0.2.44"
        assert ratelimit.client(_request()) == "ip:198.51.100.1"
