"""Links to feeds: `{% feed_links "tin-tuc" %}` in the head, `{% follow "tin-tuc" %}` on the page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from cms.feeds.sections import SECTIONS
from cms.feeds.views import ROOMS

register = template.Library()

#: The section that the pages of a class stand for.
_OF_PAGES = {
    "newsindexpage": "tin-tuc",
    "newspage": "tin-tuc",
    "eventindexpage": "su-kien",
    "eventpage": "su-kien",
    "awardindexpage": "giai-thuong",
    "awardprogrammepage": "giai-thuong",
    "callpage": "giai-thuong",
    "legaldocumentindexpage": "van-ban",
    "legaldocumentpage": "van-ban",
}
_KEPT_OUT = {"trang", "sap-xep"}


@register.simple_tag(takes_context=True)
def feed_link(context: template.Context) -> SafeString | str:
    """Name the feed of this page's section or of this search; on other pages, that of the news."""
    screen = context.get("screen")
    if screen is not None and hasattr(screen, "asked"):
        address, title = _of_search(screen.asked), screen.title
    else:
        section = _OF_PAGES.get(type(context.get("page")).__name__.lower(), "tin-tuc")
        address, title = _of_section(section), str(SECTIONS[section].title)
    return format_html(
        '<link rel="alternate" type="application/rss+xml" title="{}" href="{}" />', title, address
    )


@register.inclusion_tag("components/follow.html", takes_context=True)
def follow(context: template.Context) -> dict[str, Any]:
    """Offer the feed of this section or search, seen; nothing on a page that has none."""
    screen = context.get("screen")
    if screen is not None and hasattr(screen, "asked"):
        return {"url": _of_search(screen.asked)}
    section = _OF_PAGES.get(type(context.get("page")).__name__.lower())
    return {"url": _of_section(section) if section else ""}


def _of_section(section: str) -> str:
    return reverse("feeds:section", kwargs={"section": section, "form": "rss"})


def _of_search(asked: Any) -> str:
    room = next(slug for slug, room in ROOMS.items() if room.name == asked.room.name)
    pairs = [pair for pair in asked.parameters() if pair[0] not in _KEPT_OUT]
    address = reverse("feeds:room", kwargs={"room": room, "form": "rss"})
    return f"{address}?{urlencode(pairs)}" if pairs else address
