"""The days of a round: what happens when, as its page, the month and calendars tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.common.calendar import Item
from registry.competitions import wording
from registry.competitions.models import Call


@dataclass(frozen=True, slots=True)
class Said:
    """What only the page of a round says of its days."""

    #: Days beside the four of every round: a key that stays, what happens, the day.
    more: tuple[tuple[str, str, date], ...] = ()
    place: str = ""
    #: What people are told about a cancelled round.
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeyDay:
    """One day of a round."""

    #: Names it among the days of its round, and stays when its date or title changes.
    key: str
    title: str
    #: The moment; of a day without an hour its beginning, or its end where only the day is known.
    at: datetime
    whole: bool
    deadline: bool = False
    place: str = ""

    @property
    def date(self) -> date:
        """The day in Vietnam."""
        return timezone.localtime(self.at).date()


def days_of(call: Call, said: Said) -> list[KeyDay]:
    """Return the days of a round in order of time."""
    known = [
        ("opens", _("Mở nhận hồ sơ"), call.opens_at, ""),
        ("closes", _("Hạn nộp"), call.closes_at, ""),
        ("results", _("Công bố kết quả"), call.results_at, ""),
        ("awarded", _("Trao giải"), call.awarded_at, said.place),
    ]
    days = [
        KeyDay(
            key,
            title,
            at,
            # Midnight is how a day is written; a deadline at midnight is one all the same.
            whole=key != "closes" and timezone.localtime(at).time() == time.min,
            deadline=key == "closes",
            place=place,
        )
        for key, title, at, place in known
        if at is not None
    ]
    for key, title, day in said.more:
        end = timezone.make_aware(datetime.combine(day, time.max))
        days.append(KeyDay(key, title, end, whole=True))
    return sorted(days, key=lambda day: day.at)


def items(call: Call, days: Iterable[KeyDay], said: Said, base: str) -> list[Item]:
    """Return days of a round as entries of a calendar on the site at `base`; none without a page."""
    text = call.words
    if text is None:
        return []
    cancelled = call.state == Call.State.CANCELLED
    first = f"{wording.standing(call).label}. {said.note}".strip() if cancelled else ""
    parts = (first, text.summary, base + text.url)
    return [
        Item(
            uid=f"{call.uid}-{day.key}",
            created=call.created_at,
            revised=call.revised_at,
            # Seconds since it was made: they grow with every publication.
            sequence=max(0, int((call.revised_at - call.created_at).total_seconds())),
            starts=day.date if day.whole else day.at,
            ends=None,
            summary=f"{day.title}: {text.title}",
            description="\n\n".join(part for part in parts if part),
            location=day.place,
            url=base + text.url,
            cancelled=cancelled,
            categories=(str(Call.Kind(call.kind).label),),
            busy=False,
        )
        for day in days
    ]
