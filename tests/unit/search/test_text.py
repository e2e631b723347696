"""The words of Vietnamese, however they are typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("HOÁ", "hóa"),
        (unicodedata.normalize("NFD", "Đổi mới"), "đổi mới"),
    ],
)
def test_spellings_of_one_word_are_one(one: str, other: str) -> None:
    assert text.tokens(one) == text.tokens(other)


@pytest.mark.parametrize("word", ["quý", "hoàn", "thuỳ mị", "quỳnh", "toàn"])
def test_words_with_one_spelling_keep_it(word: str) -> None:
    assert text.normalise(word) in {word, word.replace("uỳ m", "ùy m")}


def test_marks_are_lost_letters_are_not() -> None:
    assert text.fold("Đắk Lắk, Đổi mới, KH&CN, m³") == "dak lak, doi moi, kh&cn, m3"
    assert text.has_marks("đổi")
    assert not text.has_marks("nano")


@given(st.text())
def test_folding_keeps_every_place(given_text: str) -> None:
    cleaned = text.clean(given_text)
    assert len(text.fold(cleaned)) == len(cleaned)


@given(st.text())
def test_cleaning_ends_after_one_pass_and_can_be_stored(given_text: str) -> None:
    cleaned = text.clean(given_text)
    assert text.clean(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@given(st.text())
def test_spans_and_tokens_tell_the_same_words(given_text: str) -> None:
    cleaned = text.clean(given_text)
    for span in text.spans(cleaned):
        assert 0 <= span.start < span.end <= len(cleaned)
        assert text.fold(cleaned[span.start : span.end])


def test_broken_input_is_harmless() -> None:
    assert text.tokens("máy\x00sấy\ud800") == ["máy", "sấy"]
    assert text.tokens("a" * 10_000) == ["a" * text.MAX_TOKEN_CHARS]
    assert text.tokens("!!! --- ***") == []


def test_codes_are_words_and_parts() -> None:
    words = text.analyse("Chuẩn OPC-UA, 500 kg/h, KH&CN").folded.split()
    assert {"opc", "ua", "opcua", "kg", "h", "kgh", "kh", "cn", "khcn"} <= set(words)


def test_abbreviations_stand_apart_from_syllables() -> None:
    marked = text.analyse("Dùng AI, ai cũng hiểu").marked.split()
    assert marked.count("ai") == 2
    assert marked.count(text.ABBREVIATION_MARK + "ai") == 1


def test_titles_sort_by_the_vietnamese_alphabet() -> None:
    titles = ["Ổi", "Đu đủ", "Dừa", "Ao", "Ăn", "Ân", "3 giống lúa", "Dừa sáp", "Dứa"]
    assert sorted(titles, key=text.sort_key) == [
        "3 giống lúa",
        "Ao",
        "Ăn",
        "Ân",
        "Dừa",
        "Dừa sáp",
        "Dứa",
        "Đu đủ",
        "Ổi",
    ]
