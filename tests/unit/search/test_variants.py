"""Codes, numerals and units are found however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text
from search.planner import Term, plan


def holds(document: str, asked: str) -> bool:
    """Whether a document with this text has every word of the query, as every engine decides."""
    words = text.analyse(document).folded.split()

    def has(term: Term) -> bool:
        run = len(term.words)
        return any(tuple(words[at : at + run]) == term.words for at in range(len(words) - run + 1))

    return all(
        has(word.term) or any(has(item.term) for item in word.substitutions)
        for word in plan(asked).words
    )


@pytest.mark.parametrize(
    ("document", "asked"),
    [
        ("Chuẩn OPC-UA cho máy", "OPC-UA"),
        ("Chuẩn OPC-UA cho máy", "opcua"),
        ("Chuẩn OPC UA cho máy", "OPC-UA"),
        ("Chuẩn OPCUA cho máy", "opc-ua"),
        ("Theo TCVN 5603:2008", "TCVN5603"),
        ("Theo TCVN5603", "tcvn 5603"),
        ("Theo TCVN-5603", "TCVN 5603"),
        ("Phòng COVID-19", "covid19"),
        ("Bể 50 m³", "50 m3"),
        ("Bể 50m3", "50 m3"),
        ("Bể 50 m3", "50m3"),
        ("Rộng 20 m²", "m2"),
        ("Năng suất 500 kg/h", "500 kg/giờ"),
        ("Năng suất 500 kg/giờ", "500 kg/h"),
        ("Dự án giai đoạn II", "giai đoạn 2"),
        ("Dự án giai đoạn 2", "giai đoạn II"),
        ("Dự án giai đoạn 2", "giai doan ii"),
        ("Nghị quyết số II", "nghị quyết số 2"),
        ("Nghị quyết số 2", "Nghị quyết số II"),
        ("Doanh nghiệp start-up", "startup"),
        ("Doanh nghiệp startup", "start-up"),
    ],
)
def test_written_one_way_found_another(document: str, asked: str) -> None:
    assert holds(document, asked)


@pytest.mark.parametrize(
    ("document", "asked"),
    [
        ("Theo TCVN 5604", "TCVN5603"),
        ("Dự án giai đoạn III", "giai đoạn 2"),
        ("Vi mạch", "mạch 6"),
        ("Giờ mở cửa 500 kg", "500 kg/h"),
        ("Máy 500 lít", "500 kg"),
    ],
)
def test_another_thing_is_not_found(document: str, asked: str) -> None:
    assert not holds(document, asked)


def test_they_hold_word_for_word_too() -> None:
    assert plan("TCVN5603", verbatim=True).words[0].substitutions


@given(st.text(alphabet="abIVX12 -/&.", max_size=30))
def test_any_mixture_is_planned(asked: str) -> None:
    for word in plan(asked).words:
        for item in word.substitutions:
            assert 0 < item.weight <= 1
            assert all(part and part == text.fold(part) for part in item.term.words)
