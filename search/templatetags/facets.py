"""The facets beside a list: a dozen, some hundred and sixty boxes, too many for a template each."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.screen import separator, written
from search.shown_facets import Facet, Option

register = template.Library()


@register.simple_tag
def facet_box(facet: Facet, arrow: str = "") -> SafeString:
    """Return a facet as a box that opens: its values as checkboxes, or as the bars of a histogram.

    Ids stay the same through every update, so that a box under the keyboard keeps its place.
    A selected value without results turns grey and can still be let go.
    """
    inside = _bars(facet) if facet.display == "histogram" else _choices(facet)
    return mark_safe(
        f'<details class="facet" id="loc-{escape(facet.parameter)}"{" open" if facet.open else ""}>'
        f"<summary>{escape(facet.label)}{conditional_escape(arrow)}</summary>{inside}</details>\n"
    )


def _choices(facet: Facet) -> str:
    parameter, thousands, unit = escape(facet.parameter), separator(), escape(_("kết quả"))
    none = escape(_("Không có giá trị nào khớp."))
    parts = [f'<legend class="vh">{escape(facet.label)}</legend>']
    if facet.narrowing:
        parts.append(_narrowing(facet))
    parts.append(_level(parameter, facet.values, thousands, unit))
    if not facet.values:
        parts.append(f'<p class="xs dim">{none}</p>')
    if facet.rest:
        more = _("Xem thêm %(count)s") % {"count": len(facet.rest)}
        parts.append(
            f'<details class="rest" id="them-{parameter}"><summary class="more small">{escape(more)}'
            f"</summary>{_level(parameter, facet.rest, thousands, unit)}</details>"
        )
    if facet.narrowing:
        parts.append(f'<p class="xs dim" data-none hidden>{none}</p>')
    marked = " data-narrow" if facet.narrowing else ""
    return f'<fieldset class="opts"{marked}>{"".join(parts)}</fieldset>'


def _narrowing(facet: Facet) -> str:
    """Return the field that shortens the list of a facet."""
    name = escape(facet.narrowing)
    label = _("Tìm trong bộ lọc %(label)s") % {"label": facet.label}
    return (
        f'<label class="vh" for="{name}">{escape(label)}</label>'
        f'<input class="in1 narrow" type="search" id="{name}" name="{name}" '
        f'value="{escape(facet.narrowed_by)}" placeholder="{escape(_("Tên mới hoặc tên cũ"))}" '
        'autocomplete="off">'
    )


def _bars(facet: Facet) -> str:
    """Return the levels of readiness as a histogram of boxes."""
    bars = "".join(_bar(escape(facet.parameter), value, facet.largest) for value in facet.values)
    return f'<fieldset class="hist"><legend class="vh">{escape(_("Chọn mức TRL"))}</legend>{bars}</fieldset>'


def _bar(parameter: str, value: Option, largest: int) -> str:
    code, count = escape(value.code), written(value.count)
    said = _("TRL %(code)s: %(count)s kết quả") % {"code": value.code, "count": count}
    # What has no results and is not selected cannot be chosen.
    state = " checked" if value.selected else "" if value.count else " disabled"
    return (
        f'<label title="TRL {code}: {escape(value.label)}"><i class="{height(value.count, largest)}"></i>'
        f'<span aria-hidden="true">{code}</span>'
        f'<input type="checkbox" id="{parameter}-{code}" name="{parameter}" value="{code}" '
        f'aria-label="{escape(said)}"{state}></label>'
    )


def height(count: int, largest: int) -> str:
    """Return the class of a bar's height, in steps of 5%."""
    if not largest or not count:
        return "h0"
    return f"h{max(5, round(count / largest * 20) * 5)}"


def _level(parameter: str, values: Iterable[Option], thousands: str, unit: str) -> str:
    return "\n".join(_option(parameter, value, thousands, unit) for value in values)


def _option(parameter: str, value: Option, thousands: str, unit: str) -> str:
    """Return the box of one value. Plain `escape`: Django's asks of each piece whether it is lazy."""
    code = escape(value.code)
    label = value.label if isinstance(value.label, SafeString) else escape(value.label)
    also = f' data-also="{escape(value.also)}"' if value.also else ""
    below = (
        f'<div class="opts">{_level(parameter, value.children, thousands, unit)}</div>'
        if value.children
        else ""
    )
    return (
        f'<label class="opt{"" if value.count else " none"}"{also}>'
        f'<input type="checkbox" id="{parameter}-{code}" name="{parameter}" value="{code}"'
        f"{' checked' if value.selected else ''}>"
        f"<span>{label}</span>"
        f'<b>{written(value.count, thousands)}<span class="vh"> {unit}</span></b></label>{below}'
    )
