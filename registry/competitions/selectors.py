"""Reading calls: lists by state and year, the hall of winners, the awards of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from registry.common.wording import month, weekday
from registry.competitions import days, wording
from registry.competitions.models import Call, CallText, Winner
from registry.directory.models import Entry
from registry.directory.selectors import public_title
from registry.taxonomy import selectors as taxonomy
from registry.taxonomy.models import Term
from search import sources

PROGRAMMES = "programme"
KIND = "award"
State = Call.State
Kind = Call.Kind
MOMENTS = ("opens_at", "closes_at", "results_at", "awarded_at")
#: The other days of a round lie within so long of its main ones.
AROUND = timedelta(days=731)
standing = wording.standing
KeyDay = days.KeyDay
Said = days.Said
days_of = days.days_of
calendar_items = days.items

#: Content of any kind that may win, so that names cost no further query.
_NAMED = ("organisation", "lab", "offer")


@dataclass(frozen=True, slots=True)
class Filters:
    """Codes that narrow a list; empty ones do not."""

    kind: str = ""
    programme: str = ""
    sector: str = ""
    year: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A public entry: its number, name and address."""

    number: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call of a list, in the active language."""

    number: str
    title: str
    summary: str
    url: str
    award: str
    award_url: str
    year: int
    kind: str
    kind_label: str
    standing: wording.Standing
    #: The moment its number column shows: the deadline, or when it opens; local time.
    day: datetime | None
    weekday: str
    month: str
    #: Whether that moment is a deadline still to come.
    due: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class WinnerRow:
    """One line of the results: who, for what, with links to what is public."""

    year: int
    award: str
    url: str
    call: str
    kind: str
    prize: str
    category: str
    #: The work where it is named, else who won.
    title: str
    who: str
    people: str
    note: str
    organisation: Link | None
    offer: Link | None
    sector: str
    is_demo: bool


def public_calls() -> QuerySet[Call]:
    """Return the public calls with all that a row shows, latest year first."""
    return (
        Call.objects.public()
        .select_related("sector", "organiser")
        .prefetch_related("texts")
        .order_by("-year", "-closes_at", "-pk")
    )


def narrowed(calls: QuerySet[Call], filters: Filters) -> QuerySet[Call]:
    """Return the calls that have every code of the filters; the state is asked of the clock."""
    if filters.kind:
        calls = calls.filter(kind=filters.kind)
    if filters.programme:
        calls = calls.filter(programmes__code=filters.programme)
    if filters.sector:
        calls = calls.filter(sector__code=filters.sector)
    if filters.year:
        calls = calls.filter(year=int(filters.year))
    return calls


def listed(filters: Filters, now: datetime | None = None) -> list[Call]:
    """Return the public calls that match, latest year first."""
    at = now or timezone.now()
    calls = narrowed(public_calls(), filters)
    return [call for call in calls if not filters.state or call.state_at(at) == filters.state]


def current(now: datetime | None = None) -> QuerySet[Call]:
    """Return what is open or opens soon, the soonest deadline first."""
    at = now or timezone.now()
    return (
        public_calls()
        .filter(closes_at__gt=at)
        .exclude(state=State.CANCELLED)
        .order_by("closes_at", "pk")
    )


def of_programme(term: Term) -> QuerySet[Call]:
    """Return the calls of a programme, latest year first."""
    return public_calls().filter(programmes=term)


def of_series(series: UUID) -> QuerySet[Call]:
    """Return the rounds of a recurring award, latest year first."""
    return public_calls().filter(series=series)


def around(begin: datetime, end: datetime | None = None) -> QuerySet[Call]:
    """Return the calls that may have a day between two moments, or from one on."""
    near = Q()
    for name in MOMENTS:
        span = Q(**{f"{name}__gte": begin - AROUND})
        if end is not None:
            span &= Q(**{f"{name}__lt": end + AROUND})
        near |= span
    return public_calls().filter(near)


def by_number(number_slug: str) -> Call | None:
    """Return the public call of `gt-0058`; `None` when there is none."""
    return public_calls().filter(number=number_slug.upper().replace("-", " ")).first()


def years() -> list[int]:
    """Return the years that have a public call, latest first."""
    found = Call.objects.public().order_by("-year").values_list("year", flat=True).distinct()
    return list(found)


def sectors_of_calls() -> dict[str, str]:
    """Return {code: label} of the sectors that public calls have."""
    codes = (
        Call.objects.public().filter(sector__isnull=False).values_list("sector__code", flat=True)
    )
    wanted = sorted(set(codes))
    return dict(taxonomy.term_labels("sector", wanted)) if wanted else {}


def labels(terms: Iterable[Any]) -> list[str]:
    """Return the labels of terms in the active language."""
    return [str(term.label) for term in terms]


def link_of(entry: Entry | None) -> Link | None:
    """Return the link to an entry; `None` where it is not public (any more)."""
    if entry is None or not entry.is_public:
        return None
    return Link(entry.number, public_title(entry), entry.get_absolute_url())


def row_of(call: Call, now: datetime | None = None) -> CallRow | None:
    """Return a call as a row in the active language; `None` when no page tells of it."""
    text = call.words
    if text is None:
        return None
    at = now or timezone.now()
    stands = wording.standing(call, at)
    return _row(
        number=call.number,
        title=text.title,
        summary=text.summary,
        text=text,
        call=call,
        stands=stands,
    )


def _row(
    *, number: str, title: str, summary: str, text: CallText, call: Call, stands: wording.Standing
) -> CallRow:
    moment = shown_moment(call, stands.code)
    return CallRow(
        number=number,
        title=title,
        summary=summary,
        url=address(text.url),
        award=text.award,
        award_url=address(text.award_url) if text.award_url else "",
        year=call.year,
        kind=call.kind,
        kind_label=str(Kind(call.kind).label),
        standing=stands,
        day=moment,
        weekday=weekday(moment) if moment else "",
        month=month(moment) if moment else "",
        due=stands.code == State.OPEN,
        is_demo=call.is_demo,
    )


def rows_of(calls: Iterable[Call]) -> list[CallRow]:
    """Return calls as rows."""
    now = timezone.now()
    return [row for call in calls if (row := row_of(call, now)) is not None]


def shown_moment(call: Call, state: str) -> datetime | None:
    """Return the local moment that counts next: the opening, or the deadline; else `None`."""
    moment = {State.ANNOUNCED: call.opens_at, State.OPEN: call.closes_at}.get(State(state))
    return timezone.localtime(moment) if moment else None


def address(url: str) -> str:
    """Return where a page's address leads in the active language."""
    return sources.address(KIND, url, get_language() or settings.LANGUAGE_CODE)


# --- winners ----------------------------------------------------------------------------------


def with_winners(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Return calls whose winners and the names of their entries cost two queries for all."""
    lines = Winner.objects.select_related(
        *("entry__" + name for name in _NAMED), *("offer__" + name for name in _NAMED)
    ).order_by("position")
    return calls.prefetch_related(Prefetch("winners", queryset=lines))


def winners_of(call: Call, now: datetime | None = None) -> list[WinnerRow]:
    """Return the results of a call, in the editors' order; empty before their day."""
    text = call.words
    if text is None or not call.shows_results(now):
        return []
    return [
        row
        for line in _in_one_language(call.winners.all())
        if (row := winner_row(line, call, text)) is not None
    ]


def _in_one_language(lines: Iterable[Winner]) -> list[Winner]:
    """Return the lines of the active language, else the Vietnamese ones, else those there are."""
    by_language: dict[str, list[Winner]] = {}
    for line in lines:
        by_language.setdefault(line.language, []).append(line)
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    return (
        by_language.get(active)
        or by_language.get(settings.LANGUAGE_CODE)
        or next(iter(by_language.values()), [])
    )


def winner_row(line: Winner, call: Call, text: CallText) -> WinnerRow | None:
    """Return a line as it may be shown; `None` where all that it names is public no more."""
    organisation, offer = link_of(line.entry), link_of(line.offer)
    who = organisation.name if organisation else line.name
    if not who and offer is None:
        return None
    work = offer.name if offer else line.work
    return WinnerRow(
        year=call.year,
        award=text.award or text.title,
        url=address(text.url),
        call=call.number,
        kind=call.kind,
        prize=line.prize,
        category=line.category,
        title=work or who,
        who=who if work else "",
        people=line.name if organisation else "",
        note=line.note,
        organisation=organisation,
        offer=offer,
        sector=call.sector.code if call.sector else "",
        is_demo=call.is_demo,
    )


def hall(filters: Filters, now: datetime | None = None) -> list[Call]:
    """Return the calls whose results are public, with their winners, latest year first."""
    at = now or timezone.now()
    calls = with_winners(narrowed(public_calls().filter(has_results=True), filters))
    return [call for call in calls if call.shows_results(at)]


def awards_of(entry: Entry) -> list[WinnerRow]:
    """Return what a public entry won, itself or by its work, latest year first."""
    mine = Call.objects.filter(winners__entry=entry) | Call.objects.filter(winners__offer=entry)
    numbers = set(mine.filter(is_public=True, has_results=True).values_list("pk", flat=True))
    if not numbers:
        return []
    calls = with_winners(public_calls().filter(pk__in=numbers))
    return [
        row
        for call in calls
        for row in winners_of(call)
        if entry.number in {link.number for link in (row.organisation, row.offer) if link}
    ]


def result_words(call: Call, language: str) -> str:
    """Return what the index takes of the results: no names of entries, which may be hidden later."""
    lines = [line for line in call.winners.all() if line.language == language]
    if not call.shows_results():
        return ""
    parts = [part for line in lines for part in (line.prize, line.category, line.name, line.work)]
    return " ".join(part for part in parts if part)


def found_row(row: Any) -> CallRow:
    """Return a search result as a row: its state is that of now, not of the day it was indexed."""
    payload = row.payload
    call = Call(
        number=payload["number"],
        state=State.CANCELLED if payload["cancelled"] else State.ANNOUNCED,
        kind=payload["award_type"],
        year=payload["year"],
        has_results=payload["has_results"],
        is_demo=row.is_demo,
        **{name: _moment(payload[name]) for name in MOMENTS},
    )
    text = CallText(url=row.url, award=payload["award"], award_url="")
    return _row(
        number=call.number,
        title=row.title_html,
        summary=row.summary_html,
        text=text,
        call=call,
        stands=wording.standing(call),
    )


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def sketch(call: Call | None, facts: Mapping[str, Any], *, has_results: bool) -> Call:
    """Return a header, never saved, as the given facts of a draft would make it."""
    made = Call(number=call.number if call else "GT", has_results=has_results)
    for name, value in facts.items():
        if name not in {"programmes", "cancelled"}:
            setattr(made, name, value)
    made.state = State.CANCELLED if facts["cancelled"] else State.ANNOUNCED
    return made


def sketch_winner(line: Any, call: Call, title: str, award: str) -> WinnerRow | None:
    """Return a drafted line of results (with the fields of `Winner`) as it will be shown."""
    return winner_row(line, call, CallText(url="", title=title, award=award))
