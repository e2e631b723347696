"""Reading pages: the menus, the path to a page, its plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction
from wagtail.rich_text import RichText

from cms.pages.menus import MenuMixin

Menus = dict[str, list[tuple[str, str]]]


def pages_in_menus(language: str) -> Menus:
    """Return menu place → (label, address) of its live pages, in the order of the page tree."""
    # Each asked once of every kind of page: `.public()` would ask for what is closed again and again.
    closed = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    chosen = {pk: (menu, label) for pk, menu, label in _chosen_for_menus()}
    pages = Page.objects.live().filter(pk__in=chosen, locale__language_code=language)
    menus: Menus = {}
    for page in pages.order_by("path"):
        if not page.path.startswith(closed) and (url := page.get_url()):
            menu, label = chosen[page.pk]
            menus.setdefault(menu, []).append((label or page.title, url))
    return menus


def _chosen_for_menus() -> QuerySet[Any, tuple[int, str, str]]:
    kinds = [model for model in apps.get_models() if issubclass(model, MenuMixin)]
    first, *others = (
        kind._default_manager.exclude(menu="").order_by().values_list("pk", "menu", "menu_label")
        for kind in kinds
    )
    return first.union(*others, all=True)


def ancestors(page: Page) -> list[Page]:
    """Return the pages between the home page and this one."""
    return list(page.get_ancestors().filter(depth__gt=2).live())


def contact_url(language: str) -> str:
    """Return the address of the contact page in a language; empty where there is none."""
    pages = apps.get_model("pages.ContactPage").objects.live().public()
    page = pages.filter(locale__language_code=language).order_by("path").first()
    return (page.get_url() or "") if page is not None else ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A page of the site map, with the pages right below it."""

    title: str
    url: str
    below: list[tuple[str, str]]


#: A branch of the site map names this many pages of a long list, and leads on to the list itself.
BELOW_SHOWN = 12


def branches(page: Page) -> list[Branch]:
    """Return the live public pages of the page's own language, by first level, in order of the tree."""
    home = page.get_ancestors().filter(depth=2).first()
    if home is None:
        return []
    found: list[Branch] = []
    pages = home.get_descendants().live().public().filter(depth__lte=4).order_by("path")
    for item in pages.exclude(pk=page.pk):
        url = item.get_url() or ""
        if item.depth == home.depth + 1:
            found.append(Branch(item.title, url, []))
        elif found and len(found[-1].below) < BELOW_SHOWN:
            found[-1].below.append((item.title, url))
    return found


def cards_below(page: Page) -> list[Any]:
    """Return the live pages below a page with their leads, in the order of the tree."""
    return list(page.get_children().live().public().specific())


def plain_text(value: Any) -> str:
    """Return the readable words of a text or a stream field, without markup.

    Addresses and numbers of people are on their page, and nothing to search by.
    """
    parts: list[str] = []
    _collect(value, parts)
    return " ".join(" ".join(parts).split())


def _collect(value: Any, parts: list[str]) -> None:
    if isinstance(value, RichText):
        parts.append(strip_tags(value.source.replace("<", " <")))
    elif isinstance(value, str):
        parts.append(value)
    elif isinstance(value, dict) and isinstance(value.get("data"), list):  # a table
        parts.extend(str(cell) for row in value["data"] for cell in row if cell)
    elif hasattr(value, "items") and callable(value.items):
        for name, item in value.items():
            if name not in {"tone", "url", "page", "image", "document", "email", "phone"}:
                _collect(item, parts)
    elif hasattr(value, "__iter__"):
        for item in value:
            _collect(getattr(item, "value", item), parts)
