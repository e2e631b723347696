"""What has to be forgotten when something changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_init, post_save
from wagtail.models import (
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.caching import watching
from cms.caching.changes import EVERYTHING, differs, note
from cms.caching.watching import STEP
from cms.navigation import forget_menus
from cms.pages.selectors import pages_in_menus
from search import signals

#: Kinds of the index that are no entries, and their rooms.
ROOMS = {"event": "events", "award": "awards", "document": "documents", "support": "documents"}
#: Kinds of the index that are editors' pages: `page_changed` hears of them.
PAGES = {"page", "news"}
#: Where those rooms keep what their pages say, and of what.
WORDS = {"event": ("events.EventText", "event"), "award": ("competitions.CallText", "call")}
#: What of an entry changes without its index.
OF_ENTRIES = ("Membership", "Recognition", "Identifier", "EntryImage")
#: Whatever any page may show.
SHARED = ("taxonomy.Term", "taxonomy.AdminUnit")
#: What Wagtail knows the places of.
FILES = ("cms.SiteImage", "wagtaildocs.Document")


def connect() -> None:
    """Listen to editors, to services, and to what is read while a page is made."""
    post_init.connect(watching.note_entry, apps.get_model("directory.Entry"))
    signals.asked.connect(watching.note_search)
    signals.changed.connect(index_changed)
    for signal in (page_published, page_unpublished, post_page_move, page_slug_changed):
        signal.connect(page_changed)
    post_delete.connect(page_deleted, sender=Page)
    directory = apps.get_app_config("directory")
    for signal in (post_save, post_delete):
        signal.connect(restriction_changed, sender=PageViewRestriction)
        signal.connect(shared_changed, sender=CollectionViewRestriction)
        signal.connect(shared_changed, sender=Site)
        for label in SHARED:
            signal.connect(shared_changed, sender=apps.get_model(label))
        for label in FILES:
            signal.connect(file_changed, sender=apps.get_model(label))
        for model in directory.get_models():
            if model.__name__ in OF_ENTRIES:
                signal.connect(part_changed, sender=model)


def page_changed(instance: Page, **moved: Any) -> None:
    """Forget a page, those below it, its translations, and the lists and menus it stands in."""
    _forget_page(instance, **moved)
    _menus()


def _forget_page(instance: Page, **moved: Any) -> None:
    paths = {
        instance.path,
        *(str(moved[key]) for key in ("path_before", "path_after") if moved.get(key)),
    }
    tags = {f"below:{above}" for path in paths for above in _above(path)}
    below = Page.objects.filter(path__startswith=instance.path).values_list("pk", flat=True)
    twins = instance.get_translations().values_list("pk", flat=True)
    tags |= {f"page:{pk}" for pk in [instance.pk, *below, *twins]}
    note(tags | _room(instance))


def page_deleted(instance: Page, **_kwargs: Any) -> None:
    """Forget a page that is gone, and the lists it stood in."""
    note(
        {f"page:{instance.pk}", *(f"below:{path}" for path in _above(instance.path))}
        | _room(instance)
    )
    _menus()


def _above(path: str) -> list[str]:
    return [path[:length] for length in range(STEP, len(path), STEP)]


def _room(page: Page) -> set[str]:
    label = page.specific_class._meta.app_label if page.specific_class else ""
    return {room for start, room in watching._ROOMS if start == f"{label}_"}


def _menus() -> None:
    """Forget everything when what stands in the menus is not what stood there."""
    if not settings.PAGE_CACHE_SECONDS:
        return  # nothing is kept, and a new site publishes many pages at once
    menus = [pages_in_menus(code) for code, _name in settings.INTERFACE_LANGUAGES]
    if differs("menus", hashlib.sha256(repr(menus).encode()).hexdigest()):
        transaction.on_commit(forget_menus, robust=True)
        note({EVERYTHING})


def restriction_changed(instance: PageViewRestriction, **_kwargs: Any) -> None:
    """Forget a page that is opened or closed to the public, with all below it."""
    page_changed(instance.page)


def index_changed(kind: str, ids: Sequence[str], **_kwargs: Any) -> None:
    """Forget what shows the objects that changed."""
    if not kind:
        note({EVERYTHING})
    elif kind in ROOMS:
        # An entry tells of its awards.
        note({ROOMS[kind]})
        _told_pages_changed(kind, ids)
    elif kind not in PAGES:
        _entries_changed([int(pk) for pk in ids if str(pk).isdigit()])


def _told_pages_changed(kind: str, ids: Sequence[str]) -> None:
    """Forget the pages that tell of what changed, which the clock turns without an editor."""
    if kind not in WORDS:
        return
    label, name = WORDS[kind]
    told = apps.get_model(label).objects.filter(**{f"{name}_id__in": list(ids)})
    for page in Page.objects.filter(pk__in=list(told.values_list("page_id", flat=True))):
        _forget_page(page)


def _entries_changed(ids: Iterable[int]) -> None:
    kept = list(ids)
    owners = apps.get_model("directory.Entry").objects.filter(pk__in=kept, owner__isnull=False)
    pks = {*kept, *owners.values_list("owner_id", flat=True)}
    note({"registry", *(f"entry:{pk}" for pk in pks)})


def part_changed(instance: Model, **_kwargs: Any) -> None:
    """Forget the entry that a recognition, a member or a picture belongs to."""
    entry = getattr(instance, "entry_id", None)
    if entry:
        _entries_changed([entry])


def shared_changed(**_kwargs: Any) -> None:
    """Forget every page."""
    note({EVERYTHING})


def file_changed(instance: Model, created: bool | None = None, **_kwargs: Any) -> None:
    """Forget the pages that show a picture or a file; a new one stands nowhere yet.

    `created` is missing when it was deleted: its places are no longer known then.
    """
    if created:
        return
    page_type = ContentType.objects.get_for_model(Page)
    places = ReferenceIndex.get_references_to(instance)
    if created is None or places.exclude(base_content_type=page_type).exists():
        note({EVERYTHING})
        return
    keys = places.values_list("object_id", flat=True).distinct()
    for page in Page.objects.filter(pk__in=[int(key) for key in keys]):
        _forget_page(page)
