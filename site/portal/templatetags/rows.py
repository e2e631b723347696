"""The rows of lists of offers, organisations and laboratories.

Drawn in Python: a page has twenty, and templates of them took a third of its time (docs/benchmarks.md).
Each is the component of its name under `templates/components/`, which documents what it takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.templatetags.hub import bind, escaped, fresh, priced, state, trl, written

register = template.Library()


@register.simple_tag
def row_offer(
    *,
    number: str,
    url: str,
    title: str,
    summary: str = "",
    owner: str = "",
    place: str = "",
    ip: str = "",
    trl_level: Any = None,
    price: str = "",
    confirmed_on: date | None = None,
    compare: str = "",
) -> SafeString:
    """Return the row of a technology offer; `compare` is the word of a box in the form `so-sanh`."""
    meta = [_cell("b", owner), _cell("span", place), _cell("span", ip)]
    side = [trl(trl_level), f"<b>{escaped(priced(price))}</b>" if price else ""]
    side.append(fresh(confirmed_on))
    if compare:
        side.append(_box(escaped(number), escaped(compare)))
    return _row(number, url, title, summary, meta, side)


@register.simple_tag
def row_organisation(
    *,
    number: str,
    url: str,
    title: str,
    summary: str = "",
    place: str = "",
    roles: Iterable[str] = (),
    verified: bool = False,
    kind: str = "",
    source: str = "",
    confirmed_on: date | None = None,
) -> SafeString:
    """Return the row of an organisation."""
    meta = [f"<b>{escaped(role)}</b>" for role in roles]
    meta += _cell("span", place), _cell("span", kind)
    side = [state("good", _("Đã xác minh"))] if verified else []
    side.append(fresh(confirmed_on))
    if source:
        side.append(f'<span class="dim">{_("Nguồn")}: {written(source)}</span>')
    return _row(number, url, title, summary, meta, side)


@register.simple_tag
def row_lab(
    *,
    number: str,
    url: str,
    title: str,
    summary: str = "",
    owner: str = "",
    place: str = "",
    accreditation: str = "",
    confirmed_on: date | None = None,
) -> SafeString:
    """Return the row of a laboratory."""
    meta = [_cell("b", owner), _cell("span", place)]
    side = [state("good", written(accreditation))] if accreditation else []
    side.append(fresh(confirmed_on))
    return _row(number, url, title, summary, meta, side)


@register.simple_tag
def found_offer(row: Any, compare: str = "") -> SafeString:
    """Return the row of an offer that was searched for (`search.screen.Row`)."""
    told = row.payload
    return row_offer(
        **_found(row),
        owner=told.get("owner"),
        ip=_named(row, "ip_status", "ip"),
        trl_level=told.get("trl"),
        price=_named(row, "price_type", "price"),
        compare=compare,
    )


@register.simple_tag
def found_organisation(row: Any) -> SafeString:
    """Return the row of an organisation that was searched for (`search.screen.Row`)."""
    return row_organisation(
        **_found(row),
        roles=_named(row, "role", "roles") or (),
        verified=row.payload.get("verified"),
        kind=_named(row, "legal_form", "legal_form"),
        source=row.payload.get("source"),
    )


@register.simple_tag
def found_lab(row: Any) -> SafeString:
    """Return the row of a laboratory that was searched for (`search.screen.Row`)."""
    told = row.payload
    return row_lab(**_found(row), owner=told.get("owner"), accreditation=told.get("accreditation"))


def _found(row: Any) -> dict[str, Any]:
    """Return what every row of results takes; title and summary are marked and escaped already."""
    return {
        "number": row.payload.get("number", ""),
        "url": row.url,
        "title": row.title_html,
        "summary": row.summary_html,
        "place": _named(row, "commune", "place"),
        "confirmed_on": row.confirmed_on,
    }


def _named(row: Any, code: str, kept: str) -> Any:
    """Return the label of a code in the language of the page; for a code unknown now, what was kept."""
    return row.labels.get(code) or row.payload.get(kept) or ""


def _row(
    number: str, url: str, title: str, summary: str, meta: Iterable[str], side: Iterable[str]
) -> SafeString:
    told = f'<p class="d">{written(summary)}</p>' if summary else ""
    return mark_safe(
        f'<li class="row"><span class="no">{escaped(number)}</span><div>'
        f'<h3><a href="{escaped(url)}">{bind(title)}</a></h3>{told}'
        f'<p class="meta">{" ".join(filter(None, meta))}</p></div>'
        f'<div class="r">{" ".join(filter(None, side))}</div></li>\n'
    )


def _cell(tag: str, text: str) -> str:
    return f"<{tag}>{written(text)}</{tag}>" if text else ""


def _box(number: str, word: str) -> str:
    return (
        f'<label class="act pick"><input type="checkbox" name="so" value="{number}" form="so-sanh" '
        f'autocomplete="off">{word}<span class="vh"> {number}</span></label>'
    )
