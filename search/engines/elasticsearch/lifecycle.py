"""The indices behind the alias: made beside the one that answers, put in its place, dropped."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search.contracts import EngineUnavailable
from search.engines.elasticsearch import mapping
from search.engines.elasticsearch.client import BUILD_TIMEOUT, WRITE_TIMEOUT, reaching

#: Pieces a new index is put into: of one alone, a large index would not get rid of what is deleted.
SEGMENTS = 5


class Indices:
    """Index names are `<alias>-<form>-<milliseconds>`; each has an alias `<name>-in` to write by."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client.options(request_timeout=WRITE_TIMEOUT)
        self.alias = alias
        self._pattern = re.compile(rf"{re.escape(alias)}-([0-9a-f]+)-(\d+)")

    def create(self) -> str:
        """Make an empty index that does not answer yet; return its name."""
        name = f"{self.alias}-{mapping.form()}-{time.time_ns() // 1_000_000}"
        body = mapping.body()
        body["settings"]["refresh_interval"] = "-1"
        with reaching():
            self._client.indices.create(
                index=name,
                settings=body["settings"],
                mappings=body["mappings"],
                aliases={self.entrance(name): {}},
            )
        return name

    def entrance(self, name: str = "") -> str:
        """Return the alias through which an index (none named: the one that answers) is written."""
        return f"{name}-in" if name else self.alias

    def swap(self, name: str) -> None:
        """Let the index answer in place of the one that did, in one step."""
        with reaching():
            self._client.indices.put_settings(
                index=name, settings={"index": {"refresh_interval": "1s"}}
            )
            self._client.options(request_timeout=BUILD_TIMEOUT).indices.refresh(index=name)
            behind = self.behind()
            actions: list[dict[str, Any]] = [
                {"remove": {"index": old, "alias": self.alias}} for old in behind if old != name
            ]
            if not behind and self._client.indices.exists(index=self.alias):
                # Made by accident, as by a removal sent in the moment the alias was gone.
                actions.append({"remove_index": {"index": self.alias}})
            actions.append({"add": {"index": name, "alias": self.alias}})
            self._client.indices.update_aliases(actions=actions)

    def compact(self, name: str) -> None:
        """Let the cluster put what a rebuild wrote in dozens of pieces into a few; nobody waits for it.

        Each question looks into every piece. One that stays in pieces answers all the same, so nothing
        is raised. The cluster keeps a line on each time it was asked, in its list of tasks.
        """
        with suppress(EngineUnavailable), reaching():
            told = self._client.indices.stats(index=name, metric="segments")["_all"]["primaries"]
            # Nothing is told of an index whose only copy is away.
            if told.get("segments", {}).get("count", 0) > SEGMENTS:
                self._client.indices.forcemerge(
                    index=name, max_num_segments=SEGMENTS, wait_for_completion=False
                )

    def drop(self, name: str) -> None:
        """Remove an index; one that is gone already is fine. Only names of ours are touched."""
        if not self._pattern.fullmatch(name):
            raise ValueError(name)
        with reaching():
            self._client.indices.delete(index=name, ignore_unavailable=True)

    def live(self) -> str:
        """Return the index that answers; raise `EngineUnavailable` when there is none."""
        behind = self.behind()
        if not behind:
            raise EngineUnavailable(f"no index behind {self.alias}")
        return behind[0]

    def all(self) -> list[str]:
        """Return every index of this alias, also those a broken rebuild left, oldest first."""
        with reaching():
            names = self._client.indices.get(
                index=f"{self.alias}-*", filter_path="*.aliases", expand_wildcards="all"
            )
        ours = [match for match in map(self._pattern.fullmatch, names) if match]
        return [match.string for match in sorted(ours, key=lambda match: int(match.group(2)))]

    def form_of(self, name: str) -> str:
        """Return the hash of settings and mapping the index was made with."""
        match = self._pattern.fullmatch(name)
        return match.group(1) if match else ""

    def behind(self) -> list[str]:
        """Return the indices behind the alias: one, or none before the first is built."""
        with reaching():
            try:
                return sorted(self._client.indices.get_alias(name=self.alias))
            except NotFoundError:
                return []
