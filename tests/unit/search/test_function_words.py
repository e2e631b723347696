"""Words of grammar weigh less, words that mean something never do."""

from __future__ import annotations

import pytest

from search.function_words import WEIGHT
from search.planner import plan


def light(query: str) -> list[str]:
    """Return the words of a query that weigh less."""
    words = plan(query, verbatim=True).words
    assert {word.weight for word in words} <= {WEIGHT, 1.0}
    return [word.shown for word in words if word.weight < 1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Máy sấy của hợp tác xã là gì", ["của", "là", "gì"]),
        ("may say cua hop tac xa la gi", ["la", "gi"]),
        ("gia may say la bao nhieu", ["bao", "nhieu"]),
        ("nuôi cua biển", []),
        ("nuoi cua bien", []),
        ("dược liệu", []),
        ("duoc lieu", []),
        ("bao bì sinh học", []),
        ("khi sinh hoc", []),
        ("vi sinh", []),
        ("dầu dừa được ép nguội", ["được"]),
        ("dau dua", []),
        ("trong nhà có lúa", ["trong", "có"]),
        ("trong lua", []),
        ("trong nhà trồng lúa", []),
        ("giám sát bằng AI", []),
        ("", []),
    ],
)
def test_which_words_weigh_less(query: str, expected: list[str]) -> None:
    assert light(query) == expected
