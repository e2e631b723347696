"""Who may change calls."""

from __future__ import annotations

from typing import Any

from registry.accounts.permissions import is_editor


def may_publish(actor: Any) -> bool:
    """Whether the actor may publish calls and results; `None` is the hub's own clock."""
    return actor is None or is_editor(actor)
