"""The live figures of the home page."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext

from cms.events.screen import rows_of
from cms.events.selectors import event_index_url
from cms.navigation import address
from cms.news.selectors import latest_news
from cms.pages import maps
from registry.directory import selectors as directory
from registry.events import selectors as events
from registry.taxonomy import selectors as taxonomy
from search import service
from search.contracts import Hit, SearchPage, SearchQuery, Sort

#: The six sectors of the province's main value chains, each with its map.
CHAINS = ("dua", "lua-gao", "cay-an-qua", "thuy-san", "vat-lieu", "so")
OFFERS_SHOWN = 4
OFFERS_READ = 16
NEWS_SHOWN = 4
EVENTS_SHOWN = 3
#: Maps count over every entry; a minute old is live enough, and spares the database.
MAP_SECONDS = 60


def figures() -> dict[str, Any]:
    """Return the template context: numbers, maps, newest offers, news, ways to start."""
    by_commune, by_sector = _counts()
    return {
        "numbers": directory.home_numbers(),
        "delta": maps.delta(by_commune),
        "communes": commune_table(by_commune),
        "chains": chains(by_sector),
        "offers": latest_offers(),
        "events": rows_of(events.soonest(EVENTS_SHOWN)),
        "events_url": event_index_url(translation.get_language() or "vi"),
        "news": latest_news(translation.get_language() or "vi", NEWS_SHOWN),
        "tries": [
            gettext("máy sấy năng lượng mặt trời"),
            gettext("nước thải"),
            gettext("lúa chịu mặn"),
        ],
        "addresses": {
            "search": address("search:all"),
            "suggest": address("search:suggest"),
            "market": address("search:market"),
            "workspace": address("workspace:home"),
        },
    }


def _counts() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    found = cache.get("cms.home.counts")
    if found is None:
        found = (directory.counts_by_commune(), directory.counts_by_sector_commune(CHAINS))
        cache.set("cms.home.counts", found, MAP_SECONDS)
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


def latest_offers() -> list[dict[str, Any]]:
    """Return offers confirmed of late, as `components/card.html` wants them.

    Of the newest ones, those of different sectors come first, so that the row shows the province.
    """
    language = translation.get_language() or "vi"
    page = _newest_offers(language)
    if not page.hits and language != "vi":
        page = _newest_offers("vi")
    seen: set[str] = set()
    first: list[Hit] = []
    rest: list[Hit] = []
    for hit in page.hits:
        sector = str(hit.payload.get("sector", ""))
        (rest if sector in seen else first).append(hit)
        seen.add(sector)
    return [
        {"url": hit.url, "title": hit.title, **hit.payload, "confirmed_on": hit.confirmed_on}
        for hit in [*first, *rest][:OFFERS_SHOWN]
    ]


def _newest_offers(language: str) -> SearchPage:
    return service.search(
        SearchQuery(
            kinds=("offer",),
            language=language,
            sort=Sort.CONFIRMED,
            page_size=OFFERS_READ,
            highlight=False,
        )
    )
