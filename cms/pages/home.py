"""The live figures of the home page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext

from cms.caching import changes
from cms.events.screen import rows_of
from cms.events.selectors import event_index_url
from cms.navigation import address
from cms.news.selectors import latest_news
from cms.pages import featured, maps, tagged
from cms.pages.selectors import contact_url
from registry.directory import selectors as directory
from registry.events import selectors as events
from registry.taxonomy import selectors as taxonomy

#: The six sectors of the province's main value chains, each with its map.
CHAINS = ("dua", "lua-gao", "cay-an-qua", "thuy-san", "vat-lieu", "so")
OFFERS_SHOWN = 4
DEMANDS_SHOWN = 4
NEWS_SHOWN = 4
EVENTS_SHOWN = 3
CALLS_SHOWN = 3
TRIES_SHOWN = 4
#: Rooms that may stand behind “Bạn được hỗ trợ gì?”, by the name of their address.
SUPPORT = ("support:eligibility",)
#: Maps count over every entry; a minute old is live enough, and spares the database.
MAP_SECONDS = 60


def figures(page: Any) -> dict[str, Any]:
    """Return the template context of a home page: numbers, maps, what is featured, what comes next."""
    language = translation.get_language() or "vi"
    by_commune, by_sector = _counts()
    chosen = [item.entry for item in page.features.select_related("entry") if item.entry]
    return {
        "numbers": directory.home_numbers(),
        "delta": maps.delta(by_commune),
        "communes": commune_table(by_commune),
        "chains": chains(by_sector),
        "offers": _featured("offer", chosen, OFFERS_SHOWN),
        "demands": _featured("demand", chosen, DEMANDS_SHOWN),
        "events": rows_of(events.soonest(EVENTS_SHOWN)),
        "events_url": event_index_url(language),
        "calls": tagged.open_calls()[:CALLS_SHOWN],
        "news": latest_news(language, NEWS_SHOWN),
        "tries": _tries(page),
        "addresses": {
            "search": address("search:all"),
            "suggest": address("search:suggest"),
            "market": address("search:market"),
            "workspace": address("workspace:home"),
            "support": next(filter(None, map(address, SUPPORT)), ""),
        },
    }


def ways_in() -> dict[str, Any]:
    """Return the context of the front page of a language that has one page: where to go from it."""
    return {
        "addresses": {
            "search": address("search:all"),
            "market": address("search:market"),
            "directory": address("search:directory"),
            "contact": contact_url(settings.LANGUAGE_CODE),
        }
    }


def _featured(kind: str, chosen: list[Any], shown: int) -> list[dict[str, Any]]:
    if not featured.exists(kind):
        return []
    return featured.cards(kind, [entry for entry in chosen if entry.kind == kind], shown)


def _tries(page: Any) -> list[str]:
    own = [line.strip() for line in page.tries.splitlines() if line.strip()]
    usual = [
        gettext("máy sấy năng lượng mặt trời"),
        gettext("nước thải"),
        gettext("lúa chịu mặn"),
    ]
    return (own or usual)[:TRIES_SHOWN]


def _counts() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    # Counted anew when an entry changes: a kept page would keep old numbers with it.
    key = f"cms.home.counts.{changes.place_of('registry')}"
    found = cache.get(key)
    if found is None:
        found = (directory.counts_by_commune(), directory.counts_by_sector_commune(CHAINS))
        cache.set(key, found, MAP_SECONDS)
    return found


def commune_table(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Return (name, number) of the communes that have entries, most first: the map in words."""
    names = taxonomy.commune_labels(counts)
    known = [(names[code], count) for code, count in counts.items() if code in names and count]
    return sorted(known, key=lambda item: (-item[1], item[0]))


def chains(by_sector: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Return the small maps: label, number of entries, address of its entries, paths."""
    labels = taxonomy.term_labels("sector", CHAINS)
    search = address("search:all")
    return [
        {
            # The examples in brackets would not fit under a small map.
            "label": labels.get(code, code).partition(" (")[0],
            "count": sum(by_sector.get(code, {}).values()),
            "url": f"{search}?linh-vuc={code}" if search else "",
            "map": maps.small(by_sector.get(code, {})),
        }
        for code in CHAINS
    ]
