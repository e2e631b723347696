"""Roles in time: what an organisation is today, and the bars that show since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.common.wording import day
from registry.directory.disclosure import Disclosure, public_recognitions
from registry.directory.models import Entry, Recognition
from registry.taxonomy.models import Term

#: Years on the axis before they are counted in larger steps.
MAX_TICKS = 8
MONTHS = 12

#: The certificate that proves a role.
PROOF = {
    "startup": Recognition.Type.STARTUP,
    "dn_khcn": Recognition.Type.ST_ENTERPRISE,
    "dn_cnc": Recognition.Type.HIGH_TECH,
    "to_chuc_nckh": Recognition.Type.ST_ORGANISATION,
    "to_chuc_dvkhcn": Recognition.Type.ST_ORGANISATION,
    "tt_dmst": Recognition.Type.INNOVATION_CENTRE,
}


def current_roles(fields: Disclosure, today: date | None = None) -> list[Term]:
    """Return the roles that hold today, each once, in the owner's order."""
    now = today or timezone.localdate()
    found: dict[int, Term] = {}
    for row in fields.roles or []:
        begun = not row.since or row.since <= now
        if row.role and begun and (not row.until or row.until >= now):
            found.setdefault(row.role.pk, row.role)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role or certificate: its name, what proves it, its dates, where it comes from."""

    label: str
    basis: str
    since: date | None
    until: date | None
    source: str
    proven: bool
    is_certificate: bool = False

    @property
    def period(self) -> str:
        """The dates in words: “từ 02/09/2022”, “03/03/2020–11/11/2021”."""
        if self.since and self.until:
            return f"{day(self.since)}–{day(self.until)}"
        if self.since:
            return _("từ %(date)s") % {"date": day(self.since)}
        if self.until:
            return _("đến %(date)s") % {"date": day(self.until)}
        return _("chưa ghi ngày")

    @property
    def is_over(self) -> bool:
        """Whether it ended before today."""
        return self.until is not None and self.until < timezone.localdate()


def role_rows(entry: Entry, fields: Disclosure) -> list[RoleRow]:
    """Return the roles, those that hold first, then the certificates in force that prove none."""
    certificates = public_recognitions(entry)
    told = {
        Entry.Source.REGISTER: entry.source_note or _("Nguồn công khai"),
        Entry.Source.STAFF: _("Trung tâm nhập thay"),
    }
    by_whom = told.get(Entry.Source(entry.source), _("Tự khai"))
    used: set[int] = set()
    rows = []
    for row in fields.roles or []:
        if not row.role:
            continue
        wanted = PROOF.get(row.role.code)
        proof = next((item for item in certificates if wanted and item.type == wanted), None)
        if proof is not None:
            used.add(proof.pk)
        rows.append(
            RoleRow(
                label=row.role.label,
                basis=_named(proof) if proof else "",
                since=row.since or None,
                until=row.until or None,
                source=(proof.issuer or _("Trung tâm đã xem")) if proof else by_whom,
                proven=proof is not None or entry.source == Entry.Source.REGISTER,
            )
        )
    rows.sort(key=lambda row: row.is_over)
    return rows + [
        RoleRow(
            label=item.get_type_display(),
            basis=_named(item),
            since=item.issued_on,
            until=item.expires_on,
            source=item.issuer or _("Trung tâm đã xem"),
            proven=True,
            is_certificate=True,
        )
        for item in certificates
        if item.pk not in used
    ]


def _named(certificate: Recognition) -> str:
    number = certificate.number
    label = str(certificate.get_type_display())
    return f"{label} {number}".strip() if number else label


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart, in months from the beginning of its axis."""

    row: RoleRow
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on one axis of months; `ticks` are its labelled years, `now` is today."""

    bars: tuple[Bar, ...]
    ticks: tuple[int, ...]
    lines: tuple[int, ...]
    width: int
    now: int
    today: date


def role_chart(rows: list[RoleRow]) -> Chart | None:
    """Return the dated rows as bars, or None when no row says since when."""
    dated: list[Any] = [row for row in rows if row.since]
    if not dated:
        return None
    today = timezone.localdate()
    first = min(row.since.year for row in dated)
    last = max(today.year, *(row.until.year for row in dated if row.until), today.year)
    last = min(last, today.year + 2)
    step = -(-(last - first + 1) // MAX_TICKS)
    ticks = tuple(range(first, last + 1, step))
    width = len(ticks) * step * MONTHS

    def at(moment: date) -> int:
        months = (moment.year - first) * MONTHS + moment.month - 1
        return max(0, min(width, months))

    bars = []
    for row in dated:
        end = at(row.until) + 1 if row.until else at(today)
        bars.append(Bar(row, at(row.since), max(1, end - at(row.since))))
    lines = tuple(index * step * MONTHS for index in range(len(ticks)))
    return Chart(tuple(bars), ticks, lines, width, at(today), today)
