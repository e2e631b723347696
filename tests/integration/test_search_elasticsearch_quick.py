"""What the node need not do again: look into dozens of pieces, count all there is for each visitor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from search_contract import offer
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
    told = engine.client.indices.stats(index=name, metric=metric)
    found: dict[str, Any] = told["_all"]["primaries"]
    return found


def test_what_a_rebuild_wrote_in_many_pieces_is_put_into_few(engine: ElasticsearchEngine) -> None:
    def pieces() -> int:
        return int(of_shards(engine, name, "segments")["segments"]["count"])

    name = engine.create()
    for number in range(SEGMENTS + 2):
        list(engine.load(name, [offer(str(number), "Máy sấy")]))
        engine.client.indices.refresh(index=name)
    assert pieces() > SEGMENTS
    engine.swap(name)
    until = time.monotonic() + PATIENCE
    while pieces() > SEGMENTS and time.monotonic() < until:
        time.sleep(0.05)
    assert pieces() <= SEGMENTS
    assert engine.count() == SEGMENTS + 2


def test_counts_of_all_there_is_are_kept_until_something_changes(
    engine: ElasticsearchEngine,
) -> None:
    def counted() -> list[tuple[str, int]]:
        page = engine.search(SearchQuery(facets=("sector",), language="vi"))
        assert page.total == len(page.hits)
        return [(value.code, value.count) for value in page.facets["sector"]]

    def kept() -> int:
        return int(of_shards(engine, engine.live(), "request_cache")["request_cache"]["hit_count"])

    engine.index([offer("1", "Máy sấy", facets={"sector": ("che-bien",)})])
    assert counted() == counted() == [("che-bien", 1)]
    before = kept()
    assert before
    engine.index([offer("2", "Máy ép", facets={"sector": ("che-bien",)})])
    assert counted() == [("che-bien", 2)]
    assert kept() == before
