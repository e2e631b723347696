"""The rows of the autocomplete, grouped under their kinds and facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search import service, sources
from search.contracts import QUERY, Suggestion
from search.forms import Asked, facet_address
from search.rooms import EVERYTHING

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
    if row.group == QUERY:
        address = Asked(room=EVERYTHING, text=row.text).href()
    elif row.url:
        address = sources.address(row.group, row.url, language)
    else:
        address = facet_address(sources.facet(row.group), row.code)
    # Escaped by search.highlight where it marks words.
    return Item(mark_safe(row.html or escape(row.text)), address)


def _label(group: str) -> str:
    if group == QUERY:
        return _("Câu tìm")
    kinds = {item.kind: item for item in sources.sources()}
    return str(kinds[group].label_plural if group in kinds else sources.facet(group).label)
