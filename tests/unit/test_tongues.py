"""Which words of a text are Vietnamese."""

from __future__ import annotations

import pytest

from registry.common import tongues


def vietnamese(text: str) -> list[str]:
    return [part for part, own in tongues.parts(text) if own]


@pytest.mark.parametrize(
    "text",
    [
        "Nhà sấy cơm dừa hai nguồn nhiệt",
        "Công ty TNHH Minh Long",
        "HTX dừa Minh Tân – Bến Tre",
        "1457/QĐ-UBND",
        "2,7 triệu đồng",
    ],
)
def test_a_vietnamese_text_is_so_as_a_whole(text: str) -> None:
    assert vietnamese(text) == [text]


@pytest.mark.parametrize("text", ["", "An Binh Commune", "TRL 8", "Vinh Long", "8–10%"])
def test_a_text_without_signs_is_left_alone(text: str) -> None:
    assert vietnamese(text) == []


def test_names_are_found_inside_a_text_of_another_language() -> None:
    text = "Thanh Niên newspaper, November 2025 (PII 2025); Nhân Dân newspaper (the other figures)."
    assert vietnamese(text) == ["Thanh Niên", "Nhân Dân"]
    assert vietnamese("Offered by Đại học Trà Vinh to the others") == ["Đại học Trà Vinh"]


@pytest.mark.parametrize("text", ["Offered by Đại học Trà Vinh to all", "a < b & Trà Vinh", "ộ"])
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(part for part, _own in tongues.parts(text)) == text
