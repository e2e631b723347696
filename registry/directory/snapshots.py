"""Contents as plain data, compared and merged by field path.

A path is `name`, or `children[uid].name` for one value of an inline child, or `children[uid]`
for a child added or removed whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.common.fields import Field, FieldClass, Kind
from registry.directory.models import Content

#: Marks the absent side of a child that was added or removed.
ABSENT = None


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs: its values before and after."""

    path: str
    before: Any
    after: Any


def data_of(content: Content) -> dict[str, Any]:
    """Return the content as a revision would store it."""
    data: dict[str, Any] = json.loads(content.to_json())
    return data


def flatten(kind: Kind, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return path → value for the declared fields of one stored content."""
    flat: dict[str, Any] = {}
    for field in kind.fields:
        value = data.get(field.name)
        if field.children:
            for child in value or []:
                flat[f"{field.name}[{child['uid']}]"] = child.get("sort_order") or 0
                for part in field.children:
                    flat[f"{field.name}[{child['uid']}].{part.name}"] = child.get(part.name)
        elif field.multiple:
            flat[field.name] = sorted(value or [])
        else:
            flat[field.name] = value
    return flat


def diff(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    """Return the paths that differ. An added or removed child counts once, as `children[uid]`."""
    old, new = flatten(kind, before), flatten(kind, after)
    changes: dict[str, Change] = {}
    gone_or_new = {path for path in old.keys() ^ new.keys() if path.endswith("]")}
    for path in sorted(gone_or_new):
        changes[path] = Change(path, _child(before, path), _child(after, path))
    for path in sorted(old.keys() & new.keys()):
        if path.endswith("]"):
            continue
        if not _same(old[path], new[path]):
            changes[path] = Change(path, old[path], new[path])
    return changes


def highest_class(kind: Kind, changes: Mapping[str, Change]) -> FieldClass:
    """Return the class that decides how the changes are reviewed."""
    return max((kind.by_path(path).cls for path in changes), default=FieldClass.COSMETIC)


def clashes(ours: Mapping[str, Change], theirs: Mapping[str, Change]) -> list[str]:
    """Return the paths that both sides changed to different values."""
    found = []
    for path, change in ours.items():
        for other_path, other in theirs.items():
            same = path == other_path and not _same(change.after, other.after)
            nested = path != other_path and (
                path.startswith(f"{other_path}.") or other_path.startswith(f"{path}.")
            )
            if same or nested:
                found.append(path)
                break
    return found


def apply(kind: Kind, data: Mapping[str, Any], changes: Mapping[str, Change]) -> dict[str, Any]:
    """Return a copy of the stored content with the changes written in."""
    result = {
        key: (list(value) if isinstance(value, list) else value) for key, value in data.items()
    }
    for path, change in changes.items():
        head, _, rest = path.partition("[")
        if not rest:
            result[head] = _restore(kind.field(head), change.after)
            continue
        uid, _, name = rest.partition("]")
        rows = [dict(row) for row in result.get(head) or []]
        name = name.removeprefix(".")
        if name:
            for row in rows:
                if row["uid"] == uid:
                    row[name] = change.after
        elif change.after is ABSENT:
            rows = [row for row in rows if row["uid"] != uid]
        else:
            rows = [row for row in rows if row["uid"] != uid] + [{**change.after, "pk": None}]
        result[head] = rows
    return result


def rebuild(content: Content, data: Mapping[str, Any]) -> Content:
    """Return an unsaved content object holding the stored data, ready for `save_revision`."""
    rebuilt: Content = content.with_content_json(dict(data))
    return rebuilt


def _same(one: Any, other: Any) -> bool:
    # An empty text and a missing value read the same to everyone.
    return one == other or (one in ("", None) and other in ("", None))


def _child(data: Mapping[str, Any], path: str) -> Any:
    head, _, rest = path.partition("[")
    uid = rest.rstrip("]")
    return next((row for row in data.get(head) or [] if row["uid"] == uid), ABSENT)


def _restore(field: Field, value: Any) -> Any:
    if field.multiple:
        return list(value)
    return value
