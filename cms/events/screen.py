"""What the list of events shows: to come, past, or a month; narrowed by what a visitor asks."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.awards import selectors as awards
from registry.common import wording
from registry.competitions import selectors as competitions
from registry.events import selectors
from registry.events.selectors import Filters
from registry.taxonomy import selectors as taxonomy
from search import sources

PER_PAGE = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100
VIEW, MONTH, TIME, PAGE = "xem", "thang", "khi", "trang"
MONTHLY, PAST = "thang", "da-qua"
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_PAGE = re.compile(r"[0-9]{1,6}")


class BadQuestion(ValueError):
    """A question nobody can answer; the text is for the visitor."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a list."""

    number: str
    title: str
    summary: str
    url: str
    day: datetime | None
    weekday: str
    month: str
    when: str
    place: str
    type: str
    standing: Any


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its parameter, label and options (code, label, chosen)."""

    parameter: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of a round of an award, beside the events."""

    what: str
    clock: str
    title: str
    url: str
    cancelled: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month's table."""

    date: date
    inside: bool
    today: bool
    events: list[Row]
    awards: list[Mark]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks, with the ways to its neighbours."""

    name: str
    previous: tuple[str, str]
    next: tuple[str, str]
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day]]
    count: int


def build(asked: Mapping[str, str], address: str, now: datetime | None = None) -> dict[str, Any]:
    """Return the template's context; what cannot be answered comes back as `problem`."""
    at = now or timezone.now()
    base = {"list_url": address, "feed_url": reverse("feeds:calendar")}
    try:
        return base | _answer(asked, address, at)
    except BadQuestion as problem:
        return base | {"problem": str(problem)}


def row_of(event: Any) -> Row | None:
    """Return an event as a row in the active language; `None` when no page tells of it."""
    text = event.words
    if text is None:
        return None
    starts = event.starts_at or event.planned_starts_at
    local = timezone.localtime(starts) if starts else None
    return Row(
        number=event.number,
        title=text.title,
        summary=text.summary,
        url=sources.address("event", text.url, get_language() or "vi"),
        day=local,
        weekday=wording.weekday(local) if local else "",
        month=wording.month(local) if local else "",
        when=wording.span(event.starts_at, event.ends_at),
        place=selectors.place(event, text.venue),
        type=event.type.label if event.type else "",
        standing=selectors.standing(event),
    )


def rows_of(events: Iterable[Any]) -> list[Row]:
    """Return events as rows."""
    return [row for event in events if (row := row_of(event)) is not None]


def _answer(asked: Mapping[str, str], address: str, at: datetime) -> dict[str, Any]:
    choices, filters = filters_of(asked)
    chosen = {
        choice.parameter: code for choice in choices for code, _label, on in choice.options if on
    }
    monthly = _one_of(asked, VIEW, {MONTHLY}) == MONTHLY
    past = not monthly and _one_of(asked, TIME, {PAST}) == PAST

    def link(**changes: str) -> str:
        query = urlencode({**chosen, **{key: value for key, value in changes.items() if value}})
        return f"{address}?{query}" if query else address

    context: dict[str, Any] = {
        "choices": choices,
        "narrowed": bool(chosen),
        "feed_url": _followed(chosen),
        "clear_url": f"{address}?{VIEW}={MONTHLY}" if monthly else address,
        "monthly": monthly,
        "past": past,
        "tabs": [
            (_("Sắp tới"), link(), not monthly and not past),
            (_("Theo tháng"), link(**{VIEW: MONTHLY}), monthly),
            (_("Đã qua"), link(**{TIME: PAST}), past),
        ],
        "hidden": [(VIEW, MONTHLY)] if monthly else [(TIME, PAST)] if past else [],
    }
    if monthly:
        first = _month(asked.get(MONTH, ""), timezone.localtime(at).date())
        if asked.get(MONTH):
            context["hidden"].append((MONTH, f"{first:%Y-%m}"))
        return context | {"month": _month_screen(first, filters, at, link)}
    events = selectors.past(at, filters) if past else selectors.upcoming(at, filters)
    paginator = Paginator(events, PER_PAGE)
    number = _page(asked.get(PAGE, ""), paginator.num_pages)
    page = paginator.page(number)
    return context | {
        "rows": rows_of(page.object_list),
        "page_number": number,
        "page_count": paginator.num_pages,
        "total": paginator.count,
    }


# Reading the address --------------------------------------------------------------------------


def filters_of(asked: Mapping[str, str]) -> tuple[list[Choice], Filters]:
    """Return the filters as their form shows them and as codes; raise `BadQuestion` for unknown ones."""
    known: list[tuple[str, str, str, Mapping[str, str]]] = [
        ("type", "loai-su-kien", _("Loại sự kiện"), taxonomy.term_labels(selectors.TYPES)),
        ("audience", "ai-nen-den", _("Ai nên đến"), taxonomy.term_labels(selectors.AUDIENCES)),
        ("commune", "xa-phuong", _("Xã, phường"), selectors.communes_of_events()),
        (
            "mode",
            "cach-du",
            _("Cách dự"),
            {code: str(label) for code, label in selectors.Mode.choices[:2]},
        ),
    ]
    codes: dict[str, str] = {}
    choices = []
    for name, parameter, label, options in known:
        code = _one_of(asked, parameter, options)
        codes[name] = code
        listed = [(value, text, value == code) for value, text in options.items()]
        choices.append(Choice(parameter, label, listed))
    return choices, Filters(**codes)


def _followed(chosen: Mapping[str, str]) -> str:
    """Return the address of the calendar feed of what is chosen."""
    address = reverse("feeds:calendar")
    return f"{address}?{urlencode(chosen)}" if chosen else address


def _one_of(asked: Mapping[str, str], parameter: str, known: Iterable[str]) -> str:
    value = asked.get(parameter, "")
    if value and value not in known:
        raise BadQuestion(_("Bộ lọc có giá trị không có trong danh mục. Hãy chọn lại."))
    return value


def _month(written: str, today: date) -> date:
    if not written:
        return today.replace(day=1)
    if _MONTH.fullmatch(written) and written.isascii():
        year, month = int(written[:4]), int(written[5:])
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
            return date(year, month, 1)
    raise BadQuestion(_("Tháng viết như 2026-12. Hãy chọn lại."))


def _page(written: str, count: int) -> int:
    number = int(written) if _PAGE.fullmatch(written) and written.isascii() else 0
    if not written:
        return 1
    if not 1 <= number <= count:
        raise BadQuestion(_("Danh sách này có %(pages)d trang.") % {"pages": count})
    return number


# The month ------------------------------------------------------------------------------------


def _month_screen(first: date, filters: Filters, at: datetime, link: Callable[..., str]) -> Month:
    events = list(selectors.in_month(first, filters))
    by_day: dict[date, list[Row]] = {}
    for event in events:
        row = row_of(event)
        if row is None:
            continue
        day = timezone.localtime(event.starts_at).date()
        # What ends at midnight does not take place on the day that begins then.
        last = timezone.localtime(event.ends_at - timedelta(seconds=1)).date()
        while day <= last:
            by_day.setdefault(day, []).append(row)
            day += timedelta(days=1)
    # What narrows events says nothing of awards.
    marks = _marks(first) if filters == Filters() else {}
    today = timezone.localtime(at).date()

    def shown(day: date) -> Day:
        if day.month != first.month:
            return Day(day, False, False, [], [])
        return Day(day, True, day == today, by_day.get(day, []), marks.get(day, []))

    return Month(
        name=_capital(wording.month(first)),
        previous=_neighbour(first - timedelta(days=1), link),
        next=_neighbour(selectors.next_month(first).date(), link),
        weekdays=wording.weekdays(),
        weeks=[
            [shown(day) for day in week]
            for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
        ],
        count=len(events) + len(marks),
    )


def _marks(first: date) -> dict[date, list[Mark]]:
    """Return the days of rounds in the month beginning at `first`."""
    begin = timezone.make_aware(datetime(first.year, first.month, 1))
    found: dict[date, list[Mark]] = {}
    for told in awards.days_between(begin, timezone.make_aware(selectors.next_month(first))):
        row = competitions.row_of(told.call)
        if row is None:
            continue
        cancelled = row.standing.label if row.standing.code == "cancelled" else ""
        for day in told.days:
            hour = "" if day.whole else wording.clock(day.at)
            mark = Mark(day.title, hour, row.title, row.url, cancelled)
            found.setdefault(day.date, []).append(mark)
    return found


def _neighbour(day: date, link: Callable[..., str]) -> tuple[str, str]:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ("", "")
    return (
        _capital(wording.month(day)),
        link(**{VIEW: MONTHLY, MONTH: f"{day:%Y-%m}"}),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
