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


def test_one_that_breaks_every_request_waits_for_a_person(shelf: Shelf) -> None:
    shelf.put("1")
    FarEngine.store.poison.add("1")
    moment = timezone.now()
    for _try in range(outbox.TRIES):
        outbox.drain(TARGET, FarEngine(), now=moment)
        moment += timedelta(hours=1)
    assert IndexTask.objects.get().dead
