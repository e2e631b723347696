"""The reference files beside this module, read and checked, before they meet the database."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

Key = tuple[str, str]


class BadReference(ValueError):
    """A reference file contradicts itself; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything the files say: rows by natural key, as column → value."""

    vocabularies: dict[str, dict[str, Any]]
    terms: dict[Key, dict[str, Any]]
    #: (vocabulary, code) → (vocabulary, code of the broader term)
    broader: dict[Key, Key]
    units: dict[Key, dict[str, Any]]
    parents: dict[Key, Key]
    #: (old unit, new unit) → columns
    successions: dict[tuple[Key, Key], dict[str, Any]]


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from enumerate(csv.DictReader(handle), start=2)


def _list(text: str) -> list[str]:
    return [item for item in text.split("|") if item]


def _matches(text: str) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for item in _list(text):
        scheme, _, code = item.partition(":")
        out.setdefault(scheme, []).append(code)
    return out


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _read_terms(path: Path, terms: dict[Key, dict[str, Any]], broader: dict[Key, Key]) -> None:
    vocabulary = path.stem
    for order, (line, row) in enumerate(_lines(path), start=1):
        key = (vocabulary, row["code"])
        if not row["code"] or not row["label_vi"] or key in terms:
            raise BadReference(f"{path.name}:{line}: code missing, label missing, or code twice")
        if row["parent"]:
            above = (vocabulary, row["parent"])
            if above not in terms:
                raise BadReference(f"{path.name}:{line}: parent {row['parent']} must come first")
            broader[key] = above
        terms[key] = {
            "label_vi": row["label_vi"],
            "label_en": row["label_en"],
            "scope_note": row["scope_note"],
            "legal_basis": row["legal_basis"],
            "order": order,
            "valid_from": _date(row["valid_from"]),
            "valid_to": _date(row["valid_to"]),
            "is_retired": False,
            "exact_match": _matches(row["exact_match"]),
            "synonyms": _list(row["synonyms"]),
        }


def _read_units(path: Path) -> tuple[dict[Key, dict[str, Any]], dict[Key, Key]]:
    units: dict[Key, dict[str, Any]] = {}
    parents: dict[Key, Key] = {}
    for line, row in _lines(path):
        key = (row["code"], row["data_version"])
        if key in units:
            raise BadReference(f"{path.name}:{line}: unit {key} twice")
        if row["parent"]:
            above = (row["parent"], row["data_version"])
            if above not in units:
                raise BadReference(f"{path.name}:{line}: parent {above} must come first")
            parents[key] = above
        units[key] = {
            name: row[name]
            for name in (
                "type",
                "name_vi",
                "name_en",
                "full_name_vi",
                "full_name_en",
                "slug",
                "decree",
            )
        } | {
            "valid_from": _date(row["valid_from"]),
            "valid_to": _date(row["valid_to"]),
            "aliases": _list(row["aliases"]),
            "lat": _number(row["lat"]),
            "lon": _number(row["lon"]),
            "area_km2": _number(row["area_km2"]),
        }
    return units, parents


def _read_successions(
    path: Path, units: dict[Key, dict[str, Any]]
) -> dict[tuple[Key, Key], dict[str, Any]]:
    out: dict[tuple[Key, Key], dict[str, Any]] = {}
    for line, row in _lines(path):
        old, new = (row["old"], "2024"), (row["new"], "2025")
        if old not in units or new not in units:
            raise BadReference(f"{path.name}:{line}: unknown unit {row['old']} or {row['new']}")
        out[old, new] = {"kind": row["kind"], "is_default": row["is_default"] == "1"}
    return out


def read(folder: Path = DATA) -> Reference:
    """Return the whole reference; raise `BadReference` when a file contradicts itself."""
    vocabularies: dict[str, dict[str, Any]] = {}
    for _line, row in _lines(folder / "vocabularies.csv"):
        vocabularies[row.pop("code")] = dict(row)
    terms: dict[Key, dict[str, Any]] = {}
    broader: dict[Key, Key] = {}
    for path in sorted((folder / "terms").glob("*.csv")):
        if path.stem not in vocabularies:
            raise BadReference(f"{path.name}: no such vocabulary in vocabularies.csv")
        _read_terms(path, terms, broader)
    units, parents = _read_units(folder / "units" / "units.csv")
    successions = _read_successions(folder / "units" / "successions.csv", units)
    return Reference(vocabularies, terms, broader, units, parents, successions)
