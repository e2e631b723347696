"""The Elasticsearch node of the tests, and an engine of one's own on it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from search.engines.elasticsearch import ElasticsearchEngine


def node() -> str:
    """Return the address of the node; skip the test without one, or fail where one is required."""
    address = os.environ.get("HUB_TEST_ELASTICSEARCH", "")
    if not address:
        reason = "no Elasticsearch node: HUB_TEST_ELASTICSEARCH is not set (make elasticsearch)"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return address


@contextmanager
def fresh_engine(settings: Any) -> Iterator[ElasticsearchEngine]:
    """Give an engine with an empty index of its own that shows each change at once."""
    settings.ELASTICSEARCH_URLS = [node()]
    settings.ELASTICSEARCH_PREFIX = f"test-{secrets.token_hex(6)}"
    engine = ElasticsearchEngine(refresh=True)
    engine.swap(engine.create())
    try:
        yield engine
    finally:
        for name in engine.indices.all():
            engine.drop(name)
        engine.client.close()
