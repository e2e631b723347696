"""The part of the engines' suite with questions nobody asks in good faith."""

from __future__ import annotations

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st
from search_contract import ContractBase, offer
from search_contract_brute_force import SHARED

from search import service
from search.contracts import InvalidQuery, SearchEngine, SearchPage, SearchQuery, Sort

#: Seconds an answer may take: of work of this process (issue 10), and of waiting for servers on a
#: machine that runs other tests.
AT_ONCE, WAIT = 0.1, 0.5
#: The best of so many counts, each after a longer pause: what else the machine does comes in bursts.
TRIES = 8
PAUSE = 0.05

_OPERATORS = (
    "title:máy OR _exists_:price", '"máy sấy"~5', "/.*/", "máy*", "?????", "(((((", "a AND NOT b",
    "máy^9999", "+máy -sấy", "{!lucene}*:*", "* OR 1=1; --", "' OR ''='", "NEAR(a b)", "máy\x00sấy",
    "\ud800\udfff", "\ue000ai", "ꜣ00e000", "%00%ff", "../../_search", "[* TO *]", "\\", "<mark>",
)  # fmt: skip
_any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
_typed = st.one_of(
    st.sampled_from(_OPERATORS),
    _any_text,
    st.lists(st.one_of(st.sampled_from(_OPERATORS), _any_text), max_size=6).map(" ".join),
    st.sampled_from("máy?*\x00𝒳́½").map(lambda char: char * 300),
    st.integers(2, 40).map(lambda count: " ".join(f"nghiêng{n}" for n in range(count))),
)
_names = st.one_of(
    st.sampled_from(
        ["sector", "level", "price", "_id", "every", "facets.*", "", "a.b", "hidden_for"]
    ),
    st.text(max_size=12),
)
_codes = st.lists(_any_text, max_size=3).map(tuple)


class HostileContract(ContractBase):
    """Whatever is asked, a page comes back, soon, and tells no more than it may."""

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=SHARED,
    )
    @example(text="máy" * 100, filters={}, kinds=(), page=1, sort=Sort.RELEVANCE, facets=())
    @given(
        text=_typed,
        filters=st.dictionaries(_names, _codes, max_size=3),
        kinds=st.lists(st.one_of(st.just("offer"), _any_text), max_size=2).map(tuple),
        page=st.one_of(st.integers(1, 40), st.just(10**9)),
        sort=st.sampled_from(list(Sort)),
        facets=st.lists(_names, max_size=3, unique=True).map(tuple),
    )
    def test_a_hostile_question_gets_a_page_or_a_plain_no(
        self,
        engine: SearchEngine,
        text: str,
        filters: dict[str, tuple[str, ...]],
        kinds: tuple[str, ...],
        page: int,
        sort: Sort,
        facets: tuple[str, ...],
    ) -> None:
        engine.index([offer("1", "Máy sấy", facets={"price": ("cao",), "sector": ("lua",)})])
        query = SearchQuery(
            text=text,
            filters=filters,
            kinds=kinds,
            page=page,
            sort=sort,
            facets=facets,
            count_kinds=True,
        )
        try:
            service.check(query)
        except InvalidQuery:
            return
        found = _soon(engine, query)
        assert "price" not in found.facets
        assert found.total in {0, 1}
        assert len(engine.suggest(text, kinds, "vi", 8)) <= 1


def _soon(engine: SearchEngine, query: SearchQuery) -> SearchPage:
    took = []
    for turn in range(TRIES):
        time.sleep(PAUSE * turn)
        work, wait = time.process_time(), time.perf_counter()
        page = engine.search(query)
        took.append((time.process_time() - work, time.perf_counter() - wait))
        worked, waited = took[-1]
        if worked <= AT_ONCE and waited <= WAIT:
            return page
    raise AssertionError(f"{took} s for {query!r}")
