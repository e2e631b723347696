"""What every search engine takes and gives back: plain data, no Django model, no client.

The semantics below are fixed by `tests/integration/search_contract.py`, which every engine runs:
AND between words, the last word may be a prefix; title over summary over body; OR inside a facet,
AND between facets; a facet's own selection does not reduce its own counts; selected values are
shown even at 0; equal scores are ordered by a unique key, so pages never overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

#: Who may find and count a value. Each audience also sees what the ones before it see.
AUDIENCES: tuple[str, ...] = ("public", "registered", "verified")

PAGE_SIZE = 20
MAX_PAGE_SIZE = 50
#: The deepest result a page may reach: beyond it a visitor narrows, not leafs.
MAX_DEPTH = 2_000
MAX_QUERY_CHARS = 300
MAX_QUERY_WORDS = 40
MAX_FACET_VALUES = 60
#: The group of an autocomplete row that is a query, not an entry or a facet value.
QUERY = "query"


class Sort(StrEnum):
    """How results are ordered. `RELEVANCE` without words falls back to `CONFIRMED`."""

    RELEVANCE = "relevance"
    CONFIRMED = "confirmed"
    READINESS = "trl"
    TITLE = "title"


class EngineUnavailable(Exception):
    """The engine cannot answer now; the service turns to the embedded one."""


class RequestFailed(EngineUnavailable):
    """The engine cannot answer this request, and may well answer others."""


class RebuildRunning(Exception):
    """Another process is rebuilding this index."""


class DocumentRefused(Exception):
    """The engine took every other document of a call, but never takes these.

    `reasons` maps the key of each refused document to what the engine said.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in reasons.items())[:2_000])
        self.reasons = dict(reasons)


class InvalidQuery(ValueError):
    """A query outside the limits. `message` is for the visitor, `field` names the parameter."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One findable thing, as `search_source.py` of its app makes it through `disclose`.

    Everything here may be shown to the public, except facet values under an `audience`
    in their `FacetSpec`. `facets` holds leaf codes; engines add the ancestors that the
    facet's spec names. `payload` is what a result row needs (JSON values only).
    """

    kind: str
    id: str
    title: str
    url: str
    language: str = "vi"
    summary: str = ""
    body: str = ""
    #: Searched as part of the summary, never shown: number, old place names, owner's name.
    keywords: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Of a kind that is dated (`SearchSource.dated`) the day it came out.
    confirmed_on: date | None = None
    readiness: int | None = None
    #: Latitude and longitude of where it is: the middle of its commune.
    location: tuple[float, float] | None = None
    #: Whether staff checked who stands behind it.
    verified: bool = False
    is_demo: bool = False
    collapse_key: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The engine-wide identity, e.g. `offer:412:vi`."""
        return f"{self.kind}:{self.id}:{self.language}"


@dataclass(frozen=True, slots=True)
class FacetSpec:
    """One facet of one or more kinds.

    `parent_of` maps a code to its parent (hierarchical facets roll up along it).
    `labels` returns code → label for the codes asked, in one batch, in the active language.
    `values`, when given, is the closed set of known codes: any other is a 400.
    """

    name: str
    label: Any
    kinds: frozenset[str]
    labels: Callable[[Iterable[str]], Mapping[str, str]]
    #: The query parameter, in Vietnamese without marks (`linh-vuc`).
    parameter: str = ""
    parent_of: Callable[[], Mapping[str, str]] | None = None
    known: Callable[[str], bool] | None = None
    audience: str = "public"
    order: str = "count"  # "count" (largest first) or "value" (by code)
    display: str = "options"  # "options", "histogram", "tree", "searchable"
    #: Other names a value is found by inside its facet and the autocomplete (old place names).
    aliases: Callable[[Iterable[str]], Mapping[str, str]] | None = None
    #: For a facet of age: code → (least, most) days since `confirmed_on`, None for no end. Engines
    #: derive its values from today's date, so documents carry no codes and counts never age.
    ages: Mapping[str, tuple[int, int | None]] | None = None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked. Build it with `search.forms`, which validates; engines trust it."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    language: str = "vi"
    #: facet name → selected codes (OR inside, AND between).
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Facets to count; empty for none.
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = PAGE_SIZE
    audience: str = "public"
    #: Search the words as typed: no synonyms, no relaxation.
    verbatim: bool = False
    #: Count results per kind, ignoring `kinds` (for the tabs).
    count_kinds: bool = False
    #: Mark words and cut fragments.
    highlight: bool = True
    #: Tell of each hit why it stands where it does (staff only).
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a hit's score: `label` is what was found.

    `part` is `word`, `synonym`, `marks`, `pair`, `fresh` or `verified`.
    """

    part: str
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `title_html` and `fragment_html` are escaped, with `<mark>` round matches."""

    kind: str
    id: str
    language: str
    title: str
    url: str
    title_html: str
    fragment_html: str
    score: float
    payload: Mapping[str, Any]
    confirmed_on: date | None = None
    is_demo: bool = False
    #: What adds up to the score, when the query asked to `explain`.
    explanation: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and the number of results if it were added to (or kept in) the selection."""

    code: str
    count: int
    selected: bool = False
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The answer.

    `partial`: few or no entries have all words, so those that have most of them are shown too.
    `relaxed` then lists the words even the best result lacks (none when it has them all).
    """

    hits: tuple[Hit, ...]
    total: int
    page: int
    page_size: int
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    kind_counts: Mapping[str, int] = field(default_factory=dict)
    partial: bool = False
    relaxed: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    suggestion: str = ""
    #: The words no document has, found only by words one slip of the keys away.
    slipped: tuple[str, ...] = ()
    #: The text searched instead of the one typed, which was read as Telex or VNI keys.
    decoded: str = ""
    #: True when the engine asked for was down and the embedded one answered.
    degraded: bool = False
    took_ms: float = 0.0

    @property
    def pages(self) -> int:
        """Number of pages that may be opened (depth capped)."""
        reachable = min(self.total, MAX_DEPTH)
        return max(1, -(-reachable // self.page_size))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row of the autocomplete. `group` is a kind, `query` or a facet name."""

    group: str
    text: str
    url: str = ""
    html: str = ""
    #: The value of the facet named by `group`; empty for a kind.
    code: str = ""


class SearchEngine(Protocol):
    """What an engine does. Writing happens inside the caller's transaction where it can."""

    name: str

    def search(self, query: SearchQuery) -> SearchPage:
        """Answer one page; raise `EngineUnavailable` when out of reach."""

    def suggest(
        self, text: str, kinds: Sequence[str], language: str, limit: int
    ) -> list[Suggestion]:
        """Return titles that have every word of `text`, the last one as a prefix."""

    def index(self, documents: Iterable[SearchDocument]) -> int:
        """Add or replace documents; return how many."""

    def delete(self, keys: Iterable[tuple[str, str]]) -> int:
        """Forget every language of the (kind, id) pairs; return how many documents went."""

    def rebuild(self, documents: Iterator[SearchDocument]) -> Iterator[int]:
        """Replace everything while old answers keep flowing; yield the running count."""

    def count(self) -> int:
        """Return the number of documents held."""
