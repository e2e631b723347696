"""An engine outside the database, in memory: indices behind an alias, external versions, outages.

It behaves as the outbox, the guard and the rebuild may expect of any engine; what Elasticsearch
itself does is tried on a real node (`tests/faults`, `test_search_elasticsearch.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from search import service, sources
from search.contracts import (
    DocumentRefused,
    EngineUnavailable,
    Hit,
    RequestFailed,
    SearchDocument,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from search.engines.embedded import tables
from search.sources import SearchSource

Key = tuple[str, str]


class Store:
    """What the cluster holds: of each index, object → version and documents (none: deleted)."""

    def __init__(self) -> None:
        self.indices: dict[str, dict[Key, tuple[int, tuple[SearchDocument, ...]]]] = {}
        self.alias = ""
        #: Indices that were put together once they answered.
        self.compacted: list[str] = []
        self.down = False
        #: Whether the index is of the form this code makes.
        self.current = True
        #: Objects it never takes, and objects that break whole requests.
        self.refused: set[str] = set()
        #: It answers questions and takes nothing: a full disk.
        self.full = False
        self.poison: set[str] = set()
        self.asked = 0
        #: Called before each request, to break off or to let others in at the worst moment.
        self.before: Callable[[str], None] = lambda request: None


class FarEngine:
    """One client of the store. `settings.SEARCH_ENGINE` names this class; tests reach its store."""

    name = "far"
    store = Store()

    def __init__(self, patience: float = 0.0) -> None:
        self.patience = patience

    def _reach(self, request: str) -> Store:
        self.store.asked += 1
        self.store.before(request)
        if self.store.down:
            raise EngineUnavailable(request)
        return self.store

    # Reading ------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchPage:
        found = [
            document
            for document in self._documents("search")
            if query.text.casefold() in document.title.casefold()
        ]
        hits = tuple(
            Hit(d.kind, d.id, d.language, d.title, d.url, d.title, "", 1.0, {}) for d in found
        )
        return SearchPage(hits=hits, total=len(found), page=1, page_size=query.page_size)

    def suggest(
        self, text: str, kinds: Sequence[str], language: str, limit: int
    ) -> list[Suggestion]:
        return [
            Suggestion(group=document.kind, text=document.title)
            for document in self._documents("suggest")
            if text.casefold() in document.title.casefold()
        ][:limit]

    def count(self) -> int:
        return sum(1 for _document in self._documents("count"))

    def count_by_kind(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for kind, _identity in self.objects_held():
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def objects_held(self) -> Iterator[Key]:
        return iter(sorted({(item.kind, item.id) for item in self._documents("list")}))

    def differing(self, documents: Sequence[SearchDocument]) -> set[Key]:
        held = {item.key: item for item in self._documents("list")}
        return {(item.kind, item.id) for item in documents if held.get(item.key) != item}

    def health(self) -> dict[str, Any]:
        store = self._reach("health")
        return {"status": "green", "index": store.alias, "form": "far", "current": store.current}

    def _documents(self, request: str) -> Iterator[SearchDocument]:
        store = self._reach(request)
        if not store.alias:
            raise EngineUnavailable("no index")
        for _version, documents in store.indices[store.alias].values():
            yield from documents

    # Writing ------------------------------------------------------------------------------------

    def index(
        self, documents: Iterable[SearchDocument], *, version: int | None = None, into: str = ""
    ) -> int:
        store = self._reach("index")
        if store.full:
            raise EngineUnavailable("429: cluster_block_exception")
        objects: dict[Key, list[SearchDocument]] = {}
        for document in documents:
            objects.setdefault((document.kind, document.id), []).append(document)
        if store.poison & {identity for _kind, identity in objects}:
            raise RequestFailed("413: too large")
        reasons = {f"{k}:{i}": "never" for k, i in objects if i in store.refused}
        for key, versions in objects.items():
            if key[1] not in store.refused:
                self._write(into, key, version, tuple(versions))
        if reasons:
            raise DocumentRefused(reasons)
        return len(objects)

    def delete(self, keys: Iterable[Key], *, version: int | None = None, into: str = "") -> int:
        self._reach("delete")
        return sum(self._write(into, key, version, ()) for key in keys)

    def _write(
        self, into: str, key: Key, version: int | None, documents: tuple[SearchDocument, ...]
    ) -> bool:
        store = self.store
        name = into or store.alias
        if name not in store.indices:
            raise EngineUnavailable("no index")
        held, there = store.indices[name].get(key, (-1, ()))
        if version is not None and version <= held:
            return False
        store.indices[name][key] = (held + 1 if version is None else version, documents)
        return bool(there)

    # Indices ------------------------------------------------------------------------------------

    def create(self) -> str:
        store = self._reach("create")
        name = f"far-{len(store.indices) + store.asked:08}"
        store.indices[name] = {}
        return name

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Iterator[int]:
        refused = {}
        for done, document in enumerate(documents, 1):
            store = self._reach("load")
            if document.id in store.refused:
                refused[document.key] = "never"
                continue
            key = (document.kind, document.id)
            _version, there = store.indices[name].get(key, (0, ()))
            store.indices[name][key] = (0, (*there, document))
            yield done
        if refused:
            raise DocumentRefused(refused)

    def rebuild(self, documents: Iterator[SearchDocument]) -> Iterator[int]:
        name = self.create()
        yield from self.load(name, documents)
        self.swap(name)

    def swap(self, name: str) -> None:
        self._reach("swap").alias = name
        self.store.before("swapped")

    def compact(self, name: str) -> None:
        self.store.compacted.append(name)

    def drop(self, name: str) -> None:
        store = self._reach("drop")
        assert name != store.alias, "the index that answers was dropped"
        store.indices.pop(name, None)

    def live(self) -> str:
        store = self._reach("live")
        if not store.alias:
            raise EngineUnavailable("no index")
        return store.alias

    def behind(self) -> list[str]:
        alias = self._reach("behind").alias
        return [alias] if alias else []

    def made(self) -> list[str]:
        return sorted(self._reach("made").indices)

    def refresh(self) -> None:
        self._reach("refresh")


class Shelf:
    """The public things of an app, by id. `broken` ones cannot be read."""

    def __init__(self) -> None:
        self.public: dict[str, SearchDocument] = {}
        self.broken: set[str] = set()
        #: Called when something is read, to let others write at the worst moment.
        self.reading: Callable[[], None] = lambda: None

    def documents(self, wanted: Iterable[str] | None) -> Iterator[SearchDocument]:
        for identity in list(self.public) if wanted is None else list(wanted):
            if identity in self.broken and wanted is not None:
                raise RuntimeError(f"không đọc được {identity}")
            if identity in self.public:
                yield self.public[identity]
        self.reading()

    def put(self, identity: str, title: str = "Máy sấy") -> None:
        """Publish something, and tell the search in the same transaction."""
        self.public[identity] = SearchDocument(
            kind="offer", id=identity, title=title, url=f"/cong-nghe/{identity}/"
        )
        service.reindex("offer", [identity])

    def hide(self, identity: str) -> None:
        """Take something away, and tell the search."""
        self.public.pop(identity, None)
        service.reindex("offer", [identity])


@contextmanager
def far_shelf(settings: Any) -> Iterator[Shelf]:
    """A shelf as the only source, fed to a `FarEngine` with an empty index."""
    kept = dict(sources._sources), dict(sources._facets)
    sources._sources.clear()
    sources._facets.clear()
    shelf = Shelf()
    sources.register(
        SearchSource(
            kind="offer",
            label="công nghệ",
            label_plural="công nghệ",
            documents=shelf.documents,
            count=lambda: len(shelf.public),
        )
    )
    tables.prepare("default", cleared=True)
    settings.SEARCH_ENGINE = "far_engine.FarEngine"
    FarEngine.store = Store()
    forget()
    far = FarEngine()
    far.swap(far.create())
    try:
        yield shelf
    finally:
        forget()
        sources._sources.clear()
        sources._sources.update(kept[0])
        sources._facets.clear()
        sources._facets.update(kept[1])


def forget() -> None:
    """Let this process begin with a closed breaker."""
    service._guarded.cache_clear()
    service._hasty.cache_clear()


def far_holds() -> dict[str, str]:
    """Return id → title of what the answering index of the far engine holds."""
    store = FarEngine.store
    return {
        key[1]: documents[0].title
        for key, (_version, documents) in store.indices[store.alias].items()
        if documents
    }
