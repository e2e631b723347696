"""Reading the hand-written texts: sections of `key: value` lines, repeated keys add up."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent / "texts"

Section = MappingProxyType[str, tuple[str, ...]]


class Version(NamedTuple):
    """One hand-written listing of a technology."""

    title: str
    teaser: str
    problem: str
    how: str
    advantages: str
    trl: int
    #: The practice it is compared with; empty where the text names none.
    alternative: str
    #: Whether the technology's figures are this listing's too.
    compared: bool
    #: Price band in millions, `low-high`; empty: as the size says.
    price: str


class Indicator(NamedTuple):
    """One economic figure: ours and theirs in `unit`; theirs is None where nothing compares."""

    name: str
    ours: float
    theirs: float | None
    unit: str


class Technology(NamedTuple):
    """What the versions of one technology share."""

    code: str
    #: The sector of the first level.
    top: str
    sectors: tuple[str, ...]
    chains: tuple[str, ...]
    st_fields: tuple[str, ...]
    family: str
    basis: str
    sizes: tuple[dict[str, str], ...]
    size_label: str
    title_en: str
    teaser_en: str
    versions: tuple[Version, ...]
    economics: tuple[Indicator, ...]


@cache
def read(name: str) -> MappingProxyType[str, Section]:
    """Return the sections of one text file: name → key → values, in the order written.

    `-- a` begins a part; its keys are then `a.title`, `a.teaser` … Lines that begin with `#` are
    comments.
    """
    sections: dict[str, dict[str, list[str]]] = {}
    current: dict[str, list[str]] = {}
    part = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current, part = sections.setdefault(line[3:].strip(), {}), ""
        elif line.startswith("-- "):
            part = f"{line[3:].strip()}."
        elif line.strip() and not line.startswith("#"):
            key, _, value = line.partition(":")
            current.setdefault(part + key.strip(), []).append(value.strip())
    return MappingProxyType(
        {
            name: MappingProxyType({key: tuple(values) for key, values in section.items()})
            for name, section in sections.items()
        }
    )


@cache
def technologies() -> tuple[Technology, ...]:
    """Return every technology of the library, by its code."""
    found = []
    for path in sorted((FOLDER / "technologies").glob("*.txt")):
        for code, section in read(f"technologies/{path.name}").items():
            found.append(_technology(code, section))
    return tuple(sorted(found, key=lambda item: item.code))


def _technology(code: str, section: Section) -> Technology:
    def one(key: str, default: str = "") -> str:
        return section.get(key, (default,))[0]

    trls = [int(level) for level in one("trl").split()]
    parts = [key.removesuffix(".title") for key in section if key.endswith(".title")]
    own = [part for part in parts if f"{part}.than" in section or f"{part}.gia" in section]
    compared = one("for", " ".join(part for part in parts if part not in own)).split()

    def version(part: str, trl: int) -> Version:
        shared = one("than") if part in compared else ""
        return Version(
            title=one(f"{part}.title"),
            teaser=one(f"{part}.teaser"),
            problem=one(f"{part}.problem"),
            how=one(f"{part}.how"),
            advantages=one(f"{part}.adv"),
            trl=trl,
            alternative=one(f"{part}.than", shared),
            compared=part in compared,
            price=one(f"{part}.gia"),
        )

    return Technology(
        code=code,
        top=one("top"),
        sectors=tuple(one("sectors").split()),
        chains=tuple(one("chains").split()),
        st_fields=tuple(one("fields").split()),
        family=one("family"),
        basis=one("basis"),
        sizes=tuple(_values(line) for line in section["size"]),
        size_label=one("label"),
        title_en=one("en").partition("|")[0].strip(),
        teaser_en=one("en").partition("|")[2].strip(),
        versions=tuple(version(part, trl) for part, trl in zip(parts, trls, strict=True)),
        economics=tuple(_indicator(line) for line in section.get("econ", ())),
    )


def _values(line: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in line.split())


def _indicator(line: str) -> Indicator:
    name, ours, theirs, unit = (cell.strip() for cell in line.split("|"))
    return Indicator(name, float(ours), None if theirs == "-" else float(theirs), unit)


def fill(text: str, values: Any) -> str:
    """Return the text with its `{slots}` filled; raise `KeyError` for a slot without a value."""
    return text.format_map(values)
