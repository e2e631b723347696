"""The checkboxes of facets: some hundred and sixty on a page, too many for a template each."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.screen import written
from search.shown_facets import Option

register = template.Library()


@register.simple_tag
def facet_options(parameter: str, values: Iterable[Option]) -> SafeString:
    """Return the values of a facet as checkboxes, what is below a value inset under it.

    Ids stay the same through every update, so that a box under the keyboard keeps its place.
    A selected value without results turns grey and can still be let go.
    """
    return _level(parameter, values, _("kết quả"))


def _level(parameter: str, values: Iterable[Option], unit: str) -> SafeString:
    return format_html_join(
        "\n",
        '<label class="opt{}"{}><input type="checkbox" id="{}-{}" name="{}" value="{}"{}>'
        '<span>{}</span><b>{}<span class="vh"> {}</span></b></label>{}',
        (
            (
                "" if value.count else " none",
                format_html(' data-also="{}"', value.also) if value.also else "",
                parameter,
                value.code,
                parameter,
                value.code,
                mark_safe(" checked") if value.selected else "",
                value.label,
                written(value.count),
                unit,
                format_html('<div class="opts">{}</div>', _level(parameter, value.children, unit))
                if value.children
                else "",
            )
            for value in values
        ),
    )
