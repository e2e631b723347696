"""The domain's own questions keep finding what they mean (figures: `make relevance`)."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from search_node import fresh_engine

from search import service

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def measurement() -> ModuleType:
    spec = importlib.util.spec_from_file_location("relevance", FOLDER / "relevance.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine(
    request: pytest.FixtureRequest, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The engine that answers; the embedded one on the database of this run."""
    if request.param == "elasticsearch":
        with fresh_engine(settings) as elasticsearch:
            monkeypatch.setattr(service, "engine", lambda: elasticsearch)
            yield request.param
    else:
        yield request.param


def test_domain_questions(engine: str, measurement: ModuleType) -> None:
    folder = measurement.SETS / "domain"
    measurement.index(folder)
    for variant, floor in {"queries": 0.93, "queries.nodiac": 0.93, "queries.typo": 0.87}.items():
        mean, _rows, _milliseconds = measurement.measure(folder, f"{variant}.jsonl")
        assert mean >= floor, variant
