"""Turning the generator's codes into rows of this database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from registry.common.fields import Kind, kind_of
from registry.directory import bulk
from registry.directory.models import Content, Entry, Membership, Recognition
from registry.marketplace.demo.listing import Listing
from registry.taxonomy.models import Term
from registry.taxonomy.selectors import current_communes

SOURCE_NOTE = "Dữ liệu minh họa, không phải tổ chức hay công nghệ có thật"


class Resolver:
    """Knows the ids of terms and communes, and the organisations written so far."""

    def __init__(self, now: datetime, manager: Any = None) -> None:
        self._now = now
        #: Who owns the organisations, so that they take enquiries.
        self._manager = manager
        self._terms: dict[tuple[str, str], int] = {
            (vocabulary, code): pk
            for vocabulary, code, pk in Term.objects.values_list("vocabulary_id", "code", "pk")
        }
        self._communes = dict(current_communes().values_list("code", "pk"))
        self._owners: list[Entry] = []

    def remember(self, made: Iterable[bulk.NewEntry]) -> None:
        """Keep the organisations that later listings name as their owner."""
        self._owners += [item.entry for item in made if item.kind == "organisation" and item.entry]

    def terms(self, kind: str, name: str, codes: Iterable[str]) -> list[Term]:
        """Return the terms of a field, in the order of the codes."""
        ids = [self._id(kind_of(kind), name, code) for code in codes]
        by_pk = Term.objects.in_bulk(ids)
        return [by_pk[pk] for pk in ids]

    def fill(self, content: Content, listing: Listing) -> None:
        """Write the listing into a draft in memory, ready for `save_draft`."""
        kind = kind_of(listing.kind)
        for name, value in self._values(kind, listing).items():
            setattr(content, name, value)
        for name, codes in listing.terms.items():
            setattr(content, name, self.terms(kind.code, name, codes))
        for name, rows in listing.children.items():
            children = getattr(content, name)
            children.set([children.model(**self._child(kind, name, row)) for row in rows])

    def entry(self, listing: Listing) -> bulk.NewEntry:
        """Return the listing as the bulk path takes it."""
        kind = kind_of(listing.kind)
        # Minutes keep the order of two listings of the same day.
        minutes = timedelta(minutes=listing.public_days)
        confirmed = self._now - timedelta(days=listing.age_days) - minutes
        return bulk.NewEntry(
            kind=kind.code,
            values=self._values(kind, listing),
            confirmed_at=confirmed,
            published_at=self._now - timedelta(days=listing.public_days) - minutes,
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
            members=(
                [(self._manager.pk, Membership.Role.OWNER)]
                if self._manager and listing.kind == "organisation"
                else []
            ),
        )

    def _values(self, kind: Kind, listing: Listing) -> dict[str, Any]:
        return {
            **listing.values,
            "commune_id": self._communes[listing.commune],
            **{f"{name}_id": self._id(kind, name, code) for name, code in listing.term.items()},
        }

    def _id(self, kind: Kind, name: str, code: str) -> int:
        return self._terms[(kind.field(name).vocabulary, code)]

    def _child(self, kind: Kind, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
        vocabularies = {item.name: item.vocabulary for item in kind.field(name).children}
        values: dict[str, Any] = {}
        for key, value in row.items():
            if vocabulary := vocabularies.get(key, ""):
                values[f"{key}_id"] = self._terms[(vocabulary, value)]
            else:
                values[key] = value
        return values
