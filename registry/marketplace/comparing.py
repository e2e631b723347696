"""Offers side by side: what anyone may read of up to four of them, one line per question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from registry.common.wording import day
from registry.directory.disclosure import ANYONE, Disclosure, disclose
from registry.directory.loading import entry_with_content, fill
from registry.directory.models import Entry
from registry.directory.presenters import (
    Card,
    card_of,
    labels,
    more_of_sectors,
    place_of,
)
from registry.taxonomy.models import Term

#: More columns than this no screen shows.
MOST = 4
#: Whatever is typed beyond this is not read: four numbers need far less.
LONGEST = 200
PARAMETER = "so"
_NUMBER = re.compile(r"(?:cn[\s-]*)?([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One question and the answer of each offer, in the order of the columns."""

    label: str
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page shows. `unknown` are numbers that are not public offers."""

    cards: tuple[Card, ...] = ()
    lines: tuple[Line, ...] = ()
    chips: tuple[dict[str, str], ...] = ()
    similar: tuple[dict[str, Any], ...] = ()
    unknown: tuple[str, ...] = ()
    too_many: bool = False
    numbers: tuple[str, ...] = field(default=())

    @property
    def is_full(self) -> bool:
        """Whether no further offer fits."""
        return len(self.cards) >= MOST


def numbers_of(typed: Iterable[str]) -> list[str]:
    """Return the numbers (`cn-0412`) in what was typed or linked, each once, in order."""
    found = [
        f"cn-{int(match[1]):04d}"
        for text in typed
        for part in re.split(r"[,;\n]", text[:LONGEST])
        if (match := _NUMBER.fullmatch(part.strip()))
    ]
    return list(dict.fromkeys(found))


def address(path: str, numbers: Sequence[str]) -> str:
    """Return the address of a comparison of these offers."""
    return f"{path}?{urlencode([(PARAMETER, number) for number in numbers])}" if numbers else path


def compare(typed: Sequence[str], path: str) -> Comparison:
    """Return the offers of those numbers side by side; `path` is where the page lives."""
    wanted = numbers_of(typed)
    contents, unknown = [], []
    for number in wanted[:MOST]:
        entry = _public(number)
        if entry is None:
            unknown.append(number.upper().replace("-", " "))
        else:
            contents.append(entry.content)
    fill(contents)
    numbers = [content.entry.number_slug for content in contents]
    cards = tuple(card_of(content) for content in contents)
    return Comparison(
        cards=cards,
        lines=_lines(contents, cards),
        chips=tuple(
            {
                "label": card.number,
                "url": address(path, [one for one in numbers if one != number]),
            }
            for card, number in zip(cards, numbers, strict=True)
        ),
        similar=tuple(_similar(contents, numbers, path)) if len(numbers) < MOST else (),
        unknown=tuple(unknown),
        too_many=len(wanted) > MOST,
        numbers=tuple(numbers),
    )


def _public(number: str) -> Entry | None:
    try:
        entry = entry_with_content("offer", number)
    except Entry.DoesNotExist:
        return None
    return entry if entry.is_public else None


def _label(value: Any) -> str:
    return value.label if isinstance(value, Term) else str(value or "")


def _economics(fields: Disclosure) -> list[str]:
    return [
        f"{row.indicator_vi}: {row.ours or row.difference}"
        + (f" ({row.difference})" if row.ours and row.difference else "")
        for row in fields.economics or []
        if row.ours or row.difference
    ]


def _rights(fields: Disclosure) -> list[str]:
    return [
        " · ".join(part for part in (_label(row.type), _label(row.status)) if part)
        for row in fields.ip_items or []
    ]


def _place(fields: Disclosure) -> str:
    place = place_of(fields.commune)
    return place.name if place else ""


def _lines(contents: Sequence[Any], cards: Sequence[Card]) -> tuple[Line, ...]:
    """Return the lines in which at least one offer has something to say."""
    rows = [disclose(content, ANYONE) for content in contents]
    questions: list[tuple[str, Callable[[Disclosure], Any]]] = [
        (_("Lĩnh vực"), lambda row: labels(row.sectors)),
        (_("Vấn đề giải quyết"), lambda row: row.text("teaser")),
        (_("Hiệu quả"), _economics),
        (_("Sở hữu trí tuệ"), lambda row: _rights(row) or _label(row.ip_status)),
        (_("Hình thức chuyển giao"), lambda row: labels(row.forms)),
        (_("Loại giá"), lambda row: _label(row.price_type)),
        (_("Hỗ trợ sau chuyển giao"), lambda row: row.support_vi),
        (_("Nơi trình diễn, áp dụng"), _place),
    ]
    lines = [
        Line(_("Bên giao"), tuple(card.owner for card in cards)),
        Line("TRL", tuple(f"TRL {card.trl}" if card.trl else "" for card in cards)),
        *(Line(label, tuple(read(row) for row in rows)) for label, read in questions),
        Line(_("Xác nhận lần cuối"), tuple(day(card.confirmed_on) for card in cards)),
    ]
    return tuple(line for line in lines if any(line.cells))


def _similar(
    contents: Sequence[Any], numbers: Sequence[str], path: str
) -> Iterable[dict[str, Any]]:
    """Yield offers of the first one's sectors, each with the address that adds it."""
    if not contents:
        return
    first = contents[0]
    sectors = disclose(first, ANYONE, {"sectors"}).sectors
    for card in more_of_sectors(first.entry, sectors, limit=MOST * 2):
        number = card.number.lower().replace(" ", "-")
        if number not in numbers:
            yield {"card": card, "url": address(path, [*numbers, number])}
