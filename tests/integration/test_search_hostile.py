"""The embedded engine meets the same hostile questions, on the database of the run."""

from __future__ import annotations

import pytest
from search_contract_hostile import HostileContract

from search.engines.embedded import EmbeddedEngine


@pytest.fixture
def engine(db: None) -> EmbeddedEngine:
    return EmbeddedEngine()


class TestHostile(HostileContract):
    """Questions nobody asks in good faith."""
