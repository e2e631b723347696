"""Batches of changes, with external versions: an older change never undoes a newer one."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.contracts import DocumentRefused, EngineUnavailable, SearchDocument
from search.engines.elasticsearch import documents as made
from search.engines.elasticsearch.client import WRITE_TIMEOUT, reaching
from search.engines.facets import Hierarchy

#: What one request carries at most: documents, and characters of their texts.
BATCH = 500
BATCH_CHARS = 4_000_000
#: Batches under way while the next ones are made.
AHEAD = 2
#: Members of groups read at a time.
MEMBERS = 5_000

#: An action line and, for all but a removal, its source.
Operation = tuple[dict[str, Any], dict[str, Any] | None]
#: A document as the cluster lists it.
Hit = dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What the cluster made of some operations."""

    done: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def languages() -> tuple[str, ...]:
    """Return the languages an object may have a version in."""
    return tuple(code for code, _name in settings.LANGUAGES)


class Writer:
    """Writes one index through an alias of it, which must exist: none is made by accident."""

    def __init__(
        self,
        client: Elasticsearch,
        alias: str,
        *,
        refresh: bool = False,
        patience: float = WRITE_TIMEOUT,
    ) -> None:
        self._client = client.options(request_timeout=patience)
        self._alias = alias
        self._refresh = refresh
        self._rolled = Hierarchy()

    # Changes ------------------------------------------------------------------------------------

    def index(self, documents: Iterable[SearchDocument], version: int | None) -> int:
        """Add or replace objects, all their languages; return the number of documents written.

        Raises `DocumentRefused` after everything else was written when some can never be.
        """
        total = Outcome()
        groups: set[str] = set()
        for batch in _batches(self._operations(documents, version, groups)):
            groups |= self._part(batch)
            self._add(total, self._send(batch))
        self._settle(groups)
        return _finished(total)

    def delete(self, keys: Iterable[tuple[str, str]], version: int | None) -> int:
        """Remove every language of the (kind, id) pairs; return how many documents went."""
        ids = [
            f"{kind}:{identity}:{language}"
            for kind, identity in dict.fromkeys(keys)
            for language in languages()
        ]
        total = Outcome()
        for start in range(0, len(ids), BATCH):
            batch = [(_action("delete", key, version), None) for key in ids[start : start + BATCH]]
            groups = self._part(batch)
            self._add(total, self._send(batch))
            self._settle(groups)
        return _finished(total)

    def load(self, documents: Iterable[SearchDocument]) -> Iterator[int]:
        """Fill a new index; yield the running count. Version 0: any later change is newer.

        Batches travel while the next ones are made; the documents are read in the caller's thread.
        """
        later: list[SearchDocument] = []
        total = Outcome()
        under_way: deque[Future[Outcome]] = deque()
        operations = chain(
            self._loading(documents, later),
            # Members of a group may stand far apart: their objects come last, together.
            (
                (_action("index", key, 0), source)
                for key, source in made.sources_of(later, self._rolled)
            ),
        )
        pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="search-load")
        try:
            for batch in _batches(operations):
                under_way.append(pool.submit(self._send, batch))
                if len(under_way) > AHEAD:
                    self._add(total, under_way.popleft().result())
                    yield total.done
            while under_way:
                self._add(total, under_way.popleft().result())
                yield total.done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        _finished(total)

    # Inside -------------------------------------------------------------------------------------

    def _operations(
        self, documents: Iterable[SearchDocument], version: int | None, groups: set[str]
    ) -> Iterator[Operation]:
        for versions in made.objects(documents):
            present = set()
            for key, source in made.sources_of(versions, self._rolled):
                present.add(key)
                yield _action("index", key, version), source
            kind, identity = versions[0].kind, versions[0].id
            for language in languages():
                key = f"{kind}:{identity}:{language}"
                if key not in present:
                    yield _action("delete", key, version), None
            groups.update(item.collapse_key for item in versions if made.shared(item))

    def _loading(
        self, documents: Iterable[SearchDocument], later: list[SearchDocument]
    ) -> Iterator[Operation]:
        for versions in made.objects(documents):
            if any(made.shared(item) for item in versions):
                later += versions
                continue
            for key, source in made.sources_of(versions, self._rolled):
                yield _action("index", key, 0), source

    def _send(self, batch: Sequence[Operation]) -> Outcome:
        lines = [line for operation in batch for line in operation if line is not None]
        with reaching():
            answer = self._client.bulk(
                index=self._alias, operations=lines, require_alias=True, refresh=self._refresh
            )
        outcome = Outcome()
        for item in answer["items"]:
            for verb, result in item.items():
                _judge(outcome, verb, result)
        return outcome

    @staticmethod
    def _add(total: Outcome, part: Outcome) -> None:
        total.done += part.done
        total.refused.update(part.refused)

    # Groups of several objects --------------------------------------------------------------------

    def _part(self, batch: Sequence[Operation]) -> set[str]:
        """Settle the groups that documents are about to leave, and return them.

        Before they leave, because afterwards nothing tells which they left: whatever fails in between is
        done again, and until then a reader may meet two of a group.
        """
        after = {
            about["_id"]: source["group"] if source else ""
            for action, source in batch
            for about in action.values()
        }
        stood = self._groups_of(list(after))
        leaving = {key for key, group in stood.items() if after[key] != group}
        groups = {stood[key] for key in leaving}
        self._settle(groups, without=leaving)
        return groups

    def _groups_of(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the group of each document that stands in one with other objects."""
        with reaching():
            answer = self._client.mget(
                index=self._alias, ids=list(keys), source_includes=["group", "kind", "id"]
            )
        # Nor is there an index at all, perhaps: a removal with an external version would make one.
        if any("error" in item for item in answer["docs"]):
            raise EngineUnavailable("documents could not be read")
        found = {item["_id"]: item["_source"] for item in answer["docs"] if item.get("found")}
        return {
            key: source["group"]
            for key, source in found.items()
            if source["group"] not in {"", f"{source['kind']}:{source['id']}"}
        }

    def _settle(self, groups: set[str], without: Collection[str] = ()) -> None:
        """Write anew the members of groups whose readers now meet another version.

        As if those `without` had left already.
        """
        if not groups:
            return
        with reaching():
            self._client.indices.refresh(index=self._alias)
        hits = [
            hit for hit in members(self._client, self._alias, groups) if hit["_id"] not in without
        ]
        moved = unsettled(hits)
        if not moved:
            return
        remaining = [made.document_of(hit["_source"]) for hit in hits]
        rewritten = dict(made.sources_of(remaining, self._rolled))
        changed: list[Operation] = []
        for hit in moved:
            action = _action("index", hit["_id"], hit["_version"])
            action["index"]["version_type"] = "external_gte"
            changed.append((action, rewritten[hit["_id"]]))
        self._send(changed)


def members(
    client: Elasticsearch, alias: str, groups: Collection[str], only: Sequence[str] = ()
) -> list[Hit]:
    """Return the documents of groups as they stand (of their sources, those fields)."""
    with reaching():
        answer = client.search(
            index=alias,
            query={"terms": {"group": sorted(groups)}},
            size=MEMBERS,
            version=True,
            source_includes=list(only) or None,
        )
    found: list[Hit] = answer["hits"]["hits"]
    return found


def unsettled(hits: Sequence[Hit]) -> list[Hit]:
    """Return the members of whole groups whose readers meet another version than they should."""
    stand = [hit["_source"] for hit in hits]
    hidden = made.hidden_for([(source["group"], source["language"]) for source in stand])
    return [
        hit
        for hit, right in zip(hits, hidden, strict=True)
        if hit["_source"]["hidden_for"] != right
    ]


def _action(verb: str, key: str, version: int | None) -> dict[str, Any]:
    about: dict[str, Any] = {"_id": key}
    if version is not None:
        about |= {"version": version, "version_type": "external"}
    return {verb: about}


def _batches(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    batch: list[Operation] = []
    size = 0
    for operation in operations:
        batch.append(operation)
        source = operation[1]
        if source is not None:
            size += 3 * len(source["body"]) + 3 * len(source["summary"]) + 1_000
        if len(batch) >= BATCH or size >= BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _judge(outcome: Outcome, verb: str, result: Mapping[str, Any]) -> None:
    status = int(result["status"])
    error = result.get("error")
    if error is None:
        outcome.done += int(status < 300)
    elif status == 409:
        return  # A newer version stands.
    elif status in {404, 429} or status >= 500:
        raise EngineUnavailable(f"{status}: {error.get('type', '')}")
    else:
        outcome.refused[str(result["_id"])] = f"{error.get('type')}: {error.get('reason')}"


def _finished(total: Outcome) -> int:
    if total.refused:
        raise DocumentRefused(total.refused)
    return total.done
