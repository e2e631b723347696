"""The checkboxes of facets: some hundred and sixty on a page, too many for a template each."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.screen import separator
from search.shown_facets import Option

register = template.Library()


@register.simple_tag
def facet_options(parameter: str, values: Iterable[Option]) -> SafeString:
    """Return the values of a facet as checkboxes, what is below a value inset under it.

    Ids stay the same through every update, so that a box under the keyboard keeps its place.
    A selected value without results turns grey and can still be let go.
    """
    return mark_safe(_level(escape(parameter), values, separator(), escape(_("kết quả"))))


def _level(parameter: str, values: Iterable[Option], comma: str, unit: str) -> str:
    return "\n".join(_option(parameter, value, comma, unit) for value in values)


def _option(parameter: str, value: Option, comma: str, unit: str) -> str:
    """Return the box of one value. Plain `escape`: Django's asks of each piece whether it is lazy."""
    code = escape(value.code)
    label = value.label if isinstance(value.label, SafeString) else escape(value.label)
    count = f"{value.count:,}".replace(",", comma)
    also = f' data-also="{escape(value.also)}"' if value.also else ""
    below = (
        f'<div class="opts">{_level(parameter, value.children, comma, unit)}</div>'
        if value.children
        else ""
    )
    return (
        f'<label class="opt{"" if value.count else " none"}"{also}>'
        f'<input type="checkbox" id="{parameter}-{code}" name="{parameter}" value="{code}"'
        f"{' checked' if value.selected else ''}>"
        f"<span>{label}</span>"
        f'<b>{count}<span class="vh"> {unit}</span></b></label>{below}'
    )
