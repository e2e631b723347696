"""Postings of a rebuild: what is written is what is read, of every word, pair and form with marks."""

from __future__ import annotations

import random
from array import array
from collections import defaultdict

import pytest

from search import text
from search.engines.embedded import segments, strengths
from search.engines.embedded.database import byte_of
from search.engines.embedded.segments import MARKED, Collector

WORDS = ("bán", "bàn", "ban", "lúa", "lụa", "sấy", "máy", "AI", "ai", "OPC-UA", "½", "日本", "dừa")


def _levels(chance: random.Random) -> list[text.Field]:
    return [text.analyse(" ".join(chance.choices(WORDS, k=chance.randint(0, 9)))) for _ in range(3)]


def _wanted(documents: dict[int, list[text.Field]]) -> dict[str, dict[int, int]]:
    """Count every word and pair the slow way, title four times and summary twice."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for ordinal, levels in documents.items():
        for mark, attribute in (("", "folded"), (MARKED, "marked")):
            for weight, level in zip((4, 2, 1), levels, strict=True):
                words = getattr(level, attribute).split()
                pairs = [f"{words[at]} {words[at + 1]}" for at in range(len(words) - 1)]
                for name in [*words, *pairs]:
                    counted = found[mark + name]
                    counted[ordinal] = counted.get(ordinal, 0) + weight
    return found


@pytest.mark.parametrize("own_from", [1, 200, 10_000])
def test_every_posting_comes_back(own_from: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "_OWN_FROM", own_from)
    chance = random.Random(7)
    documents = {ordinal: _levels(chance) for ordinal in range(1, 401)}
    rows: list[tuple[str, bytes]] = []
    collector = Collector()
    for ordinal, levels in documents.items():
        collector.add(ordinal, levels, 30)
        if ordinal % 150 == 0:
            rows += collector.take()
    rows += collector.take()
    wanted = _wanted(documents)
    assert any(" " in name for name in wanted)
    names = [*wanted, "chẳng có", MARKED + "ban ban ban"]
    asked = set(segments.rows_of(names))
    read = segments.read(names, [row for row in rows if row[0] in asked])
    assert read.keys() == wanted.keys()
    for name, counted in wanted.items():
        ordinals, strong = read[name]
        assert list(ordinals) == sorted(counted), name
        frequencies = [strengths.frequency_of(value) for value in strong]
        # Exact up to 24, then within a step of the scale.
        for ordinal, frequency in zip(ordinals, frequencies, strict=True):
            exact = counted[ordinal]
            assert frequency == pytest.approx(exact, rel=0 if exact < 25 else 0.1)


def test_words_are_noted_with_and_without_marks_pairs_and_abbreviations_apart() -> None:
    collector = Collector()
    collector.add(1, [text.analyse("Máy AI")] * 3, 4)
    names = {name for name, _holders in collector.words(3)}
    assert {"may", MARKED + "máy", "ai", MARKED + "ai"} <= names
    assert not any(" " in name for name in names)
    assert text.ABBREVIATION_MARK + "ai" not in names


def test_a_strength_becomes_nearly_the_byte_of_the_exact_numbers() -> None:
    chance = random.Random(3)
    for _ in range(300):
        frequency, length, average = chance.randint(1, 24), chance.randint(1, 3_000), 400.0
        value = strengths.strength(frequency, strengths.length_class(length))
        (byte,) = strengths.bytes_of(array("H", [value]), average)
        assert abs(byte - byte_of(frequency, length / average)) <= 1
