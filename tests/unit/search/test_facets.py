"""Facets beside a list: what somebody typed or named is no markup, and scripts find their places."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.utils.safestring import mark_safe

from search.shown_facets import Facet, Option
from search.templatetags.facets import facet_box

HOSTILE = "\"><script>'&"
BELOW = Option("duoi", "Bên dưới", 1_250, selected=True)
OPTIONS = (
    Option(HOSTILE, HOSTILE, 12, selected=False, also=HOSTILE, children=(BELOW,)),
    Option("khong", "Không có gì", 0, selected=False),
)
LIST = Facet(HOSTILE, HOSTILE, HOSTILE, "searchable", open=False, values=OPTIONS, rest=OPTIONS,
             narrowing=HOSTILE, narrowed_by=HOSTILE)  # fmt: skip


@pytest.mark.parametrize("display", ["searchable", "histogram"])
def test_nothing_said_is_markup(display: str) -> None:
    html = facet_box(replace(LIST, display=display), HOSTILE)
    assert "<script" not in html
    assert html.count("&quot;&gt;&lt;script&gt;&#x27;&amp;") > 8
    assert '<svg id="i">' in facet_box(LIST, mark_safe('<svg id="i">'))


def test_a_list_shows_what_is_below_hides_the_rest_and_can_be_narrowed() -> None:
    facet = replace(LIST, parameter="xa-phuong", narrowing="tim-xa-phuong", narrowed_by="an b")
    html = facet_box(facet)
    assert html.startswith('<details class="facet" id="loc-xa-phuong"><summary>')
    assert '<details class="rest" id="them-xa-phuong">' in html
    assert "Xem thêm 2" in html
    assert '<fieldset class="opts" data-narrow>' in html
    assert 'name="tim-xa-phuong" value="an b"' in html
    assert "data-none hidden" in html
    assert '<div class="opts"><label class="opt"><input type="checkbox" id="xa-phuong-duoi"' in html
    assert 'value="duoi" checked>' in html
    assert "<b>1.250<" in html
    assert 'class="opt none"' in html


def test_a_list_without_values_says_so_and_a_short_one_has_nothing_to_hide() -> None:
    html = facet_box(replace(LIST, values=(), rest=(), narrowing="", open=True))
    assert html.count("Không có giá trị nào khớp.") == 1
    assert " open>" in html
    assert 'class="rest"' not in html
    assert "data-narrow" not in html


def test_a_level_nobody_reached_cannot_be_chosen_but_can_be_let_go() -> None:
    levels = tuple(
        Option(str(level), f"Mức {level}", count, selected=level == 2)
        for level, count in enumerate((1_500, 0, 0), start=1)
    )
    html = facet_box(Facet("trl", "trl", "TRL", "histogram", open=True, values=levels))
    boxes = re.findall(r"<input [^>]*>", html)
    assert [(" checked" in box, " disabled" in box) for box in boxes] == [
        (False, False), (True, False), (False, True)
    ]  # fmt: skip
    assert 'aria-label="TRL 1: 1.500 kết quả"' in html
    assert '<i class="h100">' in html
    assert html.count('<i class="h0">') == 2
