"""Links as visitors see them: one that leads nowhere is plain text."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from cms.desk.links import own_path
from cms.desk.reaching import dead_paths, leads_nowhere

register = template.Library()
_ANCHOR = re.compile(r"<a(?P<attributes>(?:\s[^>]*)?)>(?P<words>.*?)</a>", re.DOTALL)
_HREF = re.compile(r'\shref="(?P<address>[^"]*)"')


@register.filter
def living(html: Any) -> SafeString:
    """Return a text in which links without a target, or to nothing of ours, are plain words."""
    text = str(html)
    if "<a" not in text:
        return mark_safe(text)
    found = {match["attributes"] for match in _ANCHOR.finditer(text)}
    paths = {attributes: path for attributes in found if (path := _path(attributes))}
    dead = dead_paths(paths.values()) if paths else set()

    def shown(match: re.Match[str]) -> str:
        attributes = match["attributes"]
        lost = not _HREF.search(attributes) or paths.get(attributes) in dead
        return match["words"] if lost else match[0]

    return mark_safe(_ANCHOR.sub(shown, text))


@register.filter
def reachable(address: Any) -> str:
    """Return an address to follow; nothing for one of ours where there is nothing."""
    written = str(address or "")
    return "" if leads_nowhere(written) else written


def _path(attributes: str) -> str | None:
    match = _HREF.search(attributes)
    if match is None:
        return None
    try:
        return own_path(match["address"].replace("&amp;", "&"))
    except ValueError:
        return None
