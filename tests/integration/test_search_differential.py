"""All engines agree: which documents a question finds, how many, and every count beside them.

The embedded engine answers from the database of the run (SQLite, or PostgreSQL in its own run), so
that over both runs all three engines are compared. Order may differ; sets and numbers may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from search_contract import FACETS, ContractBase
from search_node import fresh_engine

from search import sources
from search.contracts import FacetSpec, SearchDocument, SearchEngine, SearchPage, SearchQuery, Sort
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine

KINDS = ("offer", "lab", "page")
LANGUAGES = ("vi", "en")
#: Words that meet every rule: marks, synonyms, protected abbreviations, codes, odd characters.
WRITTEN = (
    "máy", "sấy", "lúa", "dừa", "dứa", "khóm", "lợn", "heo", "AI", "ai", "trí tuệ nhân tạo",
    "công nghệ sinh học", "CNSH", "OPC-UA", "m³", "½", "日本", "năng lượng", "năng suất",
    "khoa học và công nghệ", "KH&CN", "quy trình", "thuỷ sản", "TCVN 5603", "Ⅳ",
)  # fmt: skip
TYPED = (
    *WRITTEN, "may", "say", "dua", "nang luo", "lượ", "opcua", "cong nghe", "blockchain",
    "OPC UA", "thủy sản", "công", "m", "n", "trinh", "m3", "5603", "quy trifnh", "!!", "日", "khoaa", "suaat",
)  # fmt: skip

FRESHNESS = FacetSpec(
    name="age",
    label="Xác nhận",
    kinds=frozenset({"offer", "lab"}),
    labels=lambda codes: {code: code for code in codes},
    ages={"new": (0, 180), "older": (181, 365), "old": (366, None)},
)

_text = st.lists(st.sampled_from(WRITTEN), max_size=4).map(" ".join)
_version = st.builds(
    SearchDocument,
    kind=st.just(""),
    id=st.just(""),
    url=st.just("/x/"),
    title=_text,
    summary=_text,
    body=_text,
    keywords=_text,
    facets=st.fixed_dictionaries(
        {
            "sector": st.lists(
                st.sampled_from(["lua", "dua", "trai-cay", "gach"]), max_size=2, unique=True
            ).map(tuple),
            "level": st.sampled_from([(), ("3",), ("7",), ("9",)]),
            "price": st.sampled_from([(), ("thap",), ("cao",)]),
        }
    ),
    confirmed_on=st.sampled_from([None, 0, 100, 181, 365, 366, 2_000]).map(
        lambda days: None if days is None else date.today() - timedelta(days=days)
    ),
    readiness=st.sampled_from([None, 3, 9]),
)
#: (kind, group: none, its own, or one of two shared with other objects; its language versions).
_object = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(["", "own", "g1", "g2"]),
    st.dictionaries(st.sampled_from(LANGUAGES), _version, min_size=1),
)
_query = st.builds(
    SearchQuery,
    text=st.lists(st.sampled_from(TYPED), max_size=6).map(" ".join),
    kinds=st.sampled_from([(), ("offer",), ("lab", "page")]),
    language=st.sampled_from(["vi", "en", ""]),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "sector": st.sampled_from([("lua",), ("nong-nghiep",), ("gach", "dua")]),
            "level": st.sampled_from([("7",), ("3", "1")]),
            "price": st.just(("cao",)),
            "age": st.sampled_from([("new",), ("older", "old"), ("unheard",)]),
            "unheard": st.just(("of",)),
        },
    ),
    facets=st.sampled_from([(), ("sector", "level", "price", "age", "unheard")]),
    sort=st.sampled_from(list(Sort)),
    page_size=st.just(50),
    audience=st.sampled_from(["public", "registered"]),
    verbatim=st.booleans(),
    count_kinds=st.booleans(),
)


def made(objects: list[tuple[str, str, dict[str, SearchDocument]]]) -> list[SearchDocument]:
    """Return the documents of drawn objects, all languages of one together."""
    return [
        replace(
            version,
            kind=kind,
            id=str(number),
            language=language,
            collapse_key={"own": f"{kind}:{number}"}.get(group, group),
        )
        for number, (kind, group, versions) in enumerate(objects)
        for language, version in versions.items()
    ]


def told(page: SearchPage) -> dict[str, Any]:
    """Return all of a page that must not depend on the engine."""
    return {
        "found": sorted((hit.kind, hit.id, hit.language) for hit in page.hits),
        "total": page.total,
        "facets": dict(page.facets),
        "kinds": dict(page.kind_counts),
        "partial": page.partial,
        "slipped": page.slipped,
    }


class TestAgreement(ContractBase):
    @pytest.fixture(autouse=True)
    def _age_too(self, _only_these_facets: None) -> None:
        sources._facets[FRESHNESS.name] = FRESHNESS
        assert len(sources._facets) == len(FACETS) + 1

    @pytest.fixture
    def engines(
        self, _age_too: None, db: None, settings: object
    ) -> Iterator[tuple[EmbeddedEngine, ElasticsearchEngine]]:
        with fresh_engine(settings) as elasticsearch:
            yield EmbeddedEngine(), elasticsearch

    @settings(
        max_examples=120,
        deadline=None,
        # An example is small already; making it smaller takes minutes of requests.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        objects=st.lists(_object, min_size=1, max_size=12),
        changed=st.lists(_object, max_size=4),
        removed=st.lists(st.integers(0, 11), max_size=2),
        queries=st.lists(_query, min_size=1, max_size=4),
    )
    def test_sets_totals_and_counts_are_the_same(
        self,
        engines: tuple[SearchEngine, SearchEngine],
        objects: list[Any],
        changed: list[Any],
        removed: list[int],
        queries: list[SearchQuery],
    ) -> None:
        everything = [(kind, str(number)) for kind in KINDS for number in range(12)]
        for engine in engines:
            engine.delete(everything)
            engine.index(made(objects))
            # Published again, perhaps in other languages and groups; then some are hidden.
            engine.index(made(changed))
            engine.delete([(kind, str(number)) for kind in KINDS for number in removed])
        embedded, elasticsearch = engines
        assert embedded.count() == elasticsearch.count()
        assert embedded.count_by_kind() == elasticsearch.count_by_kind()  # type: ignore[attr-defined]
        for query in queries:
            assert told(elasticsearch.search(query)) == told(embedded.search(query)), query
