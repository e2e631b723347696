"""Whatever a query string holds, the search answers with a page or a clear refusal, and at once."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from unittest.mock import Mock
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from far_engine import forget
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_node import fresh_engine

from portal.logs import Discreet
from portal.settings.base import LOGGING
from search import service
from search.contracts import SearchDocument
from tests.factories.documents import fill_index
from tests.factories.hostile import HOSTILE

pytestmark = pytest.mark.django_db

ROOMS = ("search:all", "search:directory", "search:market", "search:suggest")
#: Seconds an answer may take: of this process's own time (issue 10), and of a visitor's where a node
#: answers and the machine runs other tests.
AT_ONCE, WAIT = 0.1, 0.5
#: The best of so many counts, each after a longer pause: what else the machine does comes in bursts.
ATTEMPTS = 8
PAUSE = 0.05

_texts = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="aàáâdđeêfjorswxz0123456789 -./&\"'()*:^~", max_size=320),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map(" ".join),
)
_values = st.one_of(
    _texts, st.sampled_from(["-1", "0", "999999999", "1e9", "٣", "", "1,1,1", "cong-nghe", "trl"])
)
_names = st.one_of(
    st.sampled_from(
        ["q", "loai", "sap-xep", "trang", "nguyen-van", "linh-vuc", "xa-phuong", "trl", "explain"]
    ),
    st.text(max_size=12),
)


DRYERS = [
    SearchDocument(
        kind="offer",
        id=str(number),
        title=f"Máy sấy lúa {number}",
        url=f"/{number}/",
        body="năng lượng mặt trời " * 20,
    )
    for number in range(30)
]


@pytest.fixture(autouse=True)
def entries(db: None) -> None:
    fill_index(*DRYERS)


@pytest.fixture(params=["embedded", "elasticsearch"])
def answering(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that answers, its name; `stood_in()` tells when another did."""
    if request.param == "embedded":
        yield "embedded"
        return
    settings = request.getfixturevalue("settings")
    with fresh_engine(settings) as engine:
        engine.index(DRYERS)
        settings.SEARCH_ENGINE = "search.engines.elasticsearch.ElasticsearchEngine"
        forget()
        guard = service.outside()
        assert guard
        guard.stand_in = Mock(wraps=guard.stand_in)
        yield "elasticsearch"
    forget()


def ask(address: str) -> None:
    """Ask, again when an answer was slow (the machine may be); check what came back."""
    client = Client(raise_request_exception=False)
    took = []
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE * attempt)
        started, clock = time.process_time(), time.perf_counter()
        response = client.get(address, headers={"HX-Request": "true"})
        took.append((time.process_time() - started, time.perf_counter() - clock))
        assert response.status_code in {200, 302, 400, 404, 414}, (response.status_code, address)
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "Traceback" not in page
        spent, waited = took[-1]
        if not stood_in() and spent <= AT_ONCE and waited <= WAIT:
            return
    raise AssertionError(f"{took} s, or not its own answer, for {address[:400]}")


def stood_in() -> bool:
    """Whether another engine answered since the last time; the node is to answer the next attempt.

    What it refuses it refuses each time; what it was too busy for is no fault of the question.
    """
    guard = service.outside()
    if guard is None:
        return False
    if guard.away:
        guard.probe()
    answered = bool(guard.stand_in.mock_calls)
    guard.stand_in.reset_mock()
    return answered


def written(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what stands in the log of a real site after it."""
    levels = {name: getattr(logging, at["level"]) for name, at in LOGGING["loggers"].items()}
    form = Discreet("%(levelname)s %(name)s %(message)s")
    return [
        form.format(record)
        for record in caplog.records
        if record.levelno >= levels.get(record.name.partition(".")[0], logging.INFO)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_the_known_tricks(answering: str, room: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(reverse(room))
        for typed in HOSTILE:
            ask(f"{reverse(room)}?q={quote(typed, errors='surrogatepass')}")
    assert service.engine().name == answering
    assert set(written(caplog)) <= {f"WARNING django.request Bad Request: {reverse(room)}"}


def test_no_line_of_the_log_is_a_visitors(answering: str, caplog: pytest.LogCaptureFixture) -> None:
    forged = quote("máy sấy\r\nERROR hub kẻ gian đã vào\u2028ERROR hub")
    with caplog.at_level(logging.INFO):
        for room in ROOMS:
            ask(f"{reverse(room)}?q={forged}")
            ask(f"{reverse(room)}?{forged}={forged}&trang={forged}&sap-xep={forged}")
            ask(f"{reverse(room)}{forged}?q={forged}")
    lines = written(caplog)
    assert any("Not Found" in line for line in lines), "something was logged"
    for line in lines:
        assert re.fullmatch(r"WARNING django\.request (Not Found|Bad Request): /\S.*", line), line
        assert len(line.splitlines()) == 1, line


def test_bytes_that_are_no_text(answering: str) -> None:
    for raw in ("%ED%A0%80", "%FF%FE", "%00", "%C3", "q", "&&&===", "q=%"):
        ask(f"{reverse('search:all')}?q={raw}")
        ask(f"{reverse('search:all')}?{raw}")


def test_parameters_nobody_links_to(answering: str) -> None:
    for query in (
        "trang=1000000000",
        "trang=-1",
        "trang=0",
        "trang=" + "9" * 4_000,
        "trang=１",
        "q=m%C3%A1y&trang=101",
        "q=m%C3%A1y&trang=999999999",
        "q=a&q=b&q=c",
        "loai=cong-nghe&loai=to-chuc",
        "sap-xep=gi-do",
        "sap-xep=trl&sap-xep=ten",
        "linh-vuc=" + ",".join(f"x{n}" for n in range(500)),
        "&".join(f"linh-vuc=x{n}" for n in range(500)),
        "&".join(f"p{n}={n}" for n in range(2_000)),
        "gi-do=1&khac=2",
        "explain=1",
        "q=%C4%91&explain=1",
    ):
        for room in ROOMS:
            ask(f"{reverse(room)}?{query}")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(ROOMS), st.lists(st.tuples(_names, _values), max_size=4))
def test_any_query_string(answering: str, room: str, pairs: list[tuple[str, str]]) -> None:
    ask(f"{reverse(room)}?{urlencode(pairs, errors='surrogatepass')}")
