"""Reference data kept in the process: read on every page, changed a few times a year."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

#: Another process may load new data; its change is seen here after this many seconds.
LIFE_SECONDS = 60.0

_kept: dict[str, tuple[float, Any]] = {}


def kept(key: str, read: Callable[[], T]) -> T:
    """Return what `read` gave within the last minute. An empty result is not kept."""
    now = time.monotonic()
    found = _kept.get(key)
    if found is not None and now - found[0] < LIFE_SECONDS:
        return found[1]  # type: ignore[no-any-return]
    value = read()
    if value:
        _kept[key] = (now, value)
    return value


def forget(**_signal: Any) -> None:
    """Drop everything kept; also the receiver of the models' save and delete signals."""
    _kept.clear()
