"""The body of a page as an outline: no heading skips a level, whatever an editor puts first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: Blocks whose title is a heading of the page's second level.
TITLED = {"heading", "links", "live"}
_HEADING = re.compile(r"(</?)h3\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A block, its place in the body counted from one, and the level of headings inside it."""

    block: Any
    number: int
    level: str


@register.simple_tag
def outline(body: Any) -> list[Part]:
    """Return the blocks of a body. What stands before the first heading has its own at that level."""
    parts: list[Part] = []
    level = "h2"
    for number, block in enumerate(body or [], start=1):
        if block.block_type in TITLED and _title(block):
            level = "h3"
        parts.append(Part(block, number, level))
    return parts


def _title(block: Any) -> str:
    value = block.value
    return str(value if block.block_type == "heading" else value.get("title") or "")


@register.filter
def headed(html: SafeString, level: str = "") -> SafeString:
    """Return the markup of a text with its headings at a level, the third unless given."""
    if level != "h2":
        return html
    # What `richtext` made, with other names for its headings.
    return mark_safe(_HEADING.sub(r"\1h2", str(html)))
