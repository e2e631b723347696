"""Whoever searches like a machine is asked to wait; everyone else notices nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_a_flood_of_searches_is_turned_away_with_the_seconds_to_wait(client, settings):
    settings.SEARCHES_A_MINUTE = 3
    answers = [client.get("/thi-truong-cong-nghe/").status_code for _ in range(3)]
    refused = client.get("/goi-y/", {"q": "may"})
    assert answers == [200, 200, 200]
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "Quá nhiều yêu cầu" in refused.content.decode()


def test_another_address_and_other_pages_go_on(client, settings):
    settings.SEARCHES_A_MINUTE = 1
    client.get("/en/tim-kiem/")
    assert client.get("/tim-kiem/").status_code == 429
    assert client.get("/tim-kiem/", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/suc-khoe/").status_code == 200
