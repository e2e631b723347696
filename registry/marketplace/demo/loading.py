"""Putting fictional entries into the database, and taking exactly those out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from registry.cases.services import open_case
from registry.directory import bulk
from registry.directory.models import Entry, Recognition
from registry.marketplace.demo import journeys, people
from registry.marketplace.demo.listing import Listing, Place
from registry.marketplace.demo.plan import listings
from registry.marketplace.demo.resolving import Resolver
from registry.moderation.machine import RECOGNITION
from registry.moderation.models import RecognitionCase
from registry.taxonomy.models import AdminUnit
from registry.taxonomy.selectors import current_communes


def loaded() -> int:
    """Return how many fictional entries there are."""
    return Entry.objects.filter(is_demo=True).count()


def places() -> list[Place]:
    """Return the communes of today; raise `LookupError` before the reference data is loaded."""
    found = [Place(unit.code, unit.full_name_vi) for unit in current_communes()]
    if not found:
        raise LookupError("load_reference")
    return found


def load(entries: int, seed: int, *, indexed: bool = True) -> Iterator[int]:
    """Write the entries through the bulk path; yield the running count.

    With `indexed=False` nothing of it is found before the index is built anew.
    """
    now = timezone.now()
    unit_names = frozenset(AdminUnit.objects.values_list("name_vi", flat=True))
    resolver = Resolver(now, people.manager())
    found = listings(entries, seed, places(), unit_names, timezone.localdate(now))
    done = 0
    while chunk := list(islice(found, bulk.BATCH)):
        # Owners stand in an earlier batch: each kind is written before what it owns.
        for items in _by_kind(chunk):
            made = [resolver.entry(listing) for listing in items]
            for batch in bulk.create_live(made, indexed=indexed):
                done += len(batch)
                yield done
            resolver.remember(made)
            _open_recognitions(made)


def tell_journeys(seed: int) -> bool:
    """Put entries into the demo owner's hands; return whether there was anything to do."""
    with transaction.atomic():
        return journeys.tell(seed, places())


def clear() -> Iterator[int]:
    """Delete every fictional entry; yield the running count.

    A fictional organisation stays when somebody has since hung an entry of their own on it.
    """
    used = Entry.objects.filter(is_demo=False, owner__is_demo=True)
    kept = list(used.values_list("owner_id", flat=True).distinct())
    yield from bulk.delete(Entry.objects.filter(is_demo=True).exclude(pk__in=kept))
    people.forget()


def _by_kind(chunk: list[Listing]) -> Iterator[list[Listing]]:
    for kind in dict.fromkeys(listing.kind for listing in chunk):
        yield [listing for listing in chunk if listing.kind == kind]


def _open_recognitions(made: Iterable[bulk.NewEntry]) -> None:
    """Give each certificate the case it would have from the desk, so that it can be revoked."""
    headers = [item.entry for item in made if item.recognitions and item.entry]
    with transaction.atomic():
        for recognition in Recognition.objects.filter(entry__in=headers).select_related("entry"):
            case = open_case(
                RECOGNITION.kind,
                subject=recognition.entry,
                opener=None,
                state="granted",
                transition="grant",
                side="centre",
                dedupe_key=f"recognition:{recognition.pk}",
                now=recognition.decided_at,
            )
            RecognitionCase.objects.create(case=case, recognition=recognition)
