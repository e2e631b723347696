"""What every engine must know about facets in the same way: audiences, trees, order of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search import sources
from search.contracts import AUDIENCES, FacetSpec, FacetValue


def spec_of(name: str) -> FacetSpec | None:
    """Return the facet of a name, or None for one nobody registered."""
    try:
        return sources.facet(name)
    except KeyError:
        return None


def may_see(name: str, audience: str) -> bool:
    """Whether the audience may filter by the facet and count it."""
    spec = spec_of(name)
    return spec is None or AUDIENCES.index(audience) >= AUDIENCES.index(spec.audience)


def carries(name: str, kind: str) -> bool:
    """Whether documents of the kind have the facet: its filter then narrows the kind's tab."""
    spec = spec_of(name)
    return spec is None or kind in spec.kinds


def values(name: str, counts: Mapping[str, int], selected: Iterable[str]) -> tuple[FacetValue, ...]:
    """Return the values of a facet in its order; selected ones stand there even at 0."""
    chosen = set(selected)
    found = {code: count for code, count in counts.items() if count}
    for code in chosen:
        found.setdefault(code, 0)
    spec = spec_of(name)
    tree = spec.parent_of() if spec and spec.parent_of else {}
    by_value = spec is not None and spec.order == "value"
    rows = sorted(found.items(), key=lambda item: (0 if by_value else -item[1], item[0]))
    return tuple(
        FacetValue(code, count, code in chosen, tree.get(code, "")) for code, count in rows
    )


class Hierarchy:
    """Adds the ancestors of hierarchical facets; reads each facet's tree once."""

    def __init__(self) -> None:
        self._trees: dict[str, Mapping[str, str]] = {}

    def expand(self, facets: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
        """Return facet → codes with all their ancestors; facets without a code are left out."""
        return {name: self._rolled(name, codes) for name, codes in facets.items() if codes}

    def _rolled(self, name: str, codes: tuple[str, ...]) -> list[str]:
        tree = self._tree(name)
        found = dict.fromkeys(codes)
        for code in codes:
            parent = tree.get(code, "")
            while parent and parent not in found:
                found[parent] = None
                parent = tree.get(parent, "")
        return list(found)

    def _tree(self, name: str) -> Mapping[str, str]:
        if name not in self._trees:
            spec = spec_of(name)
            self._trees[name] = spec.parent_of() if spec and spec.parent_of else {}
        return self._trees[name]
