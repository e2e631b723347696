"""Which words stand for which."""

from __future__ import annotations

from search.planner import plan
from search.synonyms import thesaurus


def _shown(*words: str, capitals: bool = False) -> set[str]:
    return {item.form.shown for item in thesaurus().substitutes(words, capitals=capitals)}


def test_equal_forms_find_each_other() -> None:
    assert "công nghệ sinh học" in _shown("cnsh")
    assert "CNSH" in _shown("công", "nghệ", "sinh", "học")
    assert "CNSH" in _shown("cong", "nghe", "sinh", "hoc")


def test_a_short_abbreviation_needs_capitals() -> None:
    assert _shown("kn") == set()
    assert {"khởi nghiệp", "khuyến nông"} <= _shown("kn", capitals=True)


def test_a_single_syllable_needs_its_marks() -> None:
    assert "khóm" in _shown("dứa")
    assert _shown("dua") == set()
    assert "khóm" not in _shown("dừa")


def test_a_narrow_word_does_not_widen() -> None:
    assert "thương hiệu" in _shown("nhãn", "hiệu")
    assert _shown("thương", "hiệu") == set()
    assert "chuỗi lạnh" in _shown("cold", "chain")


def test_the_plan_tells_what_stands_for_which_word() -> None:
    asked = plan("máy sấy CNSH")
    assert [word.shown for word in asked.words] == ["máy", "sấy", "CNSH"]
    assert "công nghệ sinh học" in {item.shown for item in asked.words[2].substitutions}
    assert not plan("máy sấy CNSH", verbatim=True).words[2].substitutions


def test_a_repeated_word_is_one_word() -> None:
    assert [word.shown for word in plan("chôm chôm").words] == ["chôm"]
    assert plan("  ").empty
