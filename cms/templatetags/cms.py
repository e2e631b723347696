"""Template tags of Wagtail pages."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

from cms.navigation import home_url
from cms.pages import selectors
from registry.taxonomy import selectors as taxonomy

register = template.Library()


@register.simple_tag
def children_of(page: Page) -> list[Page]:
    """Return the live pages below a page, in the order of the tree."""
    return list(page.get_children().live().public())


@register.simple_tag
def cards_below(page: Page) -> list[Any]:
    """Return the live pages below a page with what their cards show."""
    return selectors.cards_below(page)


@register.filter
def initials(name: Any) -> str:
    """Return the first letters of the first and the last word of a name: “Nguyễn Văn An” → “NA”."""
    # What stands in brackets behind a name is no part of it.
    words = [word for word in str(name or "").partition("(")[0].split() if word[0].isalpha()]
    return "".join(word[0].upper() for word in [*words[:1], *words[1:][-1:]])


@register.simple_tag
def headings_of(page: Any) -> list[tuple[int, str]]:
    """Return (place in the body, text) of a page's headings."""
    blocks = enumerate(page.body, start=1)
    return [(number, str(block.value)) for number, block in blocks if block.block_type == "heading"]


@register.inclusion_tag("components/crumb.html")
def page_crumbs(page: Page) -> dict[str, Any]:
    """Show the path from the home page to a page."""
    links = [(item.title, item.get_url()) for item in selectors.ancestors(page)]
    return {"links": links, "current": page.title, "home": home_url()}


@register.inclusion_tag("components/crumb.html")
def event_crumbs(page: Page, number: str) -> dict[str, Any]:
    """Show the path to the page of an event, which ends with its number."""
    return {**page_crumbs(page), "current": number}


@register.simple_tag
def commune_old_names(commune: Any) -> str:
    """Return what a commune's ground was called before 1 July 2025, in brackets; or nothing."""
    return taxonomy.old_names(commune)
