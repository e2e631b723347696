"""Whether an index holds exactly what is public, and which objects stand wrong in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from search import sources
from search.contracts import SearchDocument

BATCH = 500

#: Kind and id of an object.
Key = tuple[str, str]


class Checked(Protocol):
    """An engine whose content can be compared."""

    def differing(self, documents: Sequence[SearchDocument]) -> set[Key]:
        """Return the objects among these whole ones that are not held, or not held as they are, and
        others that are met wrongly because of them."""

    def objects_held(self) -> Iterator[Key]:
        """Yield (kind, id) of every document held."""


@dataclass(slots=True)
class Difference:
    """Objects that stand wrong in an index: not as they are, or not public at all."""

    outdated: set[Key] = field(default_factory=set)
    surplus: set[Key] = field(default_factory=set)

    @property
    def all(self) -> list[Key]:
        """Return every object to be read again, in order."""
        return sorted(self.outdated | self.surplus)


def compare(engine: Checked) -> Difference:
    """Return how the index differs from the database; nothing is changed.

    What is written while it runs may look like a difference. Memory: the keys of what is public.
    """
    found = Difference()
    public: set[Key] = set()
    for source in sources.sources():
        for batch in _whole_objects(source.documents(None)):
            public.update((document.kind, document.id) for document in batch)
            found.outdated |= engine.differing(batch)
    found.surplus = {key for key in engine.objects_held() if key not in public}
    found.outdated -= found.surplus
    return found


def _whole_objects(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    """Yield lists of about `BATCH` documents that hold every language of their objects."""
    batch: list[SearchDocument] = []
    for _key, versions in groupby(documents, key=lambda item: (item.kind, item.id)):
        batch += versions
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
