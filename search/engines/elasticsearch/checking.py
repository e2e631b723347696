"""Comparing what the index holds with what it should hold, document by document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from elasticsearch import Elasticsearch

from search.contracts import SearchDocument
from search.engines.elasticsearch import documents as made
from search.engines.elasticsearch.client import WRITE_TIMEOUT, reaching
from search.engines.elasticsearch.mapping import UNKEPT
from search.engines.elasticsearch.writing import languages, members, unsettled
from search.engines.facets import Hierarchy


def differing(
    client: Elasticsearch, alias: str, documents: Sequence[SearchDocument]
) -> set[tuple[str, str]]:
    """Return the objects among these whole ones that the index lacks, or holds otherwise.

    And whoever stands in a group with one of them while its readers meet another version than they should.
    """
    expected = dict(made.sources_of(documents, Hierarchy()))
    groups = {item.collapse_key for item in documents if made.shared(item)}
    grouped = {item.key for item in documents if made.shared(item)}
    objects = {(item.kind, item.id) for item in documents}
    keys = [f"{kind}:{identity}:{code}" for kind, identity in objects for code in languages()]
    patient = client.options(request_timeout=WRITE_TIMEOUT)
    with reaching():
        answer = patient.mget(index=alias, ids=keys)
    stored = {item["_id"]: item["_source"] for item in answer["docs"] if item.get("found")}
    found = {
        _object(key)
        for key in keys
        if _kept(expected.get(key), key in grouped) != _kept(stored.get(key), key in grouped)
    }
    if groups:
        standing = members(patient, alias, groups, only=["group", "language", "hidden_for"])
        found |= {_object(hit["_id"]) for hit in unsettled(standing)}
    return found


def _object(key: str) -> tuple[str, str]:
    kind, rest = key.split(":", 1)
    return kind, rest.rsplit(":", 1)[0]


def _kept(source: dict[str, Any] | None, grouped: bool) -> str:
    """Return what the index keeps of a source, comparably; a group's own field is compared apart."""
    if source is None:
        return ""
    left_out = {*UNKEPT, "hidden_for"} if grouped else set(UNKEPT)
    kept = {name: value for name, value in source.items() if name not in left_out}
    return json.dumps(kept, sort_keys=True)
