"""What the node need not do again: look into dozens of pieces, count all there is for each visitor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, ConnectionTimeout, HttpHeaders
from elasticsearch import ApiError
from search_contract import ids, offer
from search_node import fresh_engine

from search.contracts import SearchQuery
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.lifecycle import SEGMENTS

PATIENCE = 30.0


@pytest.fixture
def engine(settings: Any) -> Iterator[ElasticsearchEngine]:
    with fresh_engine(settings) as engine:
        yield engine


def of_shards(engine: ElasticsearchEngine, name: str, metric: str) -> dict[str, Any]:
    told = engine.client.options(request_timeout=PATIENCE).indices.stats(index=name, metric=metric)
    found: dict[str, Any] = told["_all"]["primaries"]
    return found


def test_what_a_rebuild_wrote_in_many_pieces_is_put_into_few(engine: ElasticsearchEngine) -> None:
    def pieces() -> int:
        return int(of_shards(engine, name, "segments")["segments"]["count"])

    name = engine.create()
    for number in range(SEGMENTS + 2):
        list(engine.load(name, [offer(str(number), "Máy sấy")]))
        engine.client.options(request_timeout=PATIENCE).indices.refresh(index=name)
    assert pieces() > SEGMENTS
    engine.swap(name)
    engine.compact(name)
    until = time.monotonic() + PATIENCE
    while pieces() > SEGMENTS and time.monotonic() < until:
        time.sleep(0.05)
    assert pieces() <= SEGMENTS
    assert engine.count() == SEGMENTS + 2


@pytest.mark.parametrize("failing", ["refused", "slow", "silent"])
def test_an_index_that_stays_in_pieces_answers_all_the_same(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def stats(*_asked: Any, **_how: Any) -> dict[str, Any]:
        if failing == "slow":
            raise ConnectionTimeout("no answer in time")
        if failing == "refused":
            node = engine.client.transport.node_pool.get().config
            raise ApiError("refused", ApiResponseMeta(403, "1.1", HttpHeaders(), 0.0, node), {})
        return {"_all": {"primaries": {}, "total": {}}}

    monkeypatch.setattr(type(engine.client.indices), "stats", stats)
    assert list(engine.rebuild(iter([offer("1", "Máy sấy")]))) == [1]
    assert ids(engine.search(SearchQuery(text="máy sấy"))) == ["1"]
    assert engine.made() == [engine.live()]


def test_counts_of_all_there_is_are_kept_until_something_changes(
    engine: ElasticsearchEngine,
) -> None:
    def counted() -> list[tuple[str, int]]:
        page = engine.search(SearchQuery(facets=("verified",), language="vi"))
        assert page.total == len(page.hits)
        return [(value.code, value.count) for value in page.facets["verified"]]

    def kept() -> int:
        return int(of_shards(engine, engine.live(), "request_cache")["request_cache"]["hit_count"])

    engine.index([offer("1", "Máy sấy", facets={"verified": ("co",)})])
    assert counted() == counted() == [("co", 1)]
    before = kept()
    assert before
    engine.index([offer("2", "Máy ép", facets={"verified": ("co",)})])
    assert counted() == [("co", 2)]
    assert kept() == before
