"""Reference data in the database: loaded again and again, read on every page."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from registry.taxonomy.cache import forget
from registry.taxonomy.models import AdminUnit, Succession, Term, Vocabulary
from registry.taxonomy.reference import read
from registry.taxonomy.selectors import (
    commune_labels,
    current_communes,
    find_units,
    old_names,
    parents,
    place,
    search_names,
    term_label,
    term_labels,
    terms,
    with_ancestors,
)
from registry.taxonomy.services import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache() -> Any:
    forget()
    yield
    forget()


def _found(text: str) -> list[str]:
    return [unit.full_name_vi for unit in find_units(text)]


def test_a_second_load_changes_nothing_and_asks_little(
    django_assert_max_num_queries: Any,
) -> None:
    before = list(Term.objects.order_by("pk").values())
    with django_assert_max_num_queries(20):
        report = load_reference()
    assert not report.wrote
    assert list(Term.objects.order_by("pk").values()) == before
    assert report.units.unchanged == AdminUnit.objects.count() == 508
    assert report.successions.unchanged == Succession.objects.count()


def test_a_changed_label_is_put_right_without_touching_the_row_identity() -> None:
    term = Term.objects.get(vocabulary="sector", code="dua")
    Term.objects.filter(pk=term.pk).update(label_vi="Sai")
    report = load_reference()
    assert report.terms.changed == 1
    term.refresh_from_db()
    assert term.label_vi == "Dừa và sản phẩm từ dừa"


def test_a_term_that_vanishes_is_retired_and_comes_back_when_its_line_does() -> None:
    reference = read()
    shorter = dataclasses.replace(
        reference,
        terms={key: row for key, row in reference.terms.items() if key != ("sdg", "17")},
    )
    assert load_reference(shorter).terms.retired == 1
    term = Term.objects.get(vocabulary="sdg", code="17")
    assert term.is_retired
    assert "17" not in terms("sdg").values_list("code", flat=True)
    assert term_label("sdg", "17") == term.label_vi, "old entries still show its name"
    load_reference(reference)
    term.refresh_from_db()
    assert not term.is_retired


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    assert "Đơn vị hành chính: 508 dòng, mới 0, sửa 0" in capsys.readouterr().out


def test_labels_follow_the_active_language() -> None:
    assert term_labels("price_type") == {
        "tham_khao": "Tham khảo",
        "co_dinh": "Cố định",
        "thoa_thuan": "Thỏa thuận",
    }
    with translation.override("en"):
        assert term_label("sector", "lua-gao") == "Rice"
        assert Term.objects.get(vocabulary="sector", code="lua-gao").label == "Rice"
        assert Vocabulary.objects.get(code="sector").label == "Sectors"
    assert term_labels("sector", ["lua-gao", "không có"], "en") == {"lua-gao": "Rice"}
    assert term_label("sector", "không có") == "không có"


def test_sectors_roll_up() -> None:
    assert parents("sector")["giong-lua"] == "lua-gao"
    assert with_ancestors("sector", ["giong-lua", "tom-lua"]) == ["giong-lua", "lua-gao", "tom-lua"]
    assert with_ancestors("vsic", ["0111"]) == ["0111", "011", "01", "A"]


def test_labels_are_read_once_and_again_after_an_edit(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(1):
        term_labels("trl")
        term_labels("trl", language="en")
        parents("trl")
    term = Term.objects.get(vocabulary="trl", code="9")
    term.label_vi = "Đã bán"
    term.save()
    assert term_label("trl", "9") == "Đã bán"


def test_an_owner_finds_the_commune_of_today_by_its_old_names() -> None:
    assert _found("an binh")[0] == "Xã An Bình"
    assert _found("Sơn Phú") == ["Phường An Hội"]
    assert "Phường An Hội" in _found("giong trom"), "an old district leads to today's communes"
    assert _found("hoa hiep") == _found("Hoà Hiệp") == _found("HÒA HIỆP") == ["Xã Hòa Hiệp"]
    assert _found("phuong 8") == ["Phường Phú Khương", "Phường Nguyệt Hóa", "Phường Tân Hạnh"]
    assert _found("tx binh minh")[0] == "Phường Bình Minh"


def test_the_ward_comes_before_what_once_was_the_province_of_that_name() -> None:
    found = _found("bến tre")
    assert found[0] == "Phường Bến Tre"
    assert "Xã Ba Tri" in found


def test_a_split_commune_leads_to_every_part() -> None:
    assert _found("thị trấn trà ôn") == ["Xã Trà Ôn", "Xã Ngãi Tứ"]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", '"', "x" * 10_000, "🙂", "'; DROP"])
def test_nonsense_finds_no_place_and_breaks_nothing(text: str) -> None:
    assert find_units(text) == []


def test_a_place_is_shown_with_its_name_of_before() -> None:
    ward = current_communes().get(code="28777")
    assert place(ward) == "phường An Hội, tỉnh Vĩnh Long"
    assert "xã Sơn Phú, huyện Giồng Trôm, tỉnh Bến Tre" in old_names(ward)
    assert old_names(ward).startswith("(trước 01/07/2025: ")
    assert "Son Phu Commune, Giong Trom District" in old_names(ward, "en")
    assert "Huyện Giồng Trôm" in search_names(ward)
    old = AdminUnit.objects.get(code="28777", data_version="2024")
    assert old_names(old) == ""


def test_codes_of_before_and_after_do_not_mix() -> None:
    assert AdminUnit.objects.filter(code="28777").count() == 2
    labels = commune_labels()
    assert len(labels) == 124
    assert labels["28810"] == "Xã Phú Túc", "before 2025 this code was thị trấn Châu Thành"
    assert commune_labels(["28810"], "en") == {"28810": "Phu Tuc Commune"}
