"""The facets of a results page: which values show, which stand behind "Xem thêm"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search import text
from search.contracts import FacetSpec, FacetValue
from search.forms import NARROWING, parameter_of

#: Values shown before "Xem thêm"; a list with a search field of its own shows fewer.
SHOWN, SHOWN_SEARCHABLE = 10, 5
#: Rather than hide one or two values, show them.
SPARED = 2
OPEN_FACETS = 5
#: The scale of a histogram: a gap in it says as much as a bar.
SCALE = tuple(str(level) for level in range(1, 10))


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet as a checkbox."""

    code: str
    label: str
    count: int
    selected: bool
    #: Other names it is found by, in a list with a search field.
    also: str = ""
    children: tuple[Option, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether it or anything below it is selected."""
        return self.selected or any(child.touched for child in self.children)


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet, its values in the order of the page; `rest` stands behind "Xem thêm"."""

    name: str
    parameter: str
    label: str
    display: str
    open: bool
    values: tuple[Option, ...]
    rest: tuple[Option, ...] = ()
    narrowing: str = ""
    narrowed_by: str = ""

    @property
    def largest(self) -> int:
        """The largest count, which the highest bar of a histogram stands for."""
        return max((value.count for value in self.values), default=0)


def facets(
    specs: Iterable[FacetSpec],
    counted: Mapping[str, tuple[FacetValue, ...]],
    narrowed_by: Mapping[str, str],
) -> list[Facet]:
    """Return the facets that have values, each with its values in the order of the page.

    `narrowed_by` holds, per facet, what was typed to find a value in its list.
    """
    made: list[Facet] = []
    for spec in specs:
        values = counted.get(spec.name, ())
        if not values:
            continue
        typed = narrowed_by.get(spec.name, "")
        options = _options(spec, values)
        shown, rest = _cut(spec, options, typed)
        made.append(
            Facet(
                name=spec.name,
                parameter=parameter_of(spec),
                label=str(spec.label),
                display=spec.display,
                open=len(made) < OPEN_FACETS or any(item.touched for item in options),
                values=shown,
                rest=rest,
                narrowing=f"{NARROWING}{parameter_of(spec)}"
                if spec.display == "searchable" and (rest or typed)
                else "",
                narrowed_by=typed,
            )
        )
    return made


def _options(spec: FacetSpec, values: Sequence[FacetValue]) -> tuple[Option, ...]:
    codes = {value.code: None for value in values}  # each once, in their order
    labels = spec.labels(codes)
    aliases = spec.aliases(codes) if spec.aliases and spec.display == "searchable" else {}
    if spec.display == "histogram":
        known = {value.code: value for value in values}
        values = [known.get(code, FacetValue(code, 0)) for code in SCALE]
    elif spec.ages:
        bands = list(spec.ages)
        values = sorted(values, key=lambda value: bands.index(value.code))
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        below.setdefault(value.parent if value.parent in codes else "", []).append(value)

    def level(parent: str) -> tuple[Option, ...]:
        made = []
        for value in below.get(parent, ()):
            children = level(value.code)
            opened = value.selected or any(child.touched for child in children)
            made.append(
                Option(
                    code=value.code,
                    label=str(labels.get(value.code, value.code)),
                    count=value.count,
                    selected=value.selected,
                    also=str(aliases.get(value.code, "")),
                    children=children if opened else (),
                )
            )
        return tuple(made)

    return level("")


def _cut(
    spec: FacetSpec, options: tuple[Option, ...], typed: str
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Part the values into those shown and those behind "Xem thêm"; selected ones always show."""
    if spec.display == "histogram":
        return options, ()
    if typed:
        wanted = text.folded(text.tokens(typed))
        return tuple(item for item in options if item.selected or _matches(item, wanted)), ()
    limit = SHOWN_SEARCHABLE if spec.display == "searchable" else SHOWN
    if len(options) <= limit + SPARED:
        return options, ()
    return (
        (*options[:limit], *(item for item in options[limit:] if item.touched)),
        tuple(item for item in options[limit:] if not item.touched),
    )


def _matches(option: Option, wanted: Sequence[str]) -> bool:
    own = text.folded(text.tokens(f"{option.label} {option.also}"))
    return all(any(word.startswith(item) for word in own) for item in wanted)
