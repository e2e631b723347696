"""From search documents to what the index holds, and which version of an object a reader meets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from search import sources, text
from search.contracts import SearchDocument
from search.engines.elasticsearch.mapping import written
from search.engines.facets import Hierarchy, spec_of

#: The folded beginning of a title, long enough for any beginning typed.
START_CHARS = 300

Source = dict[str, Any]


def shared(document: SearchDocument) -> bool:
    """Whether other objects may belong to the document's group (pages translated as pages)."""
    return document.collapse_key not in {"", f"{document.kind}:{document.id}"}


def objects(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    """Yield the language versions of one object after the other; of a repeated one, the last."""
    for _key, group in groupby(documents, key=lambda item: (item.kind, item.id)):
        yield list({item.language: item for item in group}.values())


def sources_of(
    versions: Iterable[SearchDocument], rolled: Hierarchy | None = None
) -> Iterator[tuple[str, Source]]:
    """Yield (document id, source) of documents that together are whole groups."""
    together = list(versions)
    rolled = rolled or Hierarchy()
    hidden = hidden_for([(item.collapse_key, item.language) for item in together])
    seen: set[tuple[str, str]] = set()
    for item, others in zip(together, hidden, strict=True):
        first = (item.kind, item.id) not in seen
        seen.add((item.kind, item.id))
        yield item.key, _source(item, others, first, rolled)


def hidden_for(versions: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return, for each (group, language) of whole groups, the languages whose readers meet another one."""
    spoken: dict[str, set[str]] = {}
    for group, language in versions:
        if group:
            spoken.setdefault(group, set()).add(language)
    return [sorted(spoken.get(group, set()) - {language}) for group, language in versions]


def _source(item: SearchDocument, others: list[str], first: bool, rolled: Hierarchy) -> Source:
    title, summary = text.clean(item.title), text.clean(item.summary)
    body, keywords = text.clean(item.body), text.clean(item.keywords)
    levels = {
        "title": text.analyse(title),
        "summary": text.analyse(f"{summary} {keywords}" if keywords else summary),
        "body": text.analyse(body),
    }
    facets = {name: codes for name, codes in rolled.expand(item.facets).items() if _mapped(name)}
    confirmed = item.confirmed_on
    start = written(" ".join(text.folded(text.tokens(title))))[:START_CHARS]
    source: Source = {
        "kind": item.kind,
        "id": item.id,
        "language": item.language,
        "key": item.key,
        "group": item.collapse_key,
        "hidden_for": others,
        "first": first,
        "facets": facets,
        "confirmed": confirmed.toordinal() if confirmed else 0,
        "readiness": item.readiness or 0,
        "verified": item.verified,
        "sort_title": text.sort_key(title),
        "title_start": start,
        "title_length": len(start),
        "shown": {
            "title": title,
            "summary": summary,
            "body": body,
            "keywords": keywords,
            "url": item.url,
            "confirmed_on": confirmed.isoformat() if confirmed else None,
            "is_demo": item.is_demo,
            # As a text: its keys are nobody's business, and any JSON comes back as it was.
            "payload": json.dumps(dict(item.payload), separators=(",", ":")),
        },
    }
    if confirmed and not sources.is_dated(item.kind):
        source["confirmed_on"] = confirmed.isoformat()
    if item.location:
        source["location"] = dict(zip(("lat", "lon"), item.location, strict=True))
    for name, level in levels.items():
        source[name] = written(level.folded)
        source[f"{name}_marked"] = written(level.marked)
    return source


def _mapped(name: str) -> bool:
    spec = spec_of(name)
    return spec is not None and spec.ages is None


def document_of(source: Mapping[str, Any]) -> SearchDocument:
    """Return the document a stored source was made from (its facets with their ancestors)."""
    shown = source["shown"]
    on = shown["confirmed_on"]
    point = source.get("location")
    return SearchDocument(
        kind=source["kind"],
        id=source["id"],
        language=source["language"],
        title=shown["title"],
        url=shown["url"],
        summary=shown["summary"],
        body=shown["body"],
        keywords=shown["keywords"],
        facets={name: tuple(codes) for name, codes in source["facets"].items()},
        confirmed_on=date.fromisoformat(on) if on else None,
        readiness=source["readiness"] or None,
        location=(point["lat"], point["lon"]) if point else None,
        verified=source["verified"],
        is_demo=shown["is_demo"],
        collapse_key=source["group"],
        payload=json.loads(shown["payload"]),
    )
