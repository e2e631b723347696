"""What a results page shows, computed: headings, tabs, chips, facets, ways out of no result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search import service, shown_facets, sources
from search.contracts import AUDIENCES, FacetSpec, Hit, Reason, SearchPage, Sort
from search.forms import SORTS, Asked, offered
from search.rooms import EVERYTHING
from search.shown_facets import Facet

#: Facets tried one by one when nothing was found; each costs a count.
WAYS_OUT = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A label and the address it leads to."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort, as an option of the select."""

    value: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One result, ready for the row template of its kind."""

    template: str
    kind: str
    url: str
    title: str
    title_html: SafeString
    summary_html: SafeString
    confirmed_on: date | None
    is_demo: bool
    payload: Mapping[str, Any]
    #: name → label, in the language of the page, of the code the payload has under that name.
    labels: Mapping[str, Any]
    #: Where it can be put beside others of its kind; empty where it cannot.
    compare_url: str = ""
    score: float = 0.0
    #: Why it stands where it does, for staff who asked.
    explanation: tuple[Reason, ...] = ()

    @property
    def day(self) -> date | None:
        """The day a dated page was published, from its payload."""
        written = self.payload.get("date")
        return date.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind on this page, and the way to all of them."""

    kind: str
    label: str
    count: int
    url: str
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Screen:
    """Everything the templates of a results page need."""

    asked: Asked
    page: SearchPage
    heading: str
    title: str
    rows: list[Row]
    tabs: list[Link]
    facets: list[Facet]
    chips: list[Link]
    sorts: list[Order]
    #: Names of facets that open after signing in.
    withheld: list[str]
    #: What the filter form and the search box carry besides their own fields.
    hidden: list[tuple[str, str]]
    kept: list[tuple[str, str]]
    ways_out: list[Link] = field(default_factory=list)
    #: The rows by kind, best kind first, where every kind is searched; empty for a plain list.
    groups: list[Group] = field(default_factory=list)
    asked_at: datetime = field(default_factory=timezone.now)

    @property
    def compare_url(self) -> str:
        """Where the chosen of these results stand side by side; empty where fewer than two can."""
        found = [row.compare_url for row in self.rows if row.compare_url]
        return found[0] if len(found) > 1 else ""

    @property
    def first(self) -> int:
        """The place of the first result of this page."""
        return (self.page.page - 1) * self.page.page_size + 1

    @property
    def last(self) -> int:
        """The place of the last result of this page."""
        return self.first + len(self.rows) - 1

    @property
    def canonical(self) -> str:
        """The one address of this page."""
        return self.asked.href()

    @property
    def clear_url(self) -> str:
        """The same search without filters; empty where there are none."""
        return self.asked.cleared().href() if self.chips else ""

    @property
    def verbatim_url(self) -> str:
        """The same search, words as typed."""
        return self.asked.word_for_word().href()

    @property
    def free_url(self) -> str:
        """The same search, synonyms and all."""
        return replace(self.asked, verbatim=False, page=1).href()

    @property
    def elsewhere(self) -> str:
        """The same words over every kind; empty where that is what was searched."""
        wider = self.asked.in_room(EVERYTHING)
        return "" if wider.kinds == self.asked.kinds else wider.href()

    @property
    def suggested_url(self) -> str:
        """The search for the spelling the index knows."""
        return self.asked.asking(self.page.suggestion).href()

    @property
    def explained(self) -> bool:
        """Whether the rows say why they stand where they do."""
        return any(row.explanation for row in self.rows)

    @property
    def parameters(self) -> dict[str, str]:
        """The canonical parameters, for page links."""
        return dict(self.asked.parameters())


def build(
    asked: Asked,
    page: SearchPage,
    language: str,
    audience: str,
    narrowed_by: Mapping[str, str],
) -> Screen:
    """Return the screen of an answered question.

    `narrowed_by` holds, per facet, what was typed to find a value in its list.
    """
    specs = offered(asked.kinds, audience)
    facets = shown_facets.facets(specs, page.facets, narrowed_by)
    chips = _chips(asked)
    rows = rows_of(page.hits)
    return Screen(
        asked=asked,
        page=page,
        heading=_heading(asked, page),
        title=_title(asked, page.total, chips),
        rows=rows,
        tabs=_tabs(asked, page, language, audience),
        facets=facets,
        chips=chips,
        sorts=_sorts(asked, specs),
        withheld=[
            str(spec.label) for spec in offered(asked.kinds, AUDIENCES[-1]) if spec not in specs
        ]
        if audience == AUDIENCES[0]
        else [],
        hidden=_filter_form(asked),
        kept=_search_box(asked),
        ways_out=[] if page.total else _ways_out(asked, language, audience),
        groups=_groups(asked, page, rows),
    )


def written(value: int, thousands: str = "") -> str:
    """Return `1.250`, in English `1,250`; who writes many asks for the sign between them once."""
    return f"{value:,}".replace(",", thousands or separator())


def separator() -> str:
    """Return what stands between thousands."""
    return "," if (get_language() or "vi").startswith("en") else "."


def _lower_first(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _counted(asked: Asked, total: int) -> str:
    if len(asked.kinds) == 1 and asked.kinds[0] in {item.kind for item in sources.sources()}:
        found = sources.source(asked.kinds[0])
        label = str(found.label if total == 1 else found.label_plural)
        return f"{written(total)} {_lower_first(label)}"
    return asked.room.counted(total, written(total))


def _heading(asked: Asked, page: SearchPage) -> str:
    values = {"counted": _counted(asked, page.total), "text": page.decoded or asked.text}
    if not page.total:
        nothing = _("Không có kết quả cho “%(text)s”") if asked.text else _("Không có kết quả")
        return nothing % values
    return _("%(counted)s cho “%(text)s”") % values if asked.text else values["counted"]


def _title(asked: Asked, total: int, chips: Sequence[Link]) -> str:
    if asked.text:
        parts = [f"{asked.text}: {_counted(asked, total)}"]
    else:
        parts = [str(asked.room.title)]
        if asked.kind:
            parts = [str(sources.source(asked.kind).label_plural)]
        parts += [chip.label for chip in chips[:2]]
    if asked.page > 1:
        parts.append(_("trang %(page)d") % {"page": asked.page})
    return " – ".join(parts)


def rows_of(hits: Sequence[Hit]) -> list[Row]:
    """Return the results as rows; an entry without a translation still has its labels translated."""
    kinds = {hit.kind for hit in hits}
    naming = {spec.name: spec.labels for spec in sources.facets(kinds)}
    for kind in kinds:
        naming |= sources.source(kind).labels
    labels = {
        name: of({code for hit in hits for code in _codes(hit, name)})
        for name, of in naming.items()
    }
    views = {kind: sources.source(kind).compare_view for kind in kinds}
    compared = {kind: reverse(view) if view else "" for kind, view in views.items()}
    return [_row(hit, labels, compared[hit.kind]) for hit in hits]


def _codes(hit: Hit, name: str) -> list[str]:
    codes = hit.payload.get(name) or []
    return [codes] if isinstance(codes, str) else list(codes) if isinstance(codes, list) else []


def _row(hit: Hit, labels: Mapping[str, Mapping[str, str]], compare_url: str) -> Row:
    found = sources.source(hit.kind)
    known = {
        name: [str(of[code]) for code in _codes(hit, name) if code in of]
        for name, of in labels.items()
    }
    return Row(
        template=found.row_template,
        kind=str(found.label),
        url=sources.address(hit.kind, hit.url, get_language() or "vi"),
        title=hit.title,
        # Escaped by search.highlight, which adds nothing but <mark>.
        title_html=mark_safe(hit.title_html),
        summary_html=mark_safe(hit.fragment_html),
        confirmed_on=hit.confirmed_on,
        is_demo=hit.is_demo,
        payload=hit.payload,
        labels={
            name: values if isinstance(hit.payload[name], list) else values[0]
            for name, values in known.items()
            if values
        },
        compare_url=compare_url,
        score=hit.score,
        explanation=hit.explanation,
    )


# Tabs, order, hidden fields -----------------------------------------------------------------------


def _groups(asked: Asked, page: SearchPage, rows: list[Row]) -> list[Group]:
    """Return what a search over every kind found, kind by kind, in the order of their best rows."""
    by_kind: dict[str, list[Row]] = {}
    for hit, row in zip(page.hits, rows, strict=True):
        by_kind.setdefault(hit.kind, []).append(row)
    if asked.room is not EVERYTHING or not asked.text or asked.kind or len(by_kind) < 2:
        return []
    return [
        Group(
            kind,
            str(sources.source(kind).label_plural),
            page.kind_counts.get(kind, 0),
            asked.in_kind(kind).href(),
            tuple(found),
        )
        for kind, found in by_kind.items()
    ]


def _tabs(asked: Asked, page: SearchPage, language: str, audience: str) -> list[Link]:
    """Return a tab per kind; a room of one kind leads on to the search over every kind."""
    room = asked.room if len(asked.room.scope) > 1 else EVERYTHING
    if len(room.scope) < 2:
        return []
    everything = asked.in_room(room)
    tabs = [
        Link(
            _("Tất cả"),
            everything.href(),
            current=len(asked.kinds) > 1,
            count=_total(everything, asked, page, language, audience),
        )
    ]
    for kind in room.scope:
        here = asked.kinds == (kind,)
        tabs.append(
            Link(
                str(sources.source(kind).label_plural),
                (replace(asked, page=1) if here else asked.in_room(room, kind)).href(),
                current=here,
                count=page.total if here else page.kind_counts.get(kind, 0),
            )
        )
    return tabs


def _total(target: Asked, asked: Asked, page: SearchPage, language: str, audience: str) -> int:
    """Return the number of results behind "Tất cả", counted anew only where filters fall away."""
    if target.kinds == asked.kinds:
        return page.total
    if target.filters != asked.filters:
        return service.search(target.query(language, audience, count_only=True)).total
    carrying = [
        kind
        for kind in target.kinds
        if all(kind in sources.facet(name).kinds for name in target.filters)
    ]
    return sum(page.kind_counts.get(kind, 0) for kind in carrying)


def _sorts(asked: Asked, specs: Iterable[FacetSpec]) -> list[Order]:
    labels = {
        Sort.RELEVANCE: _("Phù hợp nhất"),
        Sort.CONFIRMED: _newest(asked),
        Sort.READINESS: _("TRL cao nhất"),
        Sort.TITLE: _("Tên A–Z"),
    }
    if not asked.text:
        del labels[Sort.RELEVANCE]
    if asked.sort is not Sort.READINESS and all(item.display != "histogram" for item in specs):
        del labels[Sort.READINESS]
    names = {sort: name for name, sort in SORTS.items()}
    return [Order(names[sort], label, sort is asked.sort) for sort, label in labels.items()]


def _newest(asked: Asked) -> str:
    """Return what the order by day is called: only entries are confirmed, the rest came out."""
    dated = any(sources.is_dated(kind) for kind in asked.kinds)
    return _("Mới nhất") if dated else _("Mới xác nhận")


def _filter_form(asked: Asked) -> list[tuple[str, str]]:
    return replace(asked, filters={}, page=1, order=None).parameters()


def _search_box(asked: Asked) -> list[tuple[str, str]]:
    """Return what other words are searched with: tab and filters; the order follows the words."""
    return replace(asked, text="", page=1, order=None, verbatim=False).parameters()


# Chips and ways out -----------------------------------------------------------------------------


def _chips(asked: Asked) -> list[Link]:
    """Return the filters in use; each link takes its own away."""
    chips = []
    for name, codes in asked.filters.items():
        spec = sources.facet(name)
        labels = spec.labels(codes)
        for run in _runs(codes) if spec.display == "histogram" else [(code,) for code in codes]:
            if spec.display == "histogram":
                shown = run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}"
            else:
                shown = str(labels.get(run[0], run[0]))
            chips.append(Link(f"{spec.label}: {shown}", asked.without_values(name, run).href()))
    return chips


def _runs(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Part the steps of a scale into runs without a gap: 4 7 8 9 → (4), (7 8 9)."""
    runs: list[tuple[str, ...]] = []
    for code in sorted(codes, key=lambda item: (len(item), item)):
        before = runs[-1][-1] if runs else ""
        if before.isdigit() and code.isdigit() and int(code) == int(before) + 1:
            runs[-1] = (*runs[-1], code)
        else:
            runs.append((code,))
    return runs


def _ways_out(asked: Asked, language: str, audience: str) -> list[Link]:
    """Return the filters that alone stand between the visitor and a result, with what they hide."""
    found = []
    for name in list(asked.filters)[:WAYS_OUT]:
        without = asked.without_facet(name)
        total = service.search(without.query(language, audience, count_only=True)).total
        if total:
            found.append(Link(str(sources.facet(name).label), without.href(), count=total))
    return found
