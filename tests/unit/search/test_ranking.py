"""The coarse sum in bitmaps adds up."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from search.engines.embedded.ranking import Tally
from search.rules import FRESH, VERIFIED, freshness, slips, trust

_sets = st.lists(st.tuples(st.sets(st.integers(0, 40)), st.integers(0, 9)), max_size=8)


@given(_sets, st.sets(st.integers(0, 40)), st.integers(0, 30), st.integers(1, 20))
def test_sums_bounds_and_best(
    added: list[tuple[set[int], int]], among: set[int], bound: int, count: int
) -> None:
    tally, sums = Tally(), Counter[int]()
    for documents, weight in added:
        tally.add(BitMap(documents), weight)
        for document in documents:
            sums[document] += weight
    scope = BitMap(among)
    assert tally.highest(scope) == max((sums[item] for item in among), default=0)
    assert set(tally.at_least(bound, scope)) == {item for item in among if sums[item] >= bound}
    best = tally.best(count, scope)
    expected = sorted(among, key=lambda item: (-sums[item], -item))[:count]
    assert set(best) == set(expected)


def test_freshness_falls_gently() -> None:
    assert freshness(0) == freshness(180) == 1
    assert 0 < freshness(400) < freshness(200) < 1
    assert freshness(5_000) == 0


def test_a_check_counts_while_the_entry_is_fresh_and_less_than_freshness() -> None:
    assert trust(0, verified=True) == trust(180, verified=True) == 1
    assert trust(181, verified=True) == trust(0, verified=False) == 0
    assert VERIFIED < FRESH


def test_one_slip_of_the_keys() -> None:
    assert {"nang", "ng", "nga", "nam"} <= slips("nag")
    assert all(word[0] == "n" for word in slips("nag"))
    assert "nag" not in slips("nag")
