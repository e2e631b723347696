"""What a list in a page's body shows of the catalogue, read anew each time the page is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cms.caching.watching import note_list
from cms.events.screen import rows_of
from cms.events.selectors import event_index_url
from cms.navigation import address
from registry.common.fields import kinds
from registry.events import selectors as events
from registry.taxonomy import selectors as taxonomy
from search import screen, service, sources
from search.contracts import SearchQuery, Sort

EVENT = "event"


def kind_choices() -> list[tuple[str, Any]]:
    """Return (code, label) of the kinds of entries, and of events."""
    return [*((kind.code, kind.label_plural) for kind in kinds()), (EVENT, _("Sự kiện sắp tới"))]


def term_choices(vocabulary: str) -> list[tuple[str, str]]:
    """Return (code, label) of the terms in use, those below another one set off."""
    above = taxonomy.parents(vocabulary)
    return [
        (term.code, f"– {term.label}" if above.get(term.code) else term.label)
        for term in taxonomy.terms(vocabulary)
    ]


def commune_choices() -> list[tuple[str, str]]:
    """Return (code, name) of the communes and wards of today."""
    return sorted(taxonomy.commune_labels().items(), key=lambda item: item[1])


def narrows(kind: str) -> set[str]:
    """Return by what a list of this kind can be narrowed."""
    return {spec.name for spec in sources.facets([kind])}


def listed(kind: str, terms: Mapping[str, str], count: int) -> dict[str, Any]:
    """Return {rows, events, all_url} of a list; an unknown kind or term has no rows.

    Rows are documents of the index, which are made through `disclose`.
    """
    chosen = {name: code for name, code in terms.items() if code}
    known = kind in dict(kind_choices()) and all(map(_exists, chosen, chosen.values()))
    if kind == EVENT:
        note_list("events")
        found = rows_of(_events(chosen, count)) if known else []
        language = translation.get_language() or "vi"
        return {"events": found, "rows": [], "all_url": event_index_url(language)}
    note_list("registry")
    rows = _entries(kind, chosen, count) if known else []
    return {"events": [], "rows": rows, "all_url": _all(kind, chosen) if known else ""}


def _exists(name: str, code: str) -> bool:
    known = taxonomy.commune_labels() if name == "commune" else taxonomy.term_order(name)
    return code in known


def _entries(kind: str, chosen: Mapping[str, str], count: int) -> list[Any]:
    query = SearchQuery(
        kinds=(kind,),
        language=translation.get_language() or "vi",
        filters={name: (code,) for name, code in chosen.items()},
        sort=Sort.CONFIRMED,
        page_size=count,
        highlight=False,
    )
    page = service.latest(query)
    if not page.hits and query.language != "vi":
        page = service.latest(replace(query, language="vi"))
    return screen.rows_of(page.hits)


def _events(chosen: Mapping[str, str], count: int) -> Iterable[Any]:
    found = events.upcoming().exclude(state=events.State.CANCELLED)
    found = found.filter(starts_at__isnull=False)
    if commune := chosen.get("commune"):
        found = found.filter(commune__code=commune)
    if sector := chosen.get("sector"):
        above = taxonomy.parents("sector")
        found = found.filter(sector__code__in=[sector, *(c for c in above if above[c] == sector)])
    return found[:count]


def _all(kind: str, chosen: Mapping[str, str]) -> str:
    source = sources.source(kind)
    pairs = [("loai", source.slug)]
    pairs += [(sources.facet(name).parameter, code) for name, code in chosen.items()]
    found = address("search:all")
    return f"{found}?{urlencode(pairs)}" if found else ""
