"""Reads of vocabularies and administrative units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from registry.taxonomy.cache import kept
from registry.taxonomy.models import (
    COMMUNE_TYPES,
    DISTRICT_TYPES,
    AdminUnit,
    Succession,
    Term,
    UnitType,
)
from registry.taxonomy.names import folded, in_sentence

# --- terms ------------------------------------------------------------------------------------


def terms(vocabulary: str) -> QuerySet[Term]:
    """Return the terms in use of a vocabulary, parents before children, in its own order."""
    return Term.objects.filter(vocabulary_id=vocabulary, is_retired=False).order_by("order", "id")


@dataclass(frozen=True, slots=True)
class _Row:
    vi: str
    en: str
    parent: str
    order: int


def _rows(vocabulary: str) -> dict[str, _Row]:
    """Return every term of a vocabulary by code, retired ones too: old entries still show them."""

    def read() -> dict[str, _Row]:
        found = (
            Term.objects.filter(vocabulary_id=vocabulary)
            .order_by("order", "id")
            .values_list("code", "label_vi", "label_en", "broader__code", "order")
        )
        return {
            code: _Row(vi, en or vi, parent or "", order) for code, vi, en, parent, order in found
        }

    return kept(f"terms:{vocabulary}", read)


def _english(language: str | None) -> bool:
    return (language or get_language() or "vi").startswith("en")


def term_labels(
    vocabulary: str, codes: Iterable[str] | None = None, language: str | None = None
) -> dict[str, str]:
    """Return {code: label} in the given or active language.

    Without `codes`, the whole vocabulary in its own order. Unknown codes are left out.
    """
    rows = _rows(vocabulary)
    english = _english(language)
    wanted = rows.keys() if codes is None else (code for code in codes if code in rows)
    return {code: rows[code].en if english else rows[code].vi for code in wanted}


def term_label(vocabulary: str, code: str, language: str | None = None) -> str:
    """Return one label; the code itself where the vocabulary does not know it."""
    return term_labels(vocabulary, [code], language).get(code, code)


def parents(vocabulary: str) -> dict[str, str]:
    """Return {code: parent code} of a hierarchical vocabulary; top-level terms are left out."""
    return {code: row.parent for code, row in _rows(vocabulary).items() if row.parent}


def term_order(vocabulary: str) -> dict[str, int]:
    """Return {code: place} in the vocabulary's own order (TRL 1 before TRL 9)."""
    return {code: place for place, code in enumerate(_rows(vocabulary))}


def with_ancestors(vocabulary: str, codes: Iterable[str]) -> list[str]:
    """Return the codes with all that stand above them, each once, children before parents."""
    above = parents(vocabulary)
    seen: dict[str, None] = {}
    for code in codes:
        while code and code not in seen:
            seen[code] = None
            code = above.get(code, "")
    return list(seen)


# --- administrative units ---------------------------------------------------------------------


def current_communes() -> QuerySet[AdminUnit]:
    """Return the communes and wards of today, by name."""
    return (
        AdminUnit.objects.filter(valid_to__isnull=True, type__in=COMMUNE_TYPES)
        .select_related("parent")
        .order_by("name_en", "code")
    )


def commune_labels(
    codes: Iterable[str] | None = None, language: str | None = None
) -> dict[str, str]:
    """Return {code: full name} of today's communes: “Xã An Bình”, “An Binh Commune”."""

    def read() -> dict[str, tuple[str, str]]:
        rows = current_communes().values_list("code", "full_name_vi", "full_name_en")
        return {code: (vi, en) for code, vi, en in rows}

    found = kept("communes", read)
    at = 1 if _english(language) else 0
    wanted = found.keys() if codes is None else (code for code in codes if code in found)
    return {code: found[code][at] for code in wanted}


@dataclass(frozen=True, slots=True)
class _Name:
    """One name under which today's communes are found; a lower rank comes first."""

    text: str
    rank: int
    codes: tuple[str, ...]


_CURRENT, _OLD_COMMUNE, _DISTRICT, _PROVINCE = 0, 10, 20, 30


def _successor_codes() -> dict[int, list[str]]:
    """Return {id of an old commune: codes of its successors, the default first}."""
    out: dict[int, list[str]] = {}
    rows = Succession.objects.filter(new__valid_to__isnull=True).order_by(
        "-is_default", "new__code"
    )
    for old, code in rows.values_list("old_id", "new__code"):
        out.setdefault(old, []).append(code)
    return out


def _names() -> list[_Name]:
    def read() -> list[_Name]:
        units = {unit.pk: unit for unit in AdminUnit.objects.all()}
        heirs = _successor_codes()
        below: dict[int, dict[str, None]] = {}
        out: list[_Name] = []
        for unit in units.values():
            if unit.type not in COMMUNE_TYPES:
                continue
            codes = [unit.code] if unit.is_current else heirs.get(unit.pk, [])
            parent = unit.parent_id
            while parent:
                below.setdefault(parent, {}).update(dict.fromkeys(codes))
                parent = units[parent].parent_id if parent in units else None
            rank = _CURRENT if unit.is_current else _OLD_COMMUNE
            out += _named(unit, rank, tuple(codes))
        for unit in units.values():
            if unit.type in COMMUNE_TYPES or unit.pk not in below:
                continue
            rank = _DISTRICT if unit.type in DISTRICT_TYPES else _PROVINCE
            out += _named(unit, rank, tuple(below[unit.pk]))
        return out

    return kept("names", read)


def _named(unit: AdminUnit, rank: int, codes: tuple[str, ...]) -> list[_Name]:
    texts = dict.fromkeys(
        folded(text) for text in (unit.name_vi, unit.full_name_vi, unit.full_name_en, *unit.aliases)
    )
    return [_Name(text, rank, codes) for text in texts if text]


def _match(name: str, wanted: str) -> int | None:
    """Return how well a name answers: 0 equal, 1 begins with, 2 holds the words; else `None`."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in name else None


def find_units(text: str, limit: int | None = None) -> list[AdminUnit]:
    """Return today's communes found by a name of today or of before 1 July 2025, best first.

    Marks, case and the last word's ending may be missing; an old commune, district or province
    leads to the communes that took over its ground.
    """
    wanted = folded(text[:200])
    if not wanted:
        return []
    best: dict[str, tuple[int, int]] = {}
    for name in _names():
        quality = _match(name.text, wanted)
        if quality is None:
            continue
        for place, code in enumerate(name.codes):
            # An exact old name beats a name of today that merely holds the word.
            score = (quality * 8 + name.rank, place)
            if code not in best or score < best[code]:
                best[code] = score
    codes = sorted(best, key=lambda code: (best[code], code))[:limit]
    by_code = {unit.code: unit for unit in current_communes().filter(code__in=codes)}
    return [by_code[code] for code in codes if code in by_code]


# --- names of before 1 July 2025 --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Before:
    """What a commune of today was: for display in both languages, and as bare search words."""

    vi: str
    en: str
    words: str


def _group(olds: list[AdminUnit], *, english: bool) -> str:
    """Return “xã A, xã B, huyện C, tỉnh D; phường E, thành phố F, tỉnh D”."""
    groups: dict[int | None, list[AdminUnit]] = {}
    for old in olds:
        groups.setdefault(old.parent_id, []).append(old)
    parts = []
    for members in groups.values():
        chain = list(members)
        above = members[0].parent
        while above is not None:
            chain.append(above)
            above = above.parent
        parts.append(
            ", ".join(unit.full_name_en if english else in_sentence(unit) for unit in chain)
        )
    return "; ".join(parts)


def _before() -> dict[str, _Before]:
    def read() -> dict[str, _Before]:
        rows = (
            Succession.objects.filter(new__valid_to__isnull=True)
            .select_related("new", "old__parent__parent")
            .order_by("old__code")
        )
        olds: dict[str, list[AdminUnit]] = {}
        for row in rows:
            olds.setdefault(row.new.code, []).append(row.old)
        out = {}
        for code, units in olds.items():
            words: dict[str, None] = {}
            for unit in units:
                step: AdminUnit | None = unit
                while step is not None:
                    plain = step.type != UnitType.PROVINCE
                    words[step.full_name_vi if plain else f"tỉnh {step.name_vi}"] = None
                    step = step.parent
            out[code] = _Before(
                _group(units, english=False), _group(units, english=True), ", ".join(words)
            )
        return out

    return kept("before", read)


def old_names(commune: AdminUnit, language: str | None = None) -> str:
    """Return “(trước 01/07/2025: xã Sơn Phú, huyện Giồng Trôm, tỉnh Bến Tre)”; "" when unknown."""
    before = _before().get(commune.code) if commune.is_current else None
    if before is None:
        return ""
    if _english(language):
        return f"(before 1 July 2025: {before.en})"
    return f"(trước 01/07/2025: {before.vi})"


def search_names(commune: AdminUnit) -> str:
    """Return the old communes, districts and provinces of a commune as words for the index."""
    before = _before().get(commune.code) if commune.is_current else None
    return before.words if before else ""


def search_names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return {code: old names as words} of today's communes, without a query per page."""
    before = _before()
    return {code: before[code].words for code in codes if code in before}


def place(commune: AdminUnit, language: str | None = None) -> str:
    """Return “xã An Bình, tỉnh Vĩnh Long” or “An Binh Commune, Vinh Long Province”."""
    chain = [commune] + ([commune.parent] if commune.parent else [])
    english = _english(language)
    return ", ".join(unit.full_name_en if english else in_sentence(unit) for unit in chain)
