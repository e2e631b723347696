"""What a detail page shows, put together once for the public, for owners' previews and the desk.

Every value comes out of `disclose`; templates get no content object. A kind adds its own part by
`register_presenter` from its app.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from registry.common import wording
from registry.common.fields import kinds
from registry.directory.disclosure import (
    ANYONE,
    Disclosure,
    Viewer,
    disclose,
    public_tax_code,
)
from registry.directory.loading import fill_sectors, public_rows
from registry.directory.models import Content, Entry, Identifier
from registry.directory.roles import current_roles, role_chart, role_rows
from registry.directory.selectors import is_stale
from registry.taxonomy import selectors as taxonomy
from registry.taxonomy.models import AdminUnit, Term

MORE = 4
#: Of how many times as many entries the ones shown are chosen.
CHOICE = 5
#: Among how many of the entries confirmed last they are looked for first.
RECENT = 1_500
#: Stands at the end of the titles of fictional entries; pages write it apart, in a paler ink.
DEMO_MARK = "(minh họa)"
MAX_OWNED = 50

NAMES = ("name_vi", "name_en")
OWNER_FIELDS = (*NAMES, "roles", "commune", "website")
CARD_FIELDS = (
    *NAMES,
    "title_vi",
    "title_en",
    "teaser_vi",
    "teaser_en",
    "summary_vi",
    "summary_en",
    "sectors",
    "trl",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a presenter of one kind may look at: header, disclosed fields, who reads."""

    entry: Entry
    fields: Disclosure
    viewer: Viewer
    preview: bool


Presenter = Callable[[Subject], Mapping[str, Any]]
_presenters: dict[str, Presenter] = {}


def register_presenter(kind: str, presenter: Presenter) -> None:
    """Add a kind's own part of the context. Called from `ready()` of the app that owns the kind."""
    _presenters[kind] = presenter


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the commune of today, and what it was before July 2025."""

    name: str
    full: str
    old: str
    code: str


def place_of(commune: AdminUnit | str) -> Place | None:
    """Return a disclosed commune as its readers know it, or None when there is none."""
    if not isinstance(commune, AdminUnit):
        return None
    return Place(commune.label, taxonomy.place(commune), taxonomy.old_names(commune), commune.code)


@dataclass(frozen=True, slots=True)
class SectorLink:
    """The first sector of an entry: its drawing and the way back to more of its kind."""

    code: str
    label: str


def first_sector(sectors: list[Term] | str) -> SectorLink | None:
    """Return the top-level sector above the first one chosen."""
    if not sectors or isinstance(sectors, str):
        return None
    top = taxonomy.with_ancestors("sector", [sectors[0].code])[-1]
    return SectorLink(top, taxonomy.term_label("sector", top))


@dataclass(frozen=True, slots=True)
class Owner:
    """The organisation behind an offer or a laboratory, as anyone may read it."""

    name: str
    url: str
    is_demo: bool
    is_verified: bool
    roles: tuple[str, ...]
    place: Place | None
    website: str


def is_verified(entry: Entry) -> bool:
    """Whether the Centre verified who the organisation is (its tax code, also a personal one)."""
    return any(item.state == Identifier.State.VERIFIED for item in entry.identifiers.all())


def owner_of(entry: Entry, *, preview: bool = False) -> Owner | None:
    """Return the owner of an entry; before it is public, only its working name in a preview."""
    owner = entry.owner
    if owner is None:
        return None
    if not owner.is_public:
        if not preview:
            return None
        return Owner(owner.working_title, "", owner.is_demo, False, (), None, "")
    fields = disclose(owner.content, ANYONE, OWNER_FIELDS)
    return Owner(
        name=fields.text("name"),
        url=owner.get_absolute_url(),
        is_demo=owner.is_demo,
        is_verified=is_verified(owner),
        roles=tuple(term.label for term in current_roles(fields)),
        place=place_of(fields.commune),
        website=fields.website,
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One line of where the information comes from; drawn by `components/timeline.html`."""

    at: Any
    title: str
    note: str = ""
    url: str = ""


def provenance(entry: Entry, content: Content) -> list[Event]:
    """Return who said when that the entry is right, newest first."""
    confirmed = {
        Entry.Source.REGISTER: _("Trung tâm đối chiếu nguồn"),
        Entry.Source.STAFF: _("Trung tâm xác nhận còn đúng"),
    }
    events = []
    first = entry.first_published_at
    if entry.last_confirmed_at and wording.day(entry.last_confirmed_at) != wording.day(first):
        title = confirmed.get(Entry.Source(entry.source), _("Chủ hồ sơ xác nhận còn đúng"))
        events.append(Event(entry.last_confirmed_at, title))
    edited = content.last_published_at
    if (
        edited
        and first
        and wording.day(edited)
        not in {
            wording.day(first),
            wording.day(entry.last_confirmed_at),
        }
    ):
        events.append(Event(edited, _("Đăng bản sửa")))
    if first:
        events.append(
            Event(first, _("Đăng lần đầu"), entry.source_note or _source(entry), entry.source_url)
        )
    return sorted(events, key=lambda event: event.at, reverse=True)


def _source(entry: Entry) -> str:
    return str(entry.get_source_display())


def detail_context(
    entry: Entry, content: Content, viewer: Viewer, *, preview: bool = False
) -> dict[str, Any]:
    """Return the context of the kind's detail template, for the public, its owner or the desk.

    For a public page pass a content filled by `loading.fill`, for a preview a draft.
    """
    fields = disclose(content, viewer)
    kind = entry.kind_info
    stem = kind.title_field.removesuffix("_vi")
    title = fields.text(stem) or _("Chưa có tên")
    lead_stem = "teaser" if "teaser_vi" in fields else "summary"
    subject = Subject(entry, fields, viewer, preview)
    context: dict[str, Any] = {
        "entry": entry,
        "kind": kind,
        "fields": fields,
        "preview": preview,
        "title": title.removesuffix(DEMO_MARK).strip() if entry.is_demo else title,
        "title_language": fields.language(stem),
        "written_in": fields.written_in(stem),
        "lead": fields.text(lead_stem),
        "lead_language": fields.language(lead_stem),
        "paragraphs": paragraphs(fields.text("description")),
        "paragraphs_language": fields.language("description"),
        "place": place_of(fields.commune),
        "sector": first_sector(fields.sectors),
        "sectors": labels(fields.sectors),
        "value_chains": labels(fields.value_chains),
        "confirmed_at": entry.last_confirmed_at,
        "stale": is_stale(entry),
        "provenance": provenance(entry, content),
        "owner": owner_of(entry, preview=preview),
        "open_for_enquiry": fields.get("open_for_enquiry", True),
        "is_managed": preview or bool(getattr(entry, "is_managed", False)),
    }
    if context["paragraphs"] == [context["lead"]]:
        context["paragraphs"] = []
    context["structured"] = structured(subject, title, context["lead"], context["place"])
    presenter = _presenters.get(kind.code)
    return context | dict(presenter(subject) if presenter else {})


def labels(terms: list[Term] | str) -> list[str]:
    """Return the labels of disclosed terms in the active language."""
    return [term.label for term in terms if isinstance(term, Term)]


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a plain text."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def structured(subject: Subject, title: str, lead: str, place: Place | None) -> SafeString:
    """Return the entry as schema.org data for search engines, safe inside a script element."""
    schema = {"organisation": "Organization", "lab": "Organization"}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": schema.get(subject.entry.kind, "Service"),
        "identifier": subject.entry.number,
        "name": title,
        "description": lead,
    }
    if place is not None:
        where = "address" if data["@type"] == "Organization" else "areaServed"
        data[where] = place.full
    if subject.fields.website:
        data["url"] = subject.fields.website
    text = json.dumps(data, ensure_ascii=False)
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    return mark_safe(text.translate(escapes))


def organisation_context(subject: Subject) -> Mapping[str, Any]:
    """Return what only an organisation shows: roles in time, legal facts, what it offers."""
    entry, fields = subject.entry, subject.fields
    rows = role_rows(entry, fields)
    return {
        "verified": is_verified(entry),
        "tax_code": public_tax_code(entry),
        "roles": [term.label for term in current_roles(fields)],
        "role_rows": rows,
        "chart": role_chart(rows),
        "looking_for": labels(fields.looking_for),
        "owned": owned_cards(entry),
    }


def lab_context(subject: Subject) -> Mapping[str, Any]:
    """Return what only a laboratory shows: services line by line, what it is accredited for."""
    return {
        "services": paragraphs(subject.fields.services_vi),
        "methods": paragraphs(subject.fields.methods_vi),
        "accreditations": [item for item in subject.entry.recognitions.all() if item.is_current],
        "more": more_of_owner(subject.entry),
    }


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in a list beside or under another one; fits the row and card components."""

    kind: str
    number: str
    url: str
    title: str
    #: `vi` where the title has no words in the language of the page.
    language: str
    summary: str
    sector: str
    trl: int | str
    confirmed_on: Any
    owner: str
    is_demo: bool


def card_of(
    content: Content,
    names: Collection[str] = CARD_FIELDS,
    drawing: str = "",
) -> Card:
    """Return a public content as a card of the named fields. `content.entry` must be loaded."""
    entry = content.entry
    fields = disclose(content, ANYONE, names)
    sector = first_sector(fields.sectors)
    owner = entry.owner
    owner_name = ""
    stem = entry.kind_info.title_field.removesuffix("_vi")
    if owner is not None and owner.is_public:
        owner_name = disclose(owner.content, ANYONE, NAMES).text("name")
    return Card(
        kind=entry.kind,
        number=entry.number,
        url=entry.get_absolute_url(),
        title=fields.text(stem),
        language=fields.language(stem),
        summary=fields.text("teaser" if "teaser_vi" in fields else "summary"),
        sector=drawing or (sector.code if sector else ""),
        trl=fields.trl,
        confirmed_on=entry.last_confirmed_at,
        owner=owner_name,
        is_demo=entry.is_demo,
    )


def owned_cards(entry: Entry) -> dict[str, list[Card]]:
    """Return what an organisation shows of each kind that has an owner, freshest first."""
    names = set(CARD_FIELDS) - {"sectors"}
    return {
        kind.code: [
            card_of(content, names)
            for content in _shown(kind.code).filter(entry__owner=entry)[:MAX_OWNED]
        ]
        for kind in kinds()
        if kind.needs_owner
    }


def more_of_owner(entry: Entry, limit: int = MORE) -> list[Card]:
    """Return other public entries of the same kind and owner, freshest first."""
    others = _shown(entry.kind).filter(entry__owner=entry.owner_id).exclude(entry=entry)
    return _cards(others, limit)


def more_of_sectors(entry: Entry, sectors: list[Term], limit: int = MORE) -> list[Card]:
    """Return other public entries of the same kind that share a sector, freshest first.

    Among the freshest, entries of sectors not yet shown come first, and each is drawn by such a
    sector where it has one: four equal drawings tell nothing.
    """
    if not sectors:
        return []
    rows = _shown(entry.kind)
    through = rows.model._meta.get_field("sectors").remote_field.through
    content_id = f"{rows.model._meta.model_name}_id"
    same = through._default_manager.filter(term__in=sectors).values(content_id)
    # In a large catalogue the freshest are nearly always among what was confirmed last, which an
    # index has in order; only where a sector is rare are all its rows sorted.
    latest = Entry.objects.public().filter(kind=entry.kind).exclude(pk=entry.pk)
    latest = latest.order_by("-last_confirmed_at", "-pk").values("pk")
    near = same.filter(**{f"{rows.model._meta.model_name}__entry__in": latest[:RECENT]})
    further = Exists(latest[RECENT : RECENT + 1])
    found = list(rows.filter(pk__in=near).annotate(has_further=further)[: limit * CHOICE])
    if len(found) < limit and (not found or found[0].has_further):
        found = list(rows.filter(pk__in=same).exclude(entry=entry)[: limit * CHOICE])
    fill_sectors(found)
    drawings = {content.pk: _drawings(content) for content in found}
    shown: list[tuple[Content, str]] = []
    used: set[str] = set()
    while found and len(shown) < limit:
        new = next((item for item in found if set(drawings[item.pk]) - used), found[0])
        drawing = next((code for code in drawings[new.pk] if code not in used), "")
        used.add(drawing)
        found.remove(new)
        shown.append((new, drawing))
    return [card_of(content, drawing=drawing) for content, drawing in shown]


def _drawings(content: Any) -> list[str]:
    """Return the top-level sectors an entry may be drawn by."""
    tops = (
        taxonomy.with_ancestors("sector", [term.code])[-1]
        for term in disclose(content, ANYONE, {"sectors"}).sectors
    )
    return list(dict.fromkeys(tops))


def _shown(kind: str) -> QuerySet[Any]:
    return public_rows(kind).order_by("-entry__last_confirmed_at", "-entry_id")


def _cards(rows: QuerySet[Any], limit: int) -> list[Card]:
    found = list(rows[:limit])
    fill_sectors(found)
    return [card_of(content) for content in found]
