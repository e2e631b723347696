"""The part of the engines' suite that compares them with counting everything by hand."""

from __future__ import annotations

import html
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from search_contract import SECTOR_PARENTS, ContractBase, counts, ids, offer

from search import text
from search.contracts import SearchDocument, SearchEngine, SearchQuery

#: Every engine's class runs the same tests, each example in an emptied index.
SHARED = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.differing_executors,
]


class BruteForceContract(ContractBase):
    """Sets, totals and counts are what they must be, for any entries and any question."""

    _words = st.sampled_from(["máy", "sấy", "lúa", "dừa", "nước", "công", "nghệ", "ong"])
    _sectors = st.lists(
        st.sampled_from(["lua", "dua", "trai-cay", "gach"]), max_size=2, unique=True
    )
    _documents = st.lists(
        st.tuples(
            st.lists(_words, min_size=1, max_size=3),
            st.lists(_words, max_size=4),
            _sectors,
            st.sampled_from(["", "3", "7", "9"]),
            st.sampled_from(["offer", "lab"]),
        ),
        min_size=1,
        max_size=25,
    )
    _asked = st.tuples(
        st.lists(_words, max_size=3),
        st.lists(
            st.sampled_from(["lua", "dua", "trai-cay", "nong-nghiep"]), max_size=2, unique=True
        ),
        st.lists(st.sampled_from(["3", "7", "9", "1"]), max_size=2, unique=True),
        st.sampled_from([(), ("offer",), ("lab",)]),
    )

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=SHARED,
    )
    @given(documents=_documents, asked=_asked)
    def test_sets_and_counts_equal_brute_force(
        self, engine: SearchEngine, documents: list, asked: tuple
    ) -> None:
        engine.delete([(kind, str(n)) for n in range(25) for kind in ("offer", "lab")])
        made = [
            SearchDocument(
                kind=kind,
                id=str(number),
                title=" ".join(title),
                body=" ".join(body),
                url="/",
                facets={"sector": tuple(sectors), "level": (level,) if level else ()},
            )
            for number, (title, body, sectors, level, kind) in enumerate(documents)
        ]
        self.fill(engine, *made)
        words, sectors, levels, kinds = asked
        query = SearchQuery(
            text=" ".join(words),
            kinds=kinds,
            filters={"sector": tuple(sectors), "level": tuple(levels)},
            facets=("sector", "level"),
            page_size=50,
            verbatim=True,
            count_kinds=True,
        )
        page = engine.search(query)

        def rolled(document: SearchDocument) -> set[str]:
            found = set(document.facets["sector"])
            for code in list(found):
                while code := SECTOR_PARENTS.get(code, ""):
                    found.add(code)
            return found

        def has_words(document: SearchDocument) -> bool:
            own = text.folded(text.tokens(f"{document.title} {document.body}"))
            everywhere = {
                word
                for item in made
                for word in text.folded(text.tokens(f"{item.title} {item.body}"))
            }
            wanted = list(dict.fromkeys(text.folded(words)))
            return all(
                word in own
                or (
                    place == len(wanted) - 1
                    and word not in everywhere
                    and any(item.startswith(word) for item in own)
                )
                for place, word in enumerate(wanted)
            )

        def passes(document: SearchDocument, without: str = "") -> bool:
            return (
                without == "sector" or not sectors or bool(rolled(document) & set(sectors))
            ) and (
                without == "level"
                or not levels
                or bool(set(document.facets["level"]) & set(levels))
            )

        matching = [item for item in made if has_words(item)]
        own = [item for item in matching if not kinds or item.kind in kinds]
        expected = {item.id for item in own if passes(item)}
        assert set(ids(page)) == expected
        assert page.total == len(expected)
        by_sector = Counter(code for item in own if passes(item, "sector") for code in rolled(item))
        by_level = Counter(
            code for item in own if passes(item, "level") for code in item.facets["level"]
        )
        for name, expected_counts, chosen in (
            ("sector", by_sector, sectors),
            ("level", by_level, levels),
        ):
            for code in chosen:
                expected_counts.setdefault(code, 0)
            assert counts(page, name) == dict(expected_counts)
        assert page.kind_counts == dict(
            Counter(
                item.kind
                for item in matching
                if (item.kind == "lab" or passes(item))
                and (item.kind == "offer" or passes(item, "level"))
            )
        )

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=SHARED,
    )
    @example(typed="ÁO", written="0O")
    @example(typed="0O", written="ÁO")
    @given(typed=st.text(max_size=60), written=st.text(max_size=80))
    def test_any_text_in_any_query_is_answered(
        self, engine: SearchEngine, typed: str, written: str
    ) -> None:
        engine.index([offer("1", written, summary=written, body=written)])
        for query in (typed, written):
            for hit in engine.search(SearchQuery(text=query)).hits:
                bare = hit.title_html.replace("<mark>", "").replace("</mark>", "")
                assert html.unescape(bare) == text.clean(written)
            engine.suggest(query, (), "vi", 8)
        words = text.tokens(written)
        if words and len(words) < 40:
            assert engine.search(SearchQuery(text=written)).total == 1
