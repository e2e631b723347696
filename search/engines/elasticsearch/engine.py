"""The engine: one alias on a cluster, asked with one round trip where it can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.contracts import SearchDocument, SearchPage, SearchQuery, Suggestion
from search.engines.elasticsearch import answering, checking, mapping
from search.engines.elasticsearch.client import BUILD_TIMEOUT, WRITE_TIMEOUT, connect, reaching
from search.engines.elasticsearch.lifecycle import Indices
from search.engines.elasticsearch.writing import Writer

#: Documents read at a time when all are listed.
LISTED = 5_000


class ElasticsearchEngine:
    """Answers from the alias `ELASTICSEARCH_PREFIX`. Raises `EngineUnavailable` when it cannot.

    `refresh` makes each change findable before `index()` and `delete()` return; otherwise it is
    within a second. `patience` is how many seconds a batch of changes may take.
    """

    name = "elasticsearch"

    def __init__(self, *, refresh: bool = False, patience: float = WRITE_TIMEOUT) -> None:
        self._refresh = refresh
        self._patience = patience

    @cached_property
    def client(self) -> Elasticsearch:
        """This process's client, made when first needed."""
        return connect()

    @cached_property
    def indices(self) -> Indices:
        """The indices behind the alias."""
        return Indices(self.client, settings.ELASTICSEARCH_PREFIX)

    @property
    def _asker(self) -> answering.Asker:
        return answering.Asker(self.client, self.indices.alias)

    # Reading ------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchPage:
        """Answer one page."""
        return answering.answer(self._asker, query)

    def suggest(
        self, text: str, kinds: Sequence[str], language: str, limit: int
    ) -> list[Suggestion]:
        """Return titles that have every word of the text, the last one as a beginning."""
        return answering.titles(self._asker, text, kinds, language, limit)

    def count(self) -> int:
        """Return the number of documents held."""
        with reaching():
            return int(self.client.count(index=self.indices.alias)["count"])

    def count_by_kind(self) -> dict[str, int]:
        """Return the number of objects (not language versions) held per kind."""
        with reaching():
            answer = self.client.search(
                index=self.indices.alias,
                size=0,
                query={"term": {"first": True}},
                aggs={"kinds": {"terms": {"field": "kind", "size": 1_000}}},
            )
        buckets = answer["aggregations"]["kinds"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def held(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield (kind, id, language, version) of every document, in order of its key."""
        after: list[Any] | None = None
        while True:
            with reaching():
                answer = self.client.search(
                    index=self.indices.alias,
                    size=LISTED,
                    sort=[{"key": "asc"}],
                    source_includes=["kind", "id", "language"],
                    version=True,
                    search_after=after,
                    track_total_hits=False,
                )
            hits = answer["hits"]["hits"]
            for hit in hits:
                source = hit["_source"]
                yield source["kind"], source["id"], source["language"], hit["_version"]
            if len(hits) < LISTED:
                return
            after = hits[-1]["sort"]

    def differing(self, documents: Sequence[SearchDocument]) -> set[tuple[str, str]]:
        """Return the objects among these whole ones that are not held, or not held as they are.

        And others in a group with one of them that its readers meet wrongly.
        """
        return checking.differing(self.client, self.indices.alias, documents)

    def objects_held(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, id) of every document held."""
        return ((kind, identity) for kind, identity, _language, _version in self.held())

    def health(self) -> dict[str, Any]:
        """Return `status` of the cluster (green, yellow, red), `nodes`, `index` and whether its
        `form` is the one this code makes (`current`)."""
        with reaching():
            cluster = self.client.cluster.health()
        index = self.live()
        form = self.indices.form_of(index)
        return {
            "status": cluster["status"],
            "nodes": cluster["number_of_nodes"],
            "index": index,
            "form": form,
            "current": form == self.mapping_hash(),
        }

    # Writing ------------------------------------------------------------------------------------

    def index(
        self, documents: Iterable[SearchDocument], *, version: int | None = None, into: str = ""
    ) -> int:
        """Add or replace documents (all languages of an object in one call); return how many.

        With a `version`, what stands with the same or a newer one is left as it is. `into` names
        an index made by `create()`; otherwise the one that answers is written.
        """
        return self._writer(into).index(documents, version)

    def delete(
        self, keys: Iterable[tuple[str, str]], *, version: int | None = None, into: str = ""
    ) -> int:
        """Forget every language of the (kind, id) pairs; return how many documents went."""
        return self._writer(into).delete(keys, version)

    def rebuild(self, documents: Iterator[SearchDocument]) -> Iterator[int]:
        """Replace everything while old answers keep flowing; yield the running count.

        Changes made meanwhile are the caller's to repeat (`search.rebuilding` does).
        """
        name = self.create()
        try:
            yield from self.load(name, documents)
            before = [old for old in self.indices.all() if old != name]
            self.swap(name)
        except BaseException:
            self.drop(name)
            raise
        for old in before:
            self.drop(old)
        self.compact(name)

    def _writer(self, into: str) -> Writer:
        return Writer(
            self.client,
            self.indices.entrance(into),
            refresh=self._refresh,
            patience=self._patience,
        )

    def refresh(self) -> None:
        """Make every change sent so far findable and listed."""
        with reaching():
            self.client.indices.refresh(index=self.indices.alias)

    # Indices ------------------------------------------------------------------------------------

    def create(self) -> str:
        """Make an empty index that does not answer yet; return its name."""
        return self.indices.create()

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Iterator[int]:
        """Fill a new index in bulk; yield the running count of documents."""
        entrance = self.indices.entrance(name)
        return Writer(self.client, entrance, patience=BUILD_TIMEOUT).load(documents)

    def swap(self, name: str) -> None:
        """Let the index answer in place of the one that did, in one step."""
        self.indices.swap(name)

    def compact(self, name: str) -> None:
        """Let an index that answers be put together for quick reading, in the background."""
        self.indices.compact(name)

    def drop(self, name: str) -> None:
        """Remove an index; one that is gone already is fine."""
        self.indices.drop(name)

    def live(self) -> str:
        """Return the index that answers; raise `EngineUnavailable` when there is none."""
        return self.indices.live()

    def behind(self) -> list[str]:
        """Return what answers: one index, or none before the first is built."""
        return self.indices.behind()

    def made(self) -> list[str]:
        """Return every index of ours, also those a broken rebuild left, oldest first."""
        return self.indices.all()

    def mapping_hash(self) -> str:
        """Return the hash of settings and mapping that an index made now would have."""
        return mapping.form()
