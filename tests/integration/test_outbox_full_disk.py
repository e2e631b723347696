"""A cluster with a full disk answers questions and takes no change: none is given up meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from far_engine import FarEngine, Shelf, far_holds, far_shelf

from search import outbox
from search.models import IndexTask

TARGET = "far_engine.FarEngine"


@pytest.fixture
def shelf(db: None, settings: Any) -> Iterator[Shelf]:
    with far_shelf(settings) as made:
        yield made


def test_every_change_is_taken_when_there_is_room_again(shelf: Shelf) -> None:
    for identity in "123":
        shelf.put(identity, "Cũ")
    outbox.drain(TARGET, FarEngine())
    FarEngine.store.full = True
    shelf.put("1", "Mới")
    shelf.put("2", "Mới")
    moment = timezone.now()
    for _night in range(3 * outbox.TRIES):
        moment += outbox.LONGEST_WAIT
        assert outbox.drain(TARGET, FarEngine(), now=moment)
    waiting = IndexTask.objects.filter(done_at__isnull=True)
    assert waiting.filter(dead=False, last_error__contains="429").count() == 2
    FarEngine.store.full = False
    outbox.drain(TARGET, FarEngine(), now=moment + outbox.LONGEST_WAIT)
    assert far_holds() == {"1": "Mới", "2": "Mới", "3": "Cũ"}


def test_however_long_it_lasts_the_others_get_through_and_one_line_tells(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    for identity in "12":
        shelf.put(identity)
    FarEngine.store.full = True
    moment = timezone.now()
    for _quarter in range(outbox.TRIES + 5):
        moment += outbox.LONGEST_WAIT
        outbox.drain(TARGET, FarEngine(), now=moment)
    (told,) = (record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    assert "2 mục" in told
    assert "429" in told
    for tries in (1_023, outbox.MOST_TRIES):
        IndexTask.objects.update(attempts=tries)
        moment += timedelta(days=1)
        assert outbox.drain(TARGET, FarEngine(), now=moment) == 2
    assert set(IndexTask.objects.values_list("attempts", "dead")) == {(outbox.MOST_TRIES, False)}
    # Another fault begins its own count.
    FarEngine.store.full = False
    FarEngine.store.refused.add("1")
    moment += timedelta(days=1)
    outbox.drain(TARGET, FarEngine(), now=moment)
    assert set(far_holds()) == {"2"}
    left = IndexTask.objects.get(done_at__isnull=True)
    assert (left.object_id, left.attempts, left.dead) == ("1", 1, False)


def test_a_kind_of_newer_code_waits_for_the_process_that_knows_it(shelf: Shelf) -> None:
    shelf.put("1")
    IndexTask.objects.update(kind="newer")
    assert outbox.drain(TARGET, FarEngine()) == 0
    IndexTask.objects.update(kind="offer")
    assert outbox.drain(TARGET, FarEngine()) == 1
    assert set(far_holds()) == {"1"}
    # After an hour nobody knows it: it is of code that is no more, and so is its object.
    outbox.write(TARGET, "gone", ["1"])
    assert outbox.drain(TARGET, FarEngine(), now=timezone.now() + outbox.NEW_KIND) == 1
    assert not IndexTask.objects.filter(done_at__isnull=True).exists()


def test_one_that_breaks_every_request_waits_for_a_person(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.put("1")
    FarEngine.store.poison.add("1")
    moment = timezone.now()
    for _try in range(outbox.TRIES):
        outbox.drain(TARGET, FarEngine(), now=moment)
        moment += timedelta(hours=1)
    assert IndexTask.objects.get().dead
    (told,) = (record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    assert "Ngừng thử" in told
