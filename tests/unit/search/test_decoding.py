"""Telex and VNI keys typed without an input method are read as the words they mean."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import decoding, text

_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_SHAPES = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}


def telex(word: str) -> str:
    """Return the keys of a word, its tone last."""
    keys, tone = "", ""
    for letter in word:
        base, *marks = unicodedata.normalize("NFD", letter)
        keys += "dd" if letter == "đ" else base
        for mark in marks:
            tone = _TELEX.get(mark, tone)
            keys += {"\u0302": base, "\u031b": "w", "\u0306": "w"}.get(mark, "")
    return keys + tone


def vni(word: str, *, together: bool) -> str:
    """Return the keys of a word, its digits each after its letter, or all together at the end."""
    keys, shapes, tone = "", "", ""
    for letter in word:
        base, *marks = unicodedata.normalize("NFD", letter)
        keys += "d9" if letter == "đ" else base
        for mark in marks:
            tone = _VNI.get(mark, tone)
            if together:
                shapes = _SHAPES.get(mark, shapes)
            else:
                keys += _SHAPES.get(mark, "")
    return keys + shapes + tone


def _common() -> list[str]:
    rows = decoding.DATA.read_text(encoding="utf-8").splitlines()[1:]
    counted = (row.split("\t") for row in rows)
    return [word for word, count in counted if int(count) >= 200 and not word.isascii()]


COMMON = _common()


@given(st.sampled_from(COMMON))
def test_every_common_syllable_is_read_back_from_its_keys(syllable: str) -> None:
    assert text.normalise(decoding.syllable_of(telex(syllable)) or "") == syllable


@given(st.sampled_from(COMMON), st.booleans())
def test_and_from_the_digits_of_vni(syllable: str, together: bool) -> None:
    assert text.normalise(decoding.syllable_of(vni(syllable, together=together)) or "") == syllable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("coong nghej", "công nghệ"),
        ("co6ng nghe65", "công nghệ"),
        ("masy saays", "máy sấy"),
        ("masy saays nawng luowngj", "máy sấy năng lượng"),
        ("Truwowngf DDaji hocj", "Trường Đại học"),
        ("THUYR SANR", "THỦY SẢN"),
        ("tieengs vieetj", "tiếng việt"),
        ("giengs nuowcs", "giếng nước"),
        ("gif", "gì"),
        ("quyeets ddinhj", "quyết định"),
        ("ddangf sau, hoaf binhf", "đàng sau, hòa bình"),
        ("tw nhaan", "tư nhân"),
        ("soong Mee Koong", "sông Mê Kông"),
    ],
)
def test_what_people_type_is_what_they_meant(typed: str, meant: str) -> None:
    assert decoding.decode(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "may say nang luong",
        "máy sấy",
        "laser sensor",
        "has been",
        "green tax for all",
        "taxi visa",
        "CO2",
        "TCVN 5603",
        "GIS",
        "startup",
        "m3",
        "kg/h",
        "",
    ],
)
def test_plain_words_foreign_words_and_codes_stay(typed: str) -> None:
    assert decoding.decode(typed) is None


def test_in_a_query_of_keys_only_the_keys_change() -> None:
    assert decoding.decode("banr ddoof gis OPC-UA máy") == "bản đồ gis OPC-UA máy"
    assert decoding.decode("robot haij lucs binhf") == "robot hại lúc bình"


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(typed: str) -> None:
    read = decoding.decode(text.clean(typed))
    assert read is None or read != typed


@given(st.text(alphabet="abcdeghioqstuwxyz1689", max_size=14))
def test_what_is_read_is_a_syllable_with_marks(keys: str) -> None:
    syllable = decoding.syllable_of(keys)
    assert syllable is None or (syllable != keys and text.tokens(syllable) != [])
