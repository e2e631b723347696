"""Writing and reading what changed.

Every change takes the next place of one order. A page keeps the place reached before it was made:
it holds as long as nothing it shows has changed at a later place. So a page made of old facts while
they changed is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Max

from cms.caching.models import Change

#: Every page shows it: menus, vocabularies, the site itself.
EVERYTHING = "*"
_COUNTER = "#"


def reached() -> int:
    """Return the place of the last change."""
    return int(Change.objects.aggregate(last=Max("place"))["last"] or 0)


def place_of(tag: str) -> int:
    """Return the place of the last change under a tag."""
    return int(Change.objects.filter(tag=tag).aggregate(last=Max("place"))["last"] or 0)


def unchanged(tags: Iterable[str], since: int) -> bool:
    """Whether nothing under these tags changed after a place."""
    return not Change.objects.filter(tag__in=list(tags), place__gt=since).exists()


def note(tags: Iterable[str]) -> None:
    """Note, once the caller's transaction is through, that what is under these tags changed."""
    kept = frozenset(tags)
    if kept:
        transaction.on_commit(lambda: write(kept), robust=True)


def write(tags: Iterable[str]) -> None:
    """Note now that what is under these tags changed."""
    with transaction.atomic():
        # The counter's row is locked until the end, so that places are committed in their order.
        Change.objects.get_or_create(tag=_COUNTER)
        Change.objects.filter(tag=_COUNTER).update(place=F("place") + 1)
        place = Change.objects.get(tag=_COUNTER).place
        Change.objects.bulk_create(
            [Change(tag=tag, place=place) for tag in sorted(set(tags))],
            update_conflicts=True,
            unique_fields=["tag"],
            update_fields=["place"],
        )


def differs(tag: str, now: str) -> bool:
    """Remember what a tag stands for; return whether it stood for something else before."""
    known, created = Change.objects.get_or_create(tag=tag, defaults={"note": now})
    if known.note == now:
        return False
    Change.objects.filter(pk=known.pk).update(note=now)
    return not created
