"""The rows of lists: nothing somebody wrote is markup, and what is unknown leaves no hole."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from portal.templatetags import hub

HOSTILE = '<script>"&'
ESCAPED = "&lt;script&gt;&quot;&amp;"
KINDS = ("offer", "organisation", "lab")


def found(payload: dict[str, Any], labels: dict[str, Any] | None = None, **changes: Any) -> Any:
    """A result as `search.screen` gives it to the row of its kind."""
    row = {
        "url": "/cong-nghe/may-say/",
        "title_html": mark_safe("<mark>Máy sấy</mark> dừa"),
        "summary_html": mark_safe("Bớt <mark>củi</mark> …"),
        "confirmed_on": date(2026, 11, 24),
        "payload": {"number": "CN 0412"} | payload,
        "labels": labels or {},
    }
    return SimpleNamespace(**row | changes)


def drawn(kind: str, row: Any, compare: str = "") -> str:
    return render_to_string(f"search/rows/{kind}.html", {"row": row, "compare": compare})


@pytest.mark.parametrize("kind", KINDS)
class TestEveryRow:
    def test_shows_number_title_and_passage_with_their_marks(self, kind: str) -> None:
        html = drawn(kind, found({}))
        assert '<span class="no">CN 0412</span>' in html
        assert "<mark>Máy\N{NO-BREAK SPACE}sấy</mark> dừa</a></h3>" in html
        assert '<p class="d">Bớt <mark>củi</mark> …</p>' in html
        assert "24/11/2026" in html

    def test_escapes_what_owners_and_labels_say(self, kind: str) -> None:
        names = ("number", "owner", "place", "ip", "price", "legal_form", "source", "accreditation")
        told = dict.fromkeys(names, HOSTILE) | {
            "roles": [HOSTILE],
            "verified": True,
            "trl": HOSTILE,
        }
        html = drawn(kind, found(told, url=f"/{HOSTILE}"), HOSTILE)
        assert html.count(ESCAPED) >= 4
        assert "<script" not in html
        labels = dict.fromkeys(("ip_status", "price_type", "commune", "legal_form"), HOSTILE)
        html = drawn(kind, found(told, labels | {"role": [HOSTILE]}))
        assert html.count(ESCAPED) >= 3
        assert "<script" not in html

    def test_leaves_out_what_nobody_said(self, kind: str) -> None:
        html = drawn(kind, found({}, summary_html="", confirmed_on=None))
        for empty in ('class="d"', "<b></b>", "<span></span>", "checkbox", "None", 'class="st'):
            assert empty not in html


def test_names_a_code_in_the_language_of_the_page_and_else_as_it_was_kept() -> None:
    told = {"ip_status": "cap", "ip": "Đã cấp bằng", "place": "Xã An Bình", "owner": "Vàm Lộc"}
    html = drawn("offer", found(told, {"ip_status": "Granted"}))
    assert "<b>Vàm Lộc</b> <span>Xã An Bình</span> <span>Granted</span>" in html
    assert "<span>Đã cấp bằng</span>" in drawn("offer", found(told))
    with translation.override("en"):
        assert '<span><span lang="vi">Xã An Bình</span></span>' in drawn("offer", found(told))


def test_an_offer_can_be_put_beside_others_where_there_is_a_page_for_it() -> None:
    html = drawn("offer", found({"trl": 7, "price": "Thỏa thuận"}), "So sánh")
    assert 'name="so" value="CN 0412" form="so-sanh"' in html
    assert "TRL 7" in html
    assert "<b>Giá: thỏa thuận</b>" in html
    assert "checkbox" not in drawn("offer", found({}))


def test_an_organisation_shows_every_role_and_that_it_is_verified() -> None:
    told = {"roles": ["Doanh nghiệp", "Vườn ươm"], "verified": True, "source": "Sở KH&CN"}
    html = drawn("organisation", found(told))
    assert "<b>Doanh nghiệp</b> <b>Vườn ươm</b>" in html
    assert '<span class="st good">Đã xác minh</span>' in html
    assert "Nguồn: Sở KH&amp;CN" in html


def test_a_badge_keeps_apart_what_is_safe_and_what_only_reads_the_same() -> None:
    assert "<b>VILAS</b>" in hub.state("good", mark_safe("<b>VILAS</b>"))
    assert "&lt;b&gt;VILAS&lt;/b&gt;" in hub.state("good", "<b>VILAS</b>")
    assert "<b>VILAS</b>" in hub.state("good", mark_safe("<b>VILAS</b>"))
