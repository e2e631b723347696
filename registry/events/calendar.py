"""An event as an entry of a calendar. Its UID never changes."""

from __future__ import annotations

from registry.common.calendar import Item
from registry.events import wording
from registry.events.models import Event


def item(event: Event, base: str) -> Item | None:
    """Return the entry of an event on the site at `base`; `None` without a day or a page."""
    starts = event.starts_at or event.planned_starts_at
    ends = event.ends_at or event.planned_ends_at
    text = event.words
    if starts is None or ends is None or text is None:
        return None
    return Item(
        uid=str(event.uid),
        created=event.created_at,
        revised=event.revised_at,
        sequence=event.sequence,
        starts=starts,
        ends=ends,
        summary=text.title,
        description=_description(event, text.summary, text.note, base + text.url),
        location=wording.place(event, text.venue),
        url=base + text.url,
        # A day given up is struck off, also while the new one is not known.
        cancelled=event.state == Event.State.CANCELLED or event.starts_at is None,
        categories=(event.type.label,) if event.type else (),
    )


def _description(event: Event, summary: str, note: str, address: str) -> str:
    standing = wording.standing(event)
    first = f"{standing.label}. {note}".strip() if note else ""
    return "\n\n".join(part for part in (first, summary, event.entrance, address) if part)
