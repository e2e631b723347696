"""The reference files say what they must, before any database sees them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.taxonomy.names import folded, unmarked
from registry.taxonomy.reference import BadReference, read

REFERENCE = read()

VOCABULARIES = {
    "sector", "value_chain", "st_field", "vsic", "trl", "transfer_form", "transfer_object",
    "transfer_method", "transfer_right", "ip_type", "ip_status", "role", "ownership", "legal_form",
    "size_band", "stage", "funding", "funding_origin", "cooperation", "price_type", "sdg",
    "looking_for", "high_tech", "ocop", "ocop_star", "strategic_technology",
    "event_type", "audience", "programme", "document_topic",
}  # fmt: skip


def test_every_vocabulary_is_there_with_source_licence_and_terms() -> None:
    assert set(REFERENCE.vocabularies) == VOCABULARIES
    assert {vocabulary for vocabulary, _code in REFERENCE.terms} == VOCABULARIES
    for code, row in REFERENCE.vocabularies.items():
        assert row["source"], code
        assert row["licence"], code


def test_every_term_speaks_both_languages() -> None:
    silent = [key for key, row in REFERENCE.terms.items() if not row["label_en"]]
    assert silent == []


def test_eighteen_sectors_each_with_four_to_eight_below() -> None:
    top = [c for v, c in REFERENCE.terms if v == "sector" and (v, c) not in REFERENCE.broader]
    assert len(top) == 18
    for code in top:
        below = [key for key, above in REFERENCE.broader.items() if above == ("sector", code)]
        assert 4 <= len(below) <= 8, code


def test_scales_and_short_lists_are_complete() -> None:
    def codes(vocabulary: str) -> list[str]:
        return [code for v, code in REFERENCE.terms if v == vocabulary]

    assert codes("trl") == [str(level) for level in range(1, 10)]
    assert codes("sdg") == [str(goal) for goal in range(1, 18)]
    assert codes("price_type") == ["tham_khao", "co_dinh", "thoa_thuan"]
    assert codes("size_band") == ["sieu_nho", "nho", "vua", "lon"]


def test_the_province_has_its_units_of_before_and_after() -> None:
    by_version: dict[tuple[str, str], int] = {}
    for (_code, version), row in REFERENCE.units.items():
        key = (version, row["type"])
        by_version[key] = by_version.get(key, 0) + 1
    communes = ("xa", "phuong", "thi_tran")
    assert sum(by_version.get(("2025", kind), 0) for kind in communes) == 124
    assert sum(by_version.get(("2024", kind), 0) for kind in communes) == 354
    districts = ("huyen", "thi_xa", "thanh_pho")
    assert sum(by_version.get(("2024", kind), 0) for kind in districts) == 26
    assert by_version["2024", "tinh"] == 3
    assert by_version["2025", "tinh"] == 1


def test_every_old_commune_has_one_default_successor_and_no_commune_came_from_nowhere() -> None:
    defaults: dict[tuple[str, str], int] = {}
    heirs = set()
    for (old, new), row in REFERENCE.successions.items():
        defaults[old] = defaults.get(old, 0) + row["is_default"]
        heirs.add(new)
    assert set(defaults.values()) == {1}
    current = {key for key, row in REFERENCE.units.items() if row["valid_to"] is None}
    assert heirs == current


def test_names_are_written_in_the_spelling_of_the_laws() -> None:
    wrong = re.compile(r"(oà|oá|uỷ|uỵ|oẹ|oè)\b", re.IGNORECASE)
    for row in REFERENCE.units.values():
        assert not wrong.search(row["full_name_vi"]), row["full_name_vi"]
    for row in REFERENCE.terms.values():
        assert not wrong.search(row["label_vi"]), row["label_vi"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sơn Đông", "son dong"),
        ("  TX.  Bình Minh ", "tx binh minh"),
        ("hoà Hiệp", "hoa hiep"),
        ("PHƯỜNG 8", "phuong 8"),
        ("Đa\u0309o", "dao"),
        ("…", ""),
    ],
)
def test_folding_forgives_marks_case_and_signs(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_english_names_keep_their_capitals() -> None:
    assert unmarked("Đồng Khởi") == "Dong Khoi"


def test_a_file_that_contradicts_itself_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    (tmp_path / "vocabularies.csv").write_text(
        "code,name_vi,name_en,source,licence\nx,X,X,S,CC0\n", encoding="utf-8"
    )
    head = (
        "code,parent,label_vi,label_en,scope_note,legal_basis,valid_from,valid_to,"
        "exact_match,synonyms\n"
    )
    (tmp_path / "terms" / "x.csv").write_text(
        head + "a,,A,A,,,,,,\nb,nowhere,B,B,,,,,,\n", encoding="utf-8"
    )
    with pytest.raises(BadReference, match=r"x\.csv:3"):
        read(tmp_path)
