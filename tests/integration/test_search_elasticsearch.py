"""The Elasticsearch engine on a real node: the contract, and what is its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from search_contract import SearchContract
from search_contract_brute_force import BruteForceContract
from search_node import fresh_engine

from search.engines.elasticsearch import ElasticsearchEngine


@pytest.fixture
def engine(_only_these_facets: None, settings: object) -> Iterator[ElasticsearchEngine]:
    with fresh_engine(settings) as engine:
        yield engine


class TestContract(SearchContract):
    """The suite every engine runs."""


class TestBruteForce(BruteForceContract):
    """Counts equal those made by hand."""
