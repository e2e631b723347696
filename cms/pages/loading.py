"""The first pages of a new site. What exists is never changed: from then on it is the editors'."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from cms.pages.models import HomePage, StandardPage

DATA = Path(__file__).resolve().parent.parent / "data" / "site.json"


@transaction.atomic
def load() -> int:
    """Create locales, site and the pages that are missing; return how many pages were created."""
    content = json.loads(DATA.read_text(encoding="utf-8"))
    vietnamese, _ = Locale.objects.get_or_create(language_code="vi")
    english, _ = Locale.objects.get_or_create(language_code="en")
    before = Page.objects.count()
    home = _home(content["home"], vietnamese)
    _site(home)
    _first_below(home, apps.get_model("eventpages.EventIndexPage"), content["event_index"])
    for item in content["pages"]:
        _below(home, StandardPage, item)
    index = _below(home, apps.get_model("news.NewsIndexPage"), content["news_index"])
    for item in reversed(content["news"]):
        _below(index, apps.get_model("news.NewsPage"), item)
    _english_home(home, content["home"]["en"], english)
    _follow_vietnamese(vietnamese, english)
    return max(0, Page.objects.count() - before)


def _figures(item: dict[str, Any]) -> str:
    figures = [
        {"type": "item", "id": _id(), "value": {"value": value, "unit": unit, "label": label}}
        for value, unit, label in item["figures"]
    ]
    value = {"figures": figures, "source": item["source"]}
    return json.dumps([{"type": "figures", "value": value, "id": _id()}])


def _id() -> str:
    return str(uuid.uuid4())


def _home(item: dict[str, Any], locale: Locale) -> HomePage:
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        # `flush` takes even the root page, which a migration made.
        root = Page.get_first_root_node() or Page.add_root(
            instance=Page(title="Root", slug="root", locale=locale)
        )
        root.get_children().filter(slug="home").not_exact_type(HomePage).delete()
        home = root.add_child(
            instance=HomePage(
                title=item["title"],
                slug="trang-chu",
                heading=item["heading"],
                intro=item["intro"],
                figures=_figures(item),
                locale=locale,
                live=False,
            )
        )
        home.save_revision().publish()
    return home


def _site(home: HomePage) -> None:
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    standard = 443 if address.scheme == "https" else 80
    site, created = Site.objects.get_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": address.port or standard,
            "root_page": home,
        },
    )
    if created or site.root_page.specific_class is not HomePage:
        site.root_page = home
        site.hostname = address.hostname or "localhost"
        site.port = address.port or standard
        site.save()


def _below(parent: Page, model: type[Page], item: dict[str, Any]) -> Page:
    """Return the child of that slug, created and published when it is missing."""
    found = parent.get_children().filter(slug=item["slug"]).first()
    if found is not None:
        return found.specific
    values = {key: value for key, value in item.items() if key != "body"}
    if "body" in item:
        values["body"] = json.dumps([_block(block) for block in item["body"]])
    page = parent.add_child(instance=model(**values, locale=parent.locale, live=False))
    page.save_revision().publish()
    return page


def _first_below(parent: Page, model: type[Page], item: dict[str, Any]) -> Page:
    """Return the child of that slug; a new one stands before its brothers, as menus show it."""
    first = parent.get_first_child()
    known = parent.get_children().filter(slug=item["slug"]).exists()
    page = _below(parent, model, item)
    if first is not None and not known:
        page.move(first, pos="left")
    return page


def _block(block: dict[str, Any]) -> dict[str, Any]:
    value = block["value"]
    if isinstance(value, dict):
        value = {
            key: [{"type": "item", "id": _id(), "value": part} for part in item]
            if isinstance(item, list)
            else item
            for key, item in value.items()
        }
    return {"type": block["type"], "value": value, "id": _id()}


def _english_home(home: HomePage, item: dict[str, Any], english: Locale) -> None:
    """Give the English site a front page of its own words."""
    twin = home.get_translation_or_none(english)
    if twin is not None and twin.alias_of_id is None:
        return
    if twin is None:
        twin = home.copy_for_translation(english)
    twin.alias_of = None
    twin.title = item["title"]
    twin.slug = "home-en"
    twin.heading = item["heading"]
    twin.intro = item["intro"]
    twin.figures = _figures(item)
    twin.save_revision().publish()


def _follow_vietnamese(vietnamese: Locale, english: Locale) -> None:
    """Let each Vietnamese page stand in for an English one until an editor translates it."""
    follow, created = LocaleSynchronization.objects.get_or_create(
        locale=english, defaults={"sync_from": vietnamese}
    )
    if not created:
        follow.sync_trees()
