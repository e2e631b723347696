"""What the pages of an award and of one of its rounds show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.awards.models import AwardProgrammePage, CallPage
from cms.awards.selectors import said_by
from registry.common.wording import day, moment
from registry.competitions import selectors


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge who has agreed to be named."""

    name: str
    role: str
    organisation: selectors.Link | None


@dataclass(frozen=True, slots=True)
class KeyDate:
    """One day of the round: what happens, when, and whether it is past or the next to come."""

    title: str
    when: str
    iso: str
    past: bool
    next: bool
    due: bool


def of_call(page: CallPage, *, preview: bool = False) -> dict[str, Any]:
    """Return the template's context of a round. What operates comes from the header, once public."""
    from cms.awards.publishing import facts_of

    award = page.award
    call = page.header
    drafted = preview or call is None or not call.is_public
    if drafted:
        call = selectors.sketch(call, facts_of(page, award), has_results=page.winners.exists())
    else:
        call = selectors.with_winners(selectors.public_calls()).get(pk=call.pk)
    standing = selectors.standing(call)
    organiser = selectors.link_of(award.organiser)
    winners = _drafted_winners(page, call, award) if drafted else selectors.winners_of(call)
    dates = key_dates(page, call)
    opening = selectors.shown_moment(call, standing.code)
    return {
        "call": call,
        "award": award,
        "award_url": selectors.address(award.get_url() or ""),
        "kind_label": award.get_kind_display(),
        "standing": standing,
        "preview": preview,
        "opening": opening,
        "due": standing.code == "open",
        "dates": dates,
        "calendar_url": reverse("feeds:call", args=[call.number_slug])
        if dates and not drafted
        else "",
        "organiser": organiser,
        "organiser_name": organiser.name if organiser else award.organiser_name,
        "programmes": selectors.labels(award.programmes.all()),
        "judges": [
            Judge(row.name, row.role, selectors.link_of(row.organisation))
            for row in page.agreed_judges()
        ],
        "jury_title": _("Ban giám khảo") if award.kind == "cuoc_thi" else _("Hội đồng xét tặng"),
        "winners": winners,
        "groups": by_category(winners),
        "takes_entries": standing.code in {"announced", "open"},
        "note": page.status_note if standing.code == "cancelled" else "",
    }


def of_award(page: AwardProgrammePage) -> dict[str, Any]:
    """Return the template's context of a recurring award: its rounds and winners by year."""
    calls = list(selectors.with_winners(selectors.of_series(_series(page))))
    rows = [row for call in calls if (row := selectors.row_of(call)) is not None]
    organiser = selectors.link_of(page.organiser)
    won = [(call.year, lines) for call in calls if (lines := selectors.winners_of(call))]
    now = next((row for row in rows if row.standing.code in {"open", "announced"}), None)
    return {
        "rounds": rows,
        "now": now,
        "organiser": organiser,
        "organiser_name": organiser.name if organiser else page.organiser_name,
        "programmes": selectors.labels(page.programmes.all()),
        "won": won,
    }


def _series(page: AwardProgrammePage) -> Any:
    return page.alias_of.translation_key if page.alias_of_id else page.translation_key


def by_category(winners: list[selectors.WinnerRow]) -> list[tuple[str, list[selectors.WinnerRow]]]:
    """Return (category, lines), in the editors' order."""
    return [(name, list(lines)) for name, lines in groupby(winners, lambda row: row.category)]


def key_dates(page: CallPage, call: Any) -> list[KeyDate]:
    """Return the days of the round in order of time; the next to come is marked."""
    now = timezone.now()
    said = said_by(page.more_dates, page.awarded_place, page.status_note)
    days = selectors.days_of(call, said)
    coming = next((each.at for each in days if each.at > now), None)
    written = [moment(each.at) if each.deadline else day(each.at) for each in days]
    return [
        KeyDate(
            each.title,
            text[:1].upper() + text[1:],
            each.date.isoformat(),
            each.at <= now,
            each.at == coming,
            each.deadline and each.at > now,
        )
        for each, text in zip(days, written, strict=True)
    ]


def _drafted_winners(page: CallPage, call: Any, award: Any) -> list[selectors.WinnerRow]:
    """Return the lines of a draft, as its preview shows them whatever the day."""
    lines = [
        selectors.sketch_winner(row, call, page.title, award.title) for row in page.winners.all()
    ]
    return [line for line in lines if line is not None]


def structured(
    page: CallPage,
) -> dict[str, Any] | None:
    """Return the round as schema.org data: an event with a deadline, or the list of winners."""
    header = page.header
    if header is None or not header.is_public:
        return None
    call = selectors.with_winners(selectors.public_calls()).get(pk=header.pk)
    state, winners = call.state_at(), selectors.winners_of(call)
    if winners:
        items = [
            {
                "@type": "ListItem",
                "position": place,
                "name": f"{row.prize}: {row.title}",
                "url": _absolute(page, (row.offer or row.organisation)),
            }
            for place, row in enumerate(winners, start=1)
        ]
        for item in items:
            if not item["url"]:
                del item["url"]
        return {
            "@type": "ItemList",
            "name": page.title,
            "url": page.full_url,
            "numberOfItems": len(items),
            "itemListElement": items,
        }
    if state not in {"announced", "open"} or call.opens_at is None:
        return None
    return {
        "@type": "Event",
        "identifier": call.number,
        "name": page.title,
        "description": page.intro,
        "url": page.full_url,
        "inLanguage": page.locale.language_code,
        "startDate": timezone.localtime(call.opens_at).isoformat(),
        "endDate": timezone.localtime(call.closes_at).isoformat() if call.closes_at else "",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": page.entry_url or page.full_url},
    }


def _absolute(page: CallPage, link: selectors.Link | None) -> str:
    if link is None:
        return ""
    site = page.get_site()
    return f"{site.root_url}{link.url}" if site else link.url
