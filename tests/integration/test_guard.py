"""While the engine outside the database is away, the embedded one answers and nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from far_engine import FarEngine, Shelf, far_shelf

from search import guard as guarding
from search import outbox, service
from search.contracts import RequestFailed, SearchQuery
from search.guard import Guarded

NOTICE = "Tìm kiếm đang gián đoạn"


@pytest.fixture
def shelf(db: None, settings: Any) -> Iterator[Shelf]:
    with far_shelf(settings) as made:
        made.put("1", "Máy sấy")
        outbox.drain(settings.SEARCH_ENGINE, FarEngine())
        yield made


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(shelf: Shelf, clock: Clock) -> Guarded:
    return Guarded(FarEngine(), service.embedded(), clock)


def ask(guard: Guarded) -> tuple[bool, list[str]]:
    page = guard.search(SearchQuery(text="máy"))
    return page.degraded, [hit.title for hit in page.hits]


def settle() -> None:
    """Wait for the question asked aside."""
    for thread in threading.enumerate():
        if thread.name == "search-probe":
            thread.join(10)


def test_the_embedded_engine_answers_and_says_so(guard):
    assert ask(guard) == (False, ["Máy sấy"])
    FarEngine.store.down = True
    assert ask(guard) == (True, ["Máy sấy"])
    assert [row.text for row in guard.suggest("máy", (), "vi", 8)] == ["Máy sấy"]
    assert guard.count() == 1


def test_an_engine_that_is_away_is_not_asked_again_and_again(guard, clock):
    FarEngine.store.down = True
    ask(guard)
    FarEngine.store.asked = 0
    for _visit in range(50):
        ask(guard)
        clock.now += guarding.PAUSE / 100
    assert FarEngine.store.asked == 0


def test_one_question_aside_finds_out_that_it_is_back(guard, clock):
    FarEngine.store.down = True
    ask(guard)
    FarEngine.store.down = False
    clock.now += guarding.PAUSE + 1
    FarEngine.store.asked = 0
    for _visit in range(20):
        ask(guard)
    settle()
    assert FarEngine.store.asked <= 21
    assert not guard.away
    assert ask(guard) == (False, ["Máy sấy"])


def test_while_it_stays_away_one_asks_for_all(guard, clock):
    FarEngine.store.down = True
    ask(guard)
    FarEngine.store.asked = 0
    for _pause in range(4):
        clock.now += guarding.PAUSE + 1
        for _visit in range(20):
            assert ask(guard)[0]
        settle()
    assert FarEngine.store.asked == 4


def test_an_outage_is_one_line_of_the_log_and_its_end_another(guard, clock, caplog):
    for _outage in range(2):
        FarEngine.store.down = True
        for _visit in range(10):
            ask(guard)
            clock.now += guarding.PAUSE + 1
            settle()
        FarEngine.store.down = False
        clock.now += guarding.PAUSE + 1
        ask(guard)
        settle()
    said = [record.getMessage() for record in caplog.records if record.name == "hub.search"]
    assert ["không trả lời" in line for line in said] == [True, False, True, False]
    assert ["trả lời lại" in line for line in said] == [False, True, False, True]


def test_an_index_not_built_yet_counts_as_away(guard):
    FarEngine.store.alias = ""
    assert ask(guard) == (True, ["Máy sấy"])


def test_a_question_it_refuses_takes_it_away_from_nobody_else_and_is_told_of(guard, clock, caplog):
    def refuses(request: str) -> None:
        raise RequestFailed("400: parsing_exception")

    FarEngine.store.before = refuses
    with caplog.at_level("WARNING", "hub.search"):
        for _visit in range(10):
            assert ask(guard) == (True, ["Máy sấy"])
            clock.now += guarding.TOLD_FOR / 20
        clock.now += guarding.TOLD_FOR
        ask(guard)
    FarEngine.store.before = lambda request: None
    assert ask(guard) == (False, ["Máy sấy"])
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2, "a line a minute"
    assert all("400: parsing_exception" in line for line in said)


def test_visitors_meet_a_quiet_notice(shelf, client):
    assert NOTICE not in client.get("/tim-kiem/?q=máy").content.decode()
    FarEngine.store.down = True
    answer = client.get("/tim-kiem/?q=máy")
    assert answer.status_code == 200
    assert NOTICE in answer.content.decode()
    assert client.get("/goi-y/?q=ma", headers={"HX-Request": "true"}).status_code == 200


def test_health_tells_of_the_stand_in_and_does_not_fail(shelf, client):
    assert client.get("/suc-khoe/").json()["status"] == "ok"
    FarEngine.store.down = True
    shelf.put("2")
    answer = client.get("/suc-khoe/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["engine"] == "away"
    assert answer.json()["documents"] == 2
    assert answer.json()["index_waiting"] == 1


def test_what_is_written_during_an_outage_is_found_after_it(shelf):
    FarEngine.store.down = True
    for number in range(3):
        shelf.put(f"1{number}", f"Lúc gián đoạn {number}")
        assert service.feed() == 0
    FarEngine.store.down = False
    assert service.feed() == 3
    page = service.engine().search(SearchQuery(text="lúc gián đoạn"))
    assert (page.total, page.degraded) == (3, False)
