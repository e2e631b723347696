"""The forms of an entry's fields, borrowed from whoever offers them.

The owner's forms stand in the workspace, which the desk may not import; the workspace offers them
when it is loaded (architecture §2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from registry.common.fields import Step
from registry.directory.models import Content


class EntryForm(Protocol):
    """One step of a kind's form, as the desk uses it."""

    step: Step

    def is_valid(self) -> bool:
        """Whether everything typed can be stored."""

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield what the page shows, field by field."""

    def mistakes(self) -> list[dict[str, str]]:
        """Return what is to be mended."""

    def apply(self, content: Any) -> None:
        """Write the cleaned values on a content."""


_offered: list[Callable[..., EntryForm]] = []


def offer_entry_form(make: Callable[..., EntryForm]) -> None:
    """Lend the form of one step: `make(content, step, data=…)`. Called from `ready()`."""
    _offered[:] = [make]


def entry_forms(content: Content, data: Mapping[str, Any] | None = None) -> list[EntryForm]:
    """Return one form for each step of the content's kind; raise `LookupError` when none is lent."""
    if not _offered:
        raise LookupError("no app offered the entry form")
    return [_offered[0](content, step, data=data) for step in content.kind_info.steps]
