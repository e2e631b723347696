"""From an address to a query, and from a query to the one address that stands for it.

Pure: reads parameters, raises `InvalidQuery` with a sentence for the visitor, touches no database
beyond what a facet's `known` reads. Parameters nobody knows (`fbclid`, `utm_…`) are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search import sources, text
from search.contracts import (
    AUDIENCES,
    MAX_FACET_VALUES,
    MAX_QUERY_CHARS,
    PAGE_SIZE,
    FacetSpec,
    InvalidQuery,
    SearchQuery,
    Sort,
)
from search.rooms import EVERYTHING, Room

TEXT, KIND, SORT, PAGE, VERBATIM = "q", "loai", "sap-xep", "trang", "nguyen-van"
#: Before a facet's parameter: the text that shortens its list of values.
NARROWING = "tim-"
SORTS: Mapping[str, Sort] = {
    "phu-hop": Sort.RELEVANCE,
    "moi-xac-nhan": Sort.CONFIRMED,
    "trl": Sort.READINESS,
    "ten": Sort.TITLE,
}
#: A list with more facets narrowed than this is one of millions: search engines need not keep it.
INDEXED_FACETS = 2
_UNREADABLE = frozenset("\x00\ufffd")
_MAX_VALUE_CHARS = 100
_MAX_PAGE_DIGITS = 9


def parameter_of(spec: FacetSpec) -> str:
    """Return the name of a facet in an address."""
    return spec.parameter or spec.name


def slug_of(kind: str) -> str:
    """Return the name of a kind in an address."""
    return sources.source(kind).slug or kind


def offered(kinds: Sequence[str], audience: str) -> list[FacetSpec]:
    """Return the facets of a list of these kinds that this audience may use.

    A list of several kinds offers those that at least two of them carry.
    """
    shared = 2 if len(kinds) > 1 else 1
    level = AUDIENCES.index(audience)
    return [
        spec
        for spec in sources.facets(kinds)
        if len(spec.kinds & set(kinds)) >= shared and AUDIENCES.index(spec.audience) <= level
    ]


@lru_cache(maxsize=50)
def _path(room: str, *_looked_at: str | None) -> str:
    """Return a room's path. A page links to it some fourteen times, so it is kept by all `reverse` looks at."""
    return reverse(f"search:{room}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks of a room, valid and in canonical form."""

    room: Room
    text: str = ""
    #: The tab; empty for every kind of the room.
    kind: str = ""
    #: facet name → codes, both in alphabetical order.
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The order chosen; None for the usual one.
    order: Sort | None = None
    page: int = 1
    verbatim: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds searched."""
        return (self.kind,) if self.kind else self.room.scope

    @property
    def sort(self) -> Sort:
        """The order of the results: words by relevance, lists by confirmation."""
        return self.order or (Sort.RELEVANCE if self.text else Sort.CONFIRMED)

    @property
    def indexable(self) -> bool:
        """Whether outside search engines may keep this page."""
        return len(self.filters) <= INDEXED_FACETS

    def query(
        self, language: str, audience: str, facets: Iterable[str] = (), *, count_only: bool = False
    ) -> SearchQuery:
        """Return the query for the search service; `count_only` asks for the total alone."""
        return SearchQuery(
            text=self.text,
            kinds=self.kinds,
            language=language,
            filters=self.filters,
            facets=() if count_only else tuple(facets),
            sort=self.sort,
            page=1 if count_only else self.page,
            page_size=1 if count_only else PAGE_SIZE,
            audience=audience,
            verbatim=self.verbatim,
            count_kinds=not count_only,
            highlight=not count_only,
        )

    # Addresses ----------------------------------------------------------------------------------

    def parameters(self) -> list[tuple[str, str]]:
        """Return the canonical parameters: sorted, without defaults."""
        found = {
            parameter_of(sources.facet(name)): ",".join(codes)
            for name, codes in self.filters.items()
        }
        if self.text:
            found[TEXT] = self.text
        if self.kind:
            found[KIND] = slug_of(self.kind)
        if self.order:
            found[SORT] = next(name for name, sort in SORTS.items() if sort is self.order)
        if self.page > 1:
            found[PAGE] = str(self.page)
        if self.verbatim:
            found[VERBATIM] = "1"
        return sorted(found.items())

    def href(self) -> str:
        """Return the canonical address on this site, in the active language."""
        pairs = self.parameters()
        path = _path(self.room.name, get_language(), get_script_prefix(), get_urlconf())
        return f"{path}?{urlencode(pairs, safe=',')}" if pairs else path

    # Neighbours: each returns another question, on its first page ---------------------------------

    def _narrowed(self, filters: Mapping[str, Iterable[str]]) -> Asked:
        kept = {name: tuple(sorted(set(codes))) for name, codes in sorted(filters.items())}
        return replace(self, filters={name: codes for name, codes in kept.items() if codes}, page=1)

    def with_value(self, name: str, code: str) -> Asked:
        """Narrow by one more value of a facet."""
        return self._narrowed({**self.filters, name: (*self.filters.get(name, ()), code)})

    def without_values(self, name: str, codes: Iterable[str]) -> Asked:
        """Take values of a facet away."""
        gone = set(codes)
        kept = [code for code in self.filters.get(name, ()) if code not in gone]
        return self._narrowed({**self.filters, name: kept})

    def without_facet(self, name: str) -> Asked:
        """Take a whole facet away."""
        return self._narrowed({key: codes for key, codes in self.filters.items() if key != name})

    def cleared(self) -> Asked:
        """Take every filter away; text, tab and order stay."""
        return self._narrowed({})

    def at_page(self, page: int) -> Asked:
        """Turn to a page."""
        return replace(self, page=page)

    def in_kind(self, kind: str) -> Asked:
        """Turn to a tab, with the filters that its kinds carry."""
        return self.in_room(self.room, kind)

    def in_room(self, room: Room, kind: str = "") -> Asked:
        """Ask the same of another room, with the filters that its kinds carry."""
        moved = replace(self, room=room, kind="" if (kind,) == room.scope else kind, page=1)
        carried = {spec.name for spec in offered(moved.kinds, AUDIENCES[-1])}
        return moved._narrowed(
            {name: codes for name, codes in self.filters.items() if name in carried}
        )

    def word_for_word(self) -> Asked:
        """Search the words as typed."""
        return replace(self, verbatim=True, page=1)

    def asking(self, text: str) -> Asked:
        """Search other words with the same filters."""
        return replace(self, text=text, page=1)


def read(parameters: QueryDict, room: Room, audience: str = AUDIENCES[0]) -> Asked:
    """Return what the parameters ask of a room; raise `InvalidQuery` naming the bad parameter."""
    asked = Asked(room=room, text=_text(parameters), kind=_kind(parameters, room))
    return replace(
        asked,
        filters=_filters(parameters, offered(asked.kinds, audience)),
        order=_order(parameters, asked),
        page=_page(parameters),
        verbatim=bool(asked.text) and parameters.get(VERBATIM) == "1",
    )


def readable(raw: str) -> str:
    """Return a typed text clean and in NFC; raise `InvalidQuery` for one no reader could mean."""
    if not _UNREADABLE.isdisjoint(raw):
        raise InvalidQuery(TEXT, _("Câu tìm có ký tự không đọc được. Gõ lại rồi tìm."))
    if len(raw) > 4 * MAX_QUERY_CHARS:
        raise InvalidQuery(
            TEXT,
            _("Câu tìm dài quá %(limit)d ký tự; rút gọn rồi tìm lại.") % {"limit": MAX_QUERY_CHARS},
        )
    return " ".join(text.clean(raw).split())


def narrowing_text(parameters: QueryDict, spec: FacetSpec) -> str:
    """Return what was typed to find a value inside a long facet (only without JavaScript)."""
    return readable(parameters.get(f"{NARROWING}{parameter_of(spec)}") or "")


def _text(parameters: QueryDict) -> str:
    typed = readable(parameters.get(TEXT) or "")
    if typed and not text.tokens(typed):
        raise InvalidQuery(TEXT, _("Câu tìm cần ít nhất một chữ cái hoặc chữ số."))
    return typed


def _kind(parameters: QueryDict, room: Room) -> str:
    slug = parameters.get(KIND) or ""
    if not slug:
        return ""
    for kind in room.scope:
        if slug == slug_of(kind):
            return "" if (kind,) == room.scope else kind
    raise InvalidQuery(KIND, _("Trang này không có loại kết quả “%(value)s”.") % _shown(slug))


def _filters(parameters: QueryDict, specs: Iterable[FacetSpec]) -> dict[str, tuple[str, ...]]:
    found = {}
    for spec in sorted(specs, key=lambda item: item.name):
        name = parameter_of(spec)
        joined = ",".join(parameters.getlist(name))
        codes = sorted({code.strip() for code in joined.split(",")} - {""})
        for code in codes:
            unheard = spec.known is not None and not spec.known(code)
            if unheard or len(code) > _MAX_VALUE_CHARS or not _UNREADABLE.isdisjoint(code):
                raise InvalidQuery(
                    name,
                    _("Bộ lọc %(facet)s không có giá trị “%(value)s”.")
                    % {"facet": spec.label, **_shown(code)},
                )
        if len(codes) > MAX_FACET_VALUES:
            raise InvalidQuery(
                name,
                _("Chọn tối đa %(limit)d giá trị cho một bộ lọc.") % {"limit": MAX_FACET_VALUES},
            )
        if codes:
            found[spec.name] = tuple(codes)
    return found


def _order(parameters: QueryDict, asked: Asked) -> Sort | None:
    name = parameters.get(SORT) or ""
    if not name:
        return None
    if name not in SORTS:
        raise InvalidQuery(SORT, _("Không có cách sắp xếp “%(value)s”.") % _shown(name))
    # Without words there is no relevance: the usual order stands in.
    return None if SORTS[name] in {asked.sort, Sort.RELEVANCE} else SORTS[name]


def _page(parameters: QueryDict) -> int:
    raw = parameters.get(PAGE) or "1"
    if not (raw.isascii() and raw.isdigit() and int(raw[:_MAX_PAGE_DIGITS])):
        raise InvalidQuery(PAGE, _("Số trang phải từ 1 trở lên."))
    return int(raw) if len(raw) <= _MAX_PAGE_DIGITS else 10**_MAX_PAGE_DIGITS


def _shown(value: str) -> dict[str, str]:
    """Return a value as a message may repeat it: readable and short."""
    clean = "".join(char for char in text.clean(value) if char not in _UNREADABLE)
    return {"value": clean if len(clean) <= 40 else clean[:40] + "…"}


def facet_address(spec: FacetSpec, code: str) -> str:
    """Return the address of the list that one facet value narrows, of every kind that carries it."""
    asked = Asked(room=EVERYTHING)
    if spec.name not in {item.name for item in offered(asked.kinds, AUDIENCES[0])}:
        carrying = [kind for kind in EVERYTHING.scope if kind in spec.kinds]
        asked = asked.in_kind(carrying[0]) if carrying else asked
    return asked.with_value(spec.name, code).href()
