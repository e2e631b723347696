"""How much a check by staff and freshness weigh, and that staff are told; every engine's test inherits it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from search_contract import FACETS, ContractBase, ids, offer

from search import sources
from search.contracts import SearchDocument, SearchEngine, SearchQuery, Sort


class TrustContract(ContractBase):
    """Gentle weights beside those of the words."""

    @pytest.mark.parametrize("checked", ["1", "2"])
    def test_a_checked_entry_goes_before_an_unchecked_one_of_the_same_text(
        self, engine: SearchEngine, checked: str
    ) -> None:
        today = date.today()
        self.fill(
            engine,
            *(
                offer(number, "Máy sấy", confirmed_on=today, verified=number == checked)
                for number in ("1", "2")
            ),
            offer("3", "Máy sấy máy sấy máy sấy", confirmed_on=today),
        )
        assert ids(engine.search(SearchQuery(text="máy sấy")))[1:] == [
            checked,
            "2" if checked == "1" else "1",
        ]

    def test_no_check_lifts_a_stale_entry_over_a_fresh_one(self, engine: SearchEngine) -> None:
        def days_ago(days: int) -> date:
            return date.today() - timedelta(days=days)

        self.fill(
            engine,
            offer("stale", "Máy sấy", confirmed_on=days_ago(190), verified=True),
            offer("never", "Máy sấy", verified=True),
            offer("fresh", "Máy sấy", confirmed_on=days_ago(170)),
        )
        assert ids(engine.search(SearchQuery(text="máy sấy"))) == ["fresh", "stale", "never"]

    def test_the_day_of_what_is_only_dated_orders_lists_and_says_nothing_else(
        self, engine: SearchEngine
    ) -> None:
        today = date.today()

        def article(identity: str, day: date) -> SearchDocument:
            return replace(offer(identity, "Máy sấy", confirmed_on=day), kind="news")

        self.fill(
            engine,
            article("old", date(2009, 5, 4)),
            article("new", today),
            offer("entry", "Máy sấy", confirmed_on=today - timedelta(days=9)),
            offer("never", "Máy sấy"),
        )
        newest = engine.search(SearchQuery(sort=Sort.CONFIRMED))
        assert ids(newest) == ["new", "entry", "old", "never"]
        page = engine.search(SearchQuery(text="máy sấy", explain=True))
        assert ids(page) == ["entry", "new", "old", "never"]
        score = {hit.id: hit.score for hit in page.hits}
        assert score["new"] == score["old"] == score["never"] < score["entry"]
        told = {hit.id: {part.part for part in hit.explanation} for hit in page.hits}
        assert told["new"] == told["old"] == told["never"] == told["entry"] - {"fresh"}
        sources._facets["age"] = replace(FACETS[1], name="age", ages={"90": (0, 90)})
        fresh = engine.search(SearchQuery(filters={"age": ("90",)}))
        assert ids(fresh) == ["entry"], "an article of today was confirmed by nobody"

    def test_the_parts_told_to_staff_add_up_to_the_score(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer(
                "1",
                "Máy sấy lúa",
                summary="Sấy bằng công nghệ sinh học",
                confirmed_on=date.today(),
                verified=True,
            ),
            offer("2", "Máy gặt", body="Không sấy gì", confirmed_on=date(2024, 1, 1)),
            offer("3", "Lò sấy"),
        )
        page = engine.search(SearchQuery(text="máy sấy CNSH", explain=True))
        assert {part.part for part in page.hits[0].explanation} == {
            "word",
            "synonym",
            "marks",
            "pair",
            "fresh",
            "verified",
        }
        for hit in page.hits:
            assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, rel=1e-4)
        assert not any(hit.explanation for hit in engine.search(SearchQuery(text="máy sấy")).hits)
