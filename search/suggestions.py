"""The rows of the autocomplete, grouped under their kinds and facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search import service, sources
from search.contracts import Suggestion
from search.forms import facet_address

LIMIT = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One row: marked text and where it leads."""

    html: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind or facet under its label."""

    name: str
    label: str
    items: Sequence[Item]


def groups(typed: str, language: str) -> list[Group]:
    """Return at most eight rows for what was typed, in the groups' order of appearance."""
    found: dict[str, list[Item]] = {}
    for row in service.suggest(typed, language=language, limit=LIMIT):
        found.setdefault(row.group, []).append(_item(row, language))
    return [Group(name, _label(name), items) for name, items in found.items()]


def _item(row: Suggestion, language: str) -> Item:
    if row.url:
        address = sources.address(row.group, row.url, language)
    else:
        address = facet_address(sources.facet(row.group), row.code)
    # Escaped by search.highlight where it marks words.
    return Item(mark_safe(row.html or escape(row.text)), address)


def _label(group: str) -> str:
    kinds = {item.kind: item for item in sources.sources()}
    return str(kinds[group].label_plural if group in kinds else sources.facet(group).label)
