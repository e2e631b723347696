"""An index made by a rebuild is put together into few pieces, each of which every question looks into."""

from __future__ import annotations

import time
from typing import Any

from search_contract import offer
from search_node import fresh_engine

from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.lifecycle import SEGMENTS

PATIENCE = 30.0


def pieces(engine: ElasticsearchEngine, name: str) -> int:
    told = engine.client.indices.stats(index=name, metric="segments")
    return int(told["_all"]["primaries"]["segments"]["count"])


def test_what_a_rebuild_wrote_in_many_pieces_is_put_into_few(settings: Any) -> None:
    with fresh_engine(settings) as engine:
        name = engine.create()
        for number in range(SEGMENTS + 2):
            list(engine.load(name, [offer(str(number), "Máy sấy")]))
            engine.client.indices.refresh(index=name)
        assert pieces(engine, name) > SEGMENTS
        engine.swap(name)
        until = time.monotonic() + PATIENCE
        while pieces(engine, name) > SEGMENTS and time.monotonic() < until:
            time.sleep(0.05)
        assert pieces(engine, name) <= SEGMENTS
        assert engine.count() == SEGMENTS + 2
