"""What an app offers to a shell that may not import its services (architecture §2).

An app names its functions in `apps.py`; the shell calls them by name, with plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_offered: dict[str, Callable[..., Any]] = {}


def offer(name: str, function: Callable[..., Any]) -> None:
    """Make a function callable under a name such as `events.publish`."""
    _offered[name] = function


def offered(name: str) -> Callable[..., Any]:
    """Return what stands under a name; raise `KeyError` where no app offers it."""
    return _offered[name]
