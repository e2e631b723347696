"""Putting fictional entries into the database, and taking exactly those out again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from registry.cases.services import open_case
from registry.common.fields import Kind, kind_of
from registry.directory import bulk
from registry.directory.models import Entry, Recognition
from registry.marketplace.demo.listing import Listing, Place
from registry.marketplace.demo.plan import listings
from registry.moderation.machine import RECOGNITION
from registry.moderation.models import RecognitionCase
from registry.taxonomy.models import AdminUnit, Term
from registry.taxonomy.selectors import current_communes

SOURCE_NOTE = "Dữ liệu minh họa, không phải tổ chức hay công nghệ có thật"


def loaded() -> int:
    """Return how many fictional entries there are."""
    return Entry.objects.filter(is_demo=True).count()


def load(entries: int, seed: int) -> Iterator[int]:
    """Write the entries through the bulk path; yield the running count."""
    now = timezone.now()
    places = [Place(unit.code, unit.full_name_vi) for unit in current_communes()]
    if not places:
        raise LookupError("load_reference")
    unit_names = frozenset(AdminUnit.objects.values_list("name_vi", flat=True))
    resolve = _Resolver(now)
    found = listings(entries, seed, places, unit_names, timezone.localdate(now))
    done = 0
    while chunk := list(islice(found, bulk.BATCH)):
        # Owners stand in an earlier batch: each kind is written before what it owns.
        for items in _by_kind(chunk):
            made = [resolve.entry(listing) for listing in items]
            for batch in bulk.create_live(made):
                done += len(batch)
                yield done
            resolve.remember(made)
            _open_recognitions(made)


def _by_kind(chunk: list[Listing]) -> Iterator[list[Listing]]:
    order = dict.fromkeys(listing.kind for listing in chunk)
    for kind in order:
        yield [listing for listing in chunk if listing.kind == kind]


class _Resolver:
    """Turns codes into the ids of this database."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._terms: dict[tuple[str, str], int] = {
            (vocabulary, code): pk
            for vocabulary, code, pk in Term.objects.values_list("vocabulary_id", "code", "pk")
        }
        self._communes = dict(current_communes().values_list("code", "pk"))
        self._owners: list[Entry] = []

    def remember(self, made: list[bulk.NewEntry]) -> None:
        """Keep the organisations that later listings name as their owner."""
        self._owners += [item.entry for item in made if item.kind == "organisation" and item.entry]

    def entry(self, listing: Listing) -> bulk.NewEntry:
        """Return the listing as the bulk path takes it."""
        kind = kind_of(listing.kind)
        confirmed = self._now - timedelta(days=listing.age_days, minutes=listing.public_days)
        return bulk.NewEntry(
            kind=kind.code,
            values={
                **listing.values,
                "commune_id": self._communes[listing.commune],
                **{f"{name}_id": self._id(kind, name, code) for name, code in listing.term.items()},
            },
            confirmed_at=confirmed,
            published_at=self._now
            - timedelta(days=listing.public_days, minutes=listing.public_days),
            terms={
                name: [self._id(kind, name, code) for code in codes]
                for name, codes in listing.terms.items()
            },
            children={
                name: [self._child(kind, name, row) for row in rows]
                for name, rows in listing.children.items()
            },
            header={
                "source": Entry.Source.DEMO,
                "source_note": SOURCE_NOTE,
                "is_demo": True,
            },
            owner=None if listing.owner is None else self._owners[listing.owner],
            recognitions=[
                {
                    **values,
                    "status": Recognition.Status.GRANTED,
                    "source": SOURCE_NOTE,
                    "created_at": confirmed,
                    "decided_at": confirmed,
                }
                for values in listing.recognitions
            ],
        )

    def _id(self, kind: Kind, name: str, code: str) -> int:
        return self._terms[(kind.field(name).vocabulary, code)]

    def _child(self, kind: Kind, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        declared = {item.name: item for item in kind.field(name).children}
        for key, value in row.items():
            vocabulary = declared[key].vocabulary if key in declared else ""
            if vocabulary:
                values[f"{key}_id"] = self._terms[(vocabulary, value)]
            else:
                values[key] = value
        return values


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


def clear() -> Iterator[int]:
    """Delete every fictional entry; yield the running count.

    A fictional organisation stays when somebody has since hung an entry of their own on it.
    """
    kept = Entry.objects.filter(is_demo=False, owner__is_demo=True).values("owner_id")
    yield from bulk.delete(
        Entry.objects.filter(is_demo=True).exclude(
            pk__in=list(kept.values_list("owner_id", flat=True))
        )
    )
