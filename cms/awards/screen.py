"""What the list of awards shows: calls by year, or the hall of winners; narrowed by what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registry.competitions import selectors
from registry.competitions.selectors import Filters
from registry.taxonomy import selectors as taxonomy

PER_PAGE = 20
VIEW, PAGE = "xem", "trang"
HALL = "vinh-danh"
_PAGE = re.compile(r"[0-9]{1,6}")


class BadQuestion(ValueError):
    """A question nobody can answer; the text is for the visitor."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its parameter, label and options (code, label, chosen)."""

    parameter: str
    label: str
    options: list[tuple[str, str, bool]]


def build(asked: Mapping[str, str], address: str, page: Any) -> dict[str, Any]:
    """Return the template's context; what cannot be answered comes back as `problem`."""
    base = {"list_url": address}
    try:
        return base | _answer(asked, address, page)
    except BadQuestion as problem:
        return base | {"problem": str(problem)}


def _answer(asked: Mapping[str, str], address: str, page: Any) -> dict[str, Any]:
    hall = _one_of(asked, VIEW, {HALL}) == HALL
    choices, filters = _choices(asked, with_state=not hall)
    chosen = {
        choice.parameter: code for choice in choices for code, _label, on in choice.options if on
    }

    def link(view: str) -> str:
        kept = {key: value for key, value in chosen.items() if not (view and key == "dot-nhan")}
        query = urlencode(({VIEW: view} if view else {}) | kept)
        return f"{address}?{query}" if query else address

    context = {
        "choices": choices,
        "narrowed": bool(chosen),
        "clear_url": f"{address}?{VIEW}={HALL}" if hall else address,
        "hall": hall,
        "tabs": [
            (_("Các đợt"), link(""), not hall),
            (_("Vinh danh"), link(HALL), hall),
        ],
        "hidden": [(VIEW, HALL)] if hall else [],
    }
    if hall:
        return context | _hall(filters, asked)
    return context | _calls(filters, asked, page, narrowed=bool(chosen))


def _calls(
    filters: Filters, asked: Mapping[str, str], page: Any, *, narrowed: bool
) -> dict[str, Any]:
    now = timezone.now()
    first = asked.get(PAGE, "") in {"", "1"}
    # What one may enter now stands before the years, once: not again below.
    current = selectors.rows_of(selectors.current(now)) if not narrowed and first else []
    above = {call.pk for call in selectors.current(now)} if not narrowed else set()
    calls = [call for call in selectors.listed(filters, now) if call.pk not in above]
    shown, numbers = _paged(calls, asked)
    rows = selectors.rows_of(shown)
    return {
        "current": current,
        "years": [(year, list(lines)) for year, lines in groupby(rows, lambda row: row.year)],
        "awards": list(page.get_children().live().public().specific()) if first else [],
        **numbers,
    }


def _hall(filters: Filters, asked: Mapping[str, str]) -> dict[str, Any]:
    shown, numbers = _paged(selectors.hall(filters), asked)
    rows = [row for call in shown for row in selectors.winners_of(call)]
    return {
        "years": [
            (
                year,
                [
                    (award, url, list(lines))
                    for (award, url), lines in groupby(of_year, lambda row: (row.award, row.url))
                ],
            )
            for year, of_year in groupby(rows, lambda row: row.year)
        ],
        **numbers,
    }


def _paged(items: list[Any], asked: Mapping[str, str]) -> tuple[list[Any], dict[str, int]]:
    paginator = Paginator(items, PER_PAGE)
    number = _page(asked.get(PAGE, ""), paginator.num_pages)
    numbers = {
        "page_number": number,
        "page_count": paginator.num_pages,
        "total": paginator.count,
    }
    return list(paginator.page(number).object_list), numbers


def _choices(asked: Mapping[str, str], *, with_state: bool) -> tuple[list[Choice], Filters]:
    known: list[tuple[str, str, str, Mapping[str, str]]] = [
        (
            "kind",
            "loai-giai",
            pgettext("giải", "Loại"),
            {code: str(label) for code, label in selectors.Kind.choices},
        ),
        (
            "year",
            "nam-giai",
            _("Năm"),
            {str(year): str(year) for year in selectors.years()},
        ),
        (
            "programme",
            "chuong-trinh",
            _("Chương trình"),
            taxonomy.term_labels(selectors.PROGRAMMES),
        ),
        ("sector", "linh-vuc", _("Lĩnh vực"), selectors.sectors_of_calls()),
    ]
    if with_state:
        states = {code: str(label) for code, label in selectors.State.choices}
        known.append(("state", "dot-nhan", _("Trạng thái"), states))
    codes: dict[str, str] = {}
    choices = []
    for name, parameter, label, options in known:
        code = _one_of(asked, parameter, options)
        codes[name] = code
        listed = [(value, text, value == code) for value, text in options.items()]
        if listed:
            choices.append(Choice(parameter, label, listed))
    return choices, Filters(**codes)


def _one_of(asked: Mapping[str, str], parameter: str, known: Iterable[str]) -> str:
    value = asked.get(parameter, "")
    if value and value not in known:
        raise BadQuestion(_("Bộ lọc có giá trị không có trong danh mục. Hãy chọn lại."))
    return value


def _page(written: str, count: int) -> int:
    number = int(written) if _PAGE.fullmatch(written) and written.isascii() else 0
    if not written:
        return 1
    if not 1 <= number <= count:
        raise BadQuestion(_("Danh sách này có %(pages)d trang.") % {"pages": count})
    return number
