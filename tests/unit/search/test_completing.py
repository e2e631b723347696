"""The autocomplete offers a query with its last word complete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text
from search.completing import completion

TITLES = ["Máy sấy lúa", "Nhà máy sấy cơm dừa", "Máy sàng", "OCOP Bến Tre"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("máy s", "máy sấy"),
        ("may say", "máy sấy"),
        ("máy sấy", ""),
        ("máy sà", "máy sàng"),
        ("oc", "OCOP"),
        ("ben t", "Bến Tre"),
        ("sấy máy", ""),
        ("không có", ""),
    ],
)
def test_what_is_offered(typed: str, offered: str) -> None:
    assert completion(typed, TITLES) == offered


def test_runs_that_overlap_are_all_seen() -> None:
    assert completion("má ma", ["ma má ma lon"]) == ""
    assert completion("má m", ["ma má mà lon"]) == "má mà"


@given(st.text(min_size=1, max_size=30), st.lists(st.text(max_size=40), max_size=5))
def test_an_offer_holds_what_was_typed(typed: str, titles: list[str]) -> None:
    if not text.tokens(typed):
        return
    offered = text.folded(text.tokens(completion(typed, titles)))
    wanted = text.folded(text.tokens(typed))
    assert not offered or (offered[:-1] == wanted[:-1] and offered[-1].startswith(wanted[-1]))
