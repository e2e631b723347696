"""Found words are marked on what the visitor reads."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from search import text
from search.highlight import Marker
from search.planner import plan


def test_typed_with_marks_only_the_very_word_is_marked() -> None:
    marker = Marker(plan("dừa"))
    assert marker.title("Dừa và dứa") == "<mark>Dừa</mark> và dứa"
    assert marker.title("Dứa") == "<mark>Dứa</mark>"


def test_typed_without_marks_every_look_alike_is_marked() -> None:
    assert Marker(plan("dua")).title("Dừa, dứa") == "<mark>Dừa</mark>, <mark>dứa</mark>"


def test_synonyms_are_marked_too() -> None:
    assert "<mark>công nghệ sinh học</mark>" in Marker(plan("CNSH")).title("Về công nghệ sinh học")


def test_part_of_a_word_is_not_marked() -> None:
    assert Marker(plan("ca")).title("Các loại cao") == "Các loại cao"


def test_the_fragment_shows_where_most_words_stand() -> None:
    body = "Máy móc. " + "Lời dài. " * 40 + "Máy sấy lúa ở đây. " + "Hết. " * 40
    fragment = Marker(plan("máy sấy lúa")).fragment("Tóm tắt không có gì", body)
    assert "<mark>Máy sấy lúa</mark>" in fragment
    assert fragment.startswith("… ")
    assert fragment.endswith(" …")


def test_without_a_match_the_beginning_is_shown() -> None:
    assert Marker(plan("xyz")).fragment("", "Phần thân & <b>") == "Phần thân &amp; &lt;b&gt;"
    assert Marker(plan("")).fragment("", "") == ""


@given(st.text(max_size=400), st.text(max_size=40))
def test_marks_change_nothing_but_marks(original: str, typed: str) -> None:
    cleaned = text.clean(original)
    for prefix in (False, True):
        marker = Marker(plan(typed), prefix=prefix)
        marked = marker.title(cleaned).replace("<mark>", "").replace("</mark>", "")
        assert html.unescape(marked) == html.unescape(html.escape(cleaned))
        assert "<" not in marked
        fragment = marker.fragment(cleaned).replace("<mark>", "").replace("</mark>", "")
        assert html.unescape(fragment.removeprefix("… ").removesuffix(" …")).strip() in cleaned
