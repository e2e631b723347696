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
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from cms.pages.models import HomePage, StandardPage
from registry.taxonomy import selectors as taxonomy

DATA = Path(__file__).resolve().parent.parent / "data" / "site.json"


#: Which block a stream holds where it holds but one.
ONLY = {
    "evidence": "evidence",
    "goals": "goal",
    "groups": "group",
    "networks": "network",
    "related": "related",
    "steps": "step",
    "units": "unit",
}
#: Keys of an item that are no fields of its page.
NO_FIELDS = {"model", "children", "en", "programme", "sector"}


@transaction.atomic
def load() -> int:
    """Create locales, site and the pages that are missing; return how many pages were created."""
    content = json.loads(DATA.read_text(encoding="utf-8"))
    vietnamese, _ = Locale.objects.get_or_create(language_code="vi")
    english, _ = Locale.objects.get_or_create(language_code="en")
    khmer, _ = Locale.objects.get_or_create(language_code="km")
    before = Page.objects.count()
    home = _home(content["home"], vietnamese)
    _site(home)
    tree = [item for item in content["tree"] if _known(item)]
    _grow(home, tree)
    _home_in(english, home, content["home"]["en"])
    _home_in(khmer, home, content["home"]["km"])
    _follow_vietnamese(vietnamese, english)
    _translate(home, tree, english)
    return max(0, Page.objects.count() - before)


def _known(item: dict[str, Any]) -> bool:
    """Whether the page's room is part of this site."""
    label, _, model = item["model"].partition(".")
    return model.lower() in apps.all_models.get(label, {})


def _grow(parent: Page, items: list[dict[str, Any]]) -> None:
    """Create what is missing below a page; a new page stands right after the one before it."""
    before: Page | None = None
    for item in items:
        page, made = _below(parent, item)
        if made and before is not None and page.get_prev_sibling() != before:
            page.move(before, pos="right")
            page = Page.objects.get(pk=page.pk).specific
        _grow(page, item.get("children", []))
        before = Page.objects.get(pk=page.pk)


def _translate(parent: Page, items: list[dict[str, Any]], english: Locale) -> None:
    """Give the pages that stand in for English ones their English words; what editors wrote stays."""
    for item in items:
        page = parent.get_children().filter(slug=item["slug"]).first()
        if page is None:
            continue
        twin = page.get_translation_or_none(english)
        if "en" in item and twin is not None and twin.alias_of_id is not None and _untouched(page):
            own = twin.specific
            own.alias_of = None
            _fill(own, item["en"])
            own.save_revision().publish()
        _translate(page, item.get("children", []), english)


def _untouched(page: Page) -> bool:
    """Whether a page is as it was loaded: nobody saved it since."""
    return page.revisions.filter(user__isnull=False).count() == 0 and page.revisions.count() <= 1


def _fill(page: Any, item: dict[str, Any]) -> None:
    """Write an item's words into the fields of a page."""
    for key, value in item.items():
        if key in NO_FIELDS:
            continue
        if isinstance(page._meta.get_field(key), StreamField):
            value = json.dumps([_block(_typed(key, part), page.locale) for part in value])
        setattr(page, key, value)
    for key in ("programme", "sector"):
        if key in item:
            setattr(page, key, taxonomy.terms(key).filter(code=item[key]).first())


def _typed(stream: str, part: dict[str, Any]) -> dict[str, Any]:
    return {"type": ONLY[stream], "value": part} if stream in ONLY else part


def _body(item: dict[str, Any], locale: Locale) -> str:
    return json.dumps([_block(part, locale) for part in item.get("body", [])])


def _figures(item: dict[str, Any]) -> str:
    if "figures" not in item:
        return "[]"
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
                body=_body(item, locale),
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


def _below(parent: Page, item: dict[str, Any]) -> tuple[Any, bool]:
    """Return the child of that slug, and whether it was made now, for want of one.

    A page of text that nobody touched since it was loaded makes way for a page of its own type.
    """
    model = apps.get_model(item["model"])
    found = parent.get_children().filter(slug=item["slug"]).first()
    if found is not None:
        plain = found.specific_class is StandardPage and model is not StandardPage
        if not plain or not _untouched(found):
            return found.specific, False
        for page in [*found.get_translations().filter(alias_of__isnull=False), found]:
            Page.objects.get(pk=page.pk).delete()
        parent = Page.objects.get(pk=parent.pk)
    page = model(locale=parent.locale, live=False)
    _fill(page, item)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page, True


def _block(block: dict[str, Any], locale: Locale) -> dict[str, Any]:
    value = block["value"]
    if isinstance(value, dict):
        value = {
            key: [{"type": "item", "id": _id(), "value": part} for part in item]
            if isinstance(item, list) and key != "data"
            else item
            for key, item in value.items()
        }
        if isinstance(value.get("page"), str):
            found = Page.objects.filter(slug=value["page"], locale=locale).order_by("depth").first()
            value["page"] = found.pk if found else None
    return {"type": block["type"], "value": value, "id": _id()}


def _home_in(locale: Locale, home: HomePage, item: dict[str, Any]) -> None:
    """Give a language a front page of its own words; what editors wrote stays."""
    twin = home.get_translation_or_none(locale)
    if twin is not None and twin.alias_of_id is None:
        return
    if twin is None:
        twin = home.copy_for_translation(locale)
    twin.alias_of = None
    twin.title = item["title"]
    twin.slug = f"home-{locale.language_code}"
    twin.heading = item["heading"]
    twin.intro = item["intro"]
    twin.figures = _figures(item)
    twin.body = _body(item, locale)
    twin.save_revision().publish()


def _follow_vietnamese(vietnamese: Locale, english: Locale) -> None:
    """Let each Vietnamese page stand in for an English one until an editor translates it."""
    follow, created = LocaleSynchronization.objects.get_or_create(
        locale=english, defaults={"sync_from": vietnamese}
    )
    if not created:
        follow.sync_trees()
