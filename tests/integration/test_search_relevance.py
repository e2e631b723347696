"""The domain's own questions keep finding what they mean (figures: `make relevance`)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

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


@pytest.mark.parametrize(("variant", "floor"), [("queries", 0.93), ("queries.nodiac", 0.93)])
def test_domain_questions(db: None, measurement: ModuleType, variant: str, floor: float) -> None:
    folder = measurement.SETS / "domain"
    measurement.index(folder)
    mean, _rows, _milliseconds = measurement.measure(folder, f"{variant}.jsonl")
    assert mean >= floor
