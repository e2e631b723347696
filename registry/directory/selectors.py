"""Reading entries: the public ones, the member's own, and the numbers of the home page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.common.fields import Field, Kind, Problem, kinds
from registry.directory.disclosure import ANYONE, disclose
from registry.directory.models import Content, Entry, Membership

FRESH_DAYS = 180
FRESH_BRICKS = 4


def draft_of(entry: Entry) -> Content:
    """Return the latest draft as an object (the live values when nothing newer was saved)."""
    draft: Content = entry.content.get_latest_revision_as_object()
    return draft


def latest_revision_id(entry: Entry) -> int:
    """Return the identity of the latest saved revision, 0 when there is none."""
    return entry.content.latest_revision_id or 0


def members_of(entry: Entry) -> QuerySet[Membership]:
    """Return the memberships of the organisation behind the entry."""
    return entry.organisation_entry.memberships.select_related("user").order_by(
        "role", "created_at"
    )


def writers_of(entry: Entry) -> list[Any]:
    """Return the people to write to about the entry: owners and editors."""
    return [
        member.user
        for member in members_of(entry)
        if member.role in {Membership.Role.OWNER, Membership.Role.EDITOR}
    ]


def freshness(entry: Entry) -> int:
    """Return 0–4 bricks: 45 days of the 180 after the last confirmation each."""
    if entry.last_confirmed_at is None:
        return 0
    age = (timezone.now() - entry.last_confirmed_at).days
    return max(0, min(FRESH_BRICKS, FRESH_BRICKS - age // (FRESH_DAYS // FRESH_BRICKS)))


def is_stale(entry: Entry) -> bool:
    """Whether the entry was not confirmed for 180 days (registry.md §3.3)."""
    confirmed = entry.last_confirmed_at
    return confirmed is not None and timezone.now() - confirmed > timedelta(days=FRESH_DAYS)


def empty_fields(content: Content) -> list[Field]:
    """Return the fields that count and hold nothing yet, those that weigh most first."""
    empty = [
        field
        for field in content.kind_info.fields
        if field.weight
        and not _filled(content, field.name, many=field.multiple or bool(field.children))
    ]
    return sorted(empty, key=lambda item: -item.weight)


def completeness(content: Content, empty: Iterable[Field] | None = None) -> int:
    """Return the share of the kind's weights that are filled, 0–100.

    `empty` is what `empty_fields` gave for the content, where that is known already.
    """
    total = sum(field.weight for field in content.kind_info.fields)
    lacking = sum(field.weight for field in (empty_fields(content) if empty is None else empty))
    return round(100 * (total - lacking) / total) if total else 0


def problems(content: Content) -> list[Problem]:
    """Return what stops the content from being submitted, in the order of its form."""
    found: list[Problem] = []
    for field in content.kind_info.fields:
        many = field.multiple or bool(field.children)
        if field.required and not _filled(content, field.name, many=many):
            found.append(Problem(field.name, str(field.missing)))
            continue
        value = "" if many else getattr(content, field.name)
        if isinstance(value, str) and value:
            found += _length_problems(field.name, value, field.min_length, field.max_length)
    return found + content.kind_info.validate(content)


def _length_problems(name: str, value: str, low: int, high: int) -> list[Problem]:
    if low and len(value.strip()) < low:
        text = _("Ít nhất %(min)s ký tự; bạn đã nhập %(length)s.")
        return [Problem(name, text % {"min": low, "length": len(value.strip())})]
    if high and len(value) > high:
        text = _("Tối đa %(max)s ký tự; bạn đã nhập %(length)s.")
        return [Problem(name, text % {"max": high, "length": len(value)})]
    return []


def _filled(content: Any, name: str, *, many: bool) -> bool:
    value = getattr(content, name)
    if many:
        return bool(list(value.all()))
    return value not in ("", None)


def home_numbers() -> dict[str, int]:
    """Return what the home page counts: public entries per kind, and the share confirmed of late."""
    since = timezone.now() - timedelta(days=FRESH_DAYS)
    public = Entry.objects.public()
    counted = public.aggregate(
        offers=Count("pk", filter=Q(kind="offer")),
        organisations=Count("pk", filter=Q(kind="organisation")),
        labs=Count("pk", filter=Q(kind="lab")),
        total=Count("pk"),
        fresh=Count("pk", filter=Q(last_confirmed_at__gte=since)),
    )
    total, fresh = counted.pop("total"), counted.pop("fresh")
    return {**counted, "confirmed_share": round(100 * fresh / total) if total else 0}


def counts_by_commune(kinds_wanted: Iterable[str] | None = None) -> dict[str, int]:
    """Return commune code → number of public entries there."""
    counts: dict[str, int] = {}
    for kind in kinds():
        if kinds_wanted is not None and kind.code not in kinds_wanted:
            continue
        rows = (
            _model(kind)
            ._default_manager.filter(entry__is_public=True, commune__isnull=False)
            .values_list("commune__code")
            .annotate(n=Count("pk"))
        )
        for code, number in rows:
            counts[code] = counts.get(code, 0) + number
    return counts


def counts_by_sector_commune(sector_codes: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return sector code → commune code → number of public entries (second level rolled up)."""
    result: dict[str, dict[str, int]] = {code: {} for code in sector_codes}
    for kind in kinds():
        for code, counts in result.items():
            rows = (
                _model(kind)
                ._default_manager.filter(entry__is_public=True, commune__isnull=False)
                .filter(Q(sectors__code=code) | Q(sectors__broader__code=code))
                .values_list("commune__code")
                .annotate(n=Count("pk", distinct=True))
            )
            for commune, number in rows:
                counts[commune] = counts.get(commune, 0) + number
    return result


def public_entries(kinds_wanted: Iterable[str] = ()) -> QuerySet[Entry]:
    """Return the public entries (of those kinds), with what their public names need."""
    entries = Entry.objects.public()
    wanted = list(kinds_wanted)
    if wanted:
        entries = entries.filter(kind__in=wanted)
    return entries.select_related(*(kind.code for kind in kinds()))


def answering_numbers(number_slugs: Iterable[str]) -> set[str]:
    """Return those of the numbers (`cn-0412`) whose address leads to a public entry, merged or not."""
    wanted = [slug.upper().replace("-", " ") for slug in number_slugs]
    merged = Q(lifecycle=Entry.Lifecycle.MERGED, merged_into__is_public=True)
    entries = Entry.objects.filter(Q(is_public=True) | merged, number__in=wanted)
    return {entry.number_slug for entry in entries.only("number")}


def found_entries(text: str, kinds_wanted: Iterable[str] = ()) -> QuerySet[Entry]:
    """Return the public entries whose live name or number holds the text."""
    typed = text.replace("\x00", "").strip()[:200]
    condition = Q(number__icontains=typed)
    for kind in kinds():
        stem = kind.title_field.removesuffix("_vi")
        for language in ("vi", "en"):
            condition |= Q(**{f"{kind.code}__{stem}_{language}__icontains": typed})
    return public_entries(kinds_wanted).filter(condition)


def public_title(entry: Entry) -> str:
    """Return the live name of a public entry in the active language; empty where it is not public."""
    if not entry.is_public:
        return ""
    stem = entry.kind_info.title_field.removesuffix("_vi")
    return disclose(entry.content, ANYONE, {f"{stem}_vi", f"{stem}_en"}).text(stem)


def written_in(entry: Entry) -> tuple[str, ...]:
    """Return the languages a public entry is written in: those of its public name."""
    stem = entry.kind_info.title_field.removesuffix("_vi")
    return disclose(entry.content, ANYONE, {f"{stem}_vi", f"{stem}_en"}).written_in(stem)


def public_name(entry: Entry) -> str:
    """Return number and public name; the number alone where the entry is public no more."""
    return f"{entry.number} {public_title(entry)}".strip()


def similar_entries(entry: Entry, title: str, limit: int = 5) -> list[Entry]:
    """Return entries of the same kind whose working title shares most words, for the desk."""
    words = [word for word in title.split() if len(word) > 2][:12]
    if not words:
        return []
    condition = Q()
    for word in words:
        condition |= Q(working_title__icontains=word)
    near = Entry.objects.filter(condition, kind=entry.kind).exclude(pk=entry.pk)
    wanted = {word.casefold() for word in words}

    def shared(other: Entry) -> float:
        have = {word.casefold() for word in other.working_title.split()}
        return len(wanted & have) / max(1, len(wanted | have))

    ranked = sorted(near.order_by("-pk")[:200], key=shared, reverse=True)
    return [other for other in ranked[:limit] if shared(other) >= 0.3]


def _model(kind: Kind) -> Any:
    return apps.get_model(kind.model)
