"""Bringing the staff's synonyms into every query, seeding them, and trying a group out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from search import synonyms
from search.contracts import Hit, SearchPage, SearchQuery
from search.vocabulary.models import SynonymGroup, VocabularyState

TRIED = 10

_lock = threading.Lock()
_loaded = ""


def refresh() -> None:
    """Bring this process's synonyms up to date: one look at one row when nothing changed.

    Before the first seeding the project's own list is used as it is.
    """
    global _loaded
    mark = (
        VocabularyState.objects.filter(pk=VocabularyState.ONLY)
        .values_list("mark", flat=True)
        .first()
    ) or ""
    if mark == _loaded:
        return
    with _lock:
        synonyms.use(_thesaurus() if mark else None)
        _loaded = mark


def _thesaurus(without: int | None = None, extra: SynonymGroup | None = None) -> synonyms.Thesaurus:
    groups = SynonymGroup.objects.filter(active=True).order_by("pk")
    rows = [group.row for group in groups if group.forms and group.pk != without]
    if extra is not None and extra.active:
        rows.append(extra.row)
    return synonyms.Thesaurus(rows)


@transaction.atomic
def seed() -> int:
    """Make the groups of the project's own list that were never made; return how many.

    A group that staff changed, switched off or deleted stays as they left it.
    """
    state, _made = VocabularyState.objects.select_for_update().get_or_create(
        pk=VocabularyState.ONLY
    )
    sown = set(state.sown)
    new = []
    for canonical, others, kind, note in synonyms.own_list():
        if canonical not in sown:
            sown.add(canonical)
            rule = SynonymGroup.Rule.ONE_WAY if kind == "expand" else SynonymGroup.Rule.EQUAL
            new.append(SynonymGroup(rule=rule, terms="\n".join([canonical, *others]), note=note))
    if new or not state.mark:
        SynonymGroup.objects.bulk_create(new)
        state.sown = sorted(sown)
        state.save()
        VocabularyState.touch()
    return len(new)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a question finds without and with a group."""

    asked: str
    before: SearchPage
    after: SearchPage

    @property
    def hits(self) -> Sequence[tuple[Hit, bool]]:
        """The best results with the group, and whether each is found only through it."""
        known = {(hit.kind, hit.id) for hit in self.before.hits}
        only = self.after.total > self.before.total
        return [(hit, only and (hit.kind, hit.id) not in known) for hit in self.after.hits]


def try_out(group: SynonymGroup, asked: str, language: str) -> Trial:
    """Return what a question would find with the group as given, saved or not.

    Raise `InvalidQuery` for a question out of bounds.
    """
    from search import service

    query = SearchQuery(text=asked, language=language, page_size=TRIED)
    service.check(query)
    with synonyms.using(_thesaurus(without=group.pk)):
        before = service.engine().search(replace(query, page_size=50))
    with synonyms.using(_thesaurus(without=group.pk, extra=group)):
        after = service.engine().search(query)
    return Trial(asked, before, after)
