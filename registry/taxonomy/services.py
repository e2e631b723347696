"""Writes of reference data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction

from registry.taxonomy.cache import forget
from registry.taxonomy.models import AdminUnit, Succession, Term, Vocabulary
from registry.taxonomy.reference import Key, Reference, read

M = TypeVar("M", bound=models.Model)
K = TypeVar("K")


@dataclass(slots=True)
class Tally:
    """How many rows of one table a load made, changed, retired, and found as they should be."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class LoadReport:
    """What a load did, by table."""

    vocabularies: Tally = field(default_factory=Tally)
    terms: Tally = field(default_factory=Tally)
    units: Tally = field(default_factory=Tally)
    successions: Tally = field(default_factory=Tally)

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        tallies = (self.vocabularies, self.terms, self.units, self.successions)
        return any(tally.created or tally.changed or tally.retired for tally in tallies)


def _upsert(
    model: type[M], found: Mapping[K, M], wanted: Mapping[K, dict[str, Any]], tally: Tally
) -> None:
    """Write the rows that differ from what is wanted, in bulk; leave the others untouched."""
    fresh: list[M] = []
    changed: list[M] = []
    columns: set[str] = set()
    for key, values in wanted.items():
        row = found.get(key)
        if row is None:
            fresh.append(model(**values))
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        if not differing:
            tally.unchanged += 1
            continue
        for name in differing:
            setattr(row, name, values[name])
        columns.update(differing)
        changed.append(row)
    manager = model._default_manager
    manager.bulk_create(fresh, batch_size=500)
    if changed:
        manager.bulk_update(changed, sorted(columns), batch_size=200)
    tally.created += len(fresh)
    tally.changed += len(changed)


def _vocabularies(reference: Reference, tally: Tally) -> None:
    found = {row.code: row for row in Vocabulary.objects.all()}
    wanted = {code: {"code": code, **values} for code, values in reference.vocabularies.items()}
    _upsert(Vocabulary, found, wanted, tally)


def _terms_by_key() -> dict[Key, Term]:
    return {(row.vocabulary_id, row.code): row for row in Term.objects.all()}


def _terms(reference: Reference, tally: Tally) -> None:
    found = _terms_by_key()
    wanted = {
        key: {"vocabulary_id": key[0], "code": key[1], **values}
        for key, values in reference.terms.items()
    }
    _upsert(Term, found, wanted, tally)
    if tally.created:
        found = _terms_by_key()
    links: dict[Key, dict[str, Any]] = {}
    for key in reference.terms:
        above = reference.broader.get(key)
        links[key] = {"broader_id": found[above].pk if above else None}
    moved = Tally()
    _upsert(Term, found, links, moved)
    gone = [
        row.pk for key, row in found.items() if key not in reference.terms and not row.is_retired
    ]
    tally.retired = Term.objects.filter(pk__in=gone).update(is_retired=True) if gone else 0
    if not tally.created:
        tally.changed = max(tally.changed, moved.changed)


def _units_by_key() -> dict[Key, AdminUnit]:
    return {(row.code, row.data_version): row for row in AdminUnit.objects.all()}


def _units(reference: Reference, tally: Tally) -> None:
    found = _units_by_key()
    wanted = {
        key: {"code": key[0], "data_version": key[1], **values}
        for key, values in reference.units.items()
    }
    _upsert(AdminUnit, found, wanted, tally)
    if tally.created:
        found = _units_by_key()
    links: dict[Key, dict[str, Any]] = {}
    for key in reference.units:
        above = reference.parents.get(key)
        links[key] = {"parent_id": found[above].pk if above else None}
    moved = Tally()
    _upsert(AdminUnit, found, links, moved)
    if not tally.created:
        tally.changed = max(tally.changed, moved.changed)


def _successions(reference: Reference, tally: Tally) -> None:
    units = {key: row.pk for key, row in _units_by_key().items()}
    found = {(row.old_id, row.new_id): row for row in Succession.objects.all()}
    wanted: dict[tuple[int, int], dict[str, Any]] = {}
    for (old, new), values in reference.successions.items():
        pair = (units[old], units[new])
        wanted[pair] = {"old_id": pair[0], "new_id": pair[1], **values}
    _upsert(Succession, found, wanted, tally)


def load_reference(reference: Reference | None = None) -> LoadReport:
    """Bring the database in line with the reference files and return what was written.

    Idempotent: a second run writes nothing. Rows are never deleted (content points at them);
    a term whose line has gone is retired, one that comes back is in use again. Raises
    `BadReference`, before anything is written, when a file contradicts itself.
    """
    reference = reference or read()
    report = LoadReport()
    with transaction.atomic():
        _vocabularies(reference, report.vocabularies)
        _terms(reference, report.terms)
        _units(reference, report.units)
        _successions(reference, report.successions)
    forget()
    return report
