"""How words are read when they are not quite those of an entry; every engine's test inherits it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
from search_contract import ContractBase, ids, offer

from search.contracts import SearchEngine, SearchQuery


class ReadingContract(ContractBase):
    """Slips are answered with an offer or found one key away, and the page can say which."""

    @pytest.mark.parametrize(
        ("typed", "offered"),
        [
            ("máy sấy năg lượng", "máy sấy năng lượng"),
            ("may say nag luong", "may say nang luong"),
            ("trichodrema", "trichoderma"),
            ("máy sấy lúa", ""),
            ("qwxzy", ""),
            ("mđ", ""),
            ("máy sấy 2025", ""),
        ],
    )
    def test_a_slip_is_answered_with_an_offer(
        self, engine: SearchEngine, typed: str, offered: str
    ) -> None:
        self.fill(
            engine,
            offer("1", "Máy sấy năng lượng mặt trời"),
            offer("2", "Nấm Trichoderma ủ rơm"),
            offer("3", "Máy sấy lúa"),
        )
        page = engine.search(SearchQuery(text=typed))
        assert page.suggestion == offered
        # Offered, never put in place of what was typed: the page tells what it did instead.
        assert not page.decoded
        if offered:
            assert page.relaxed or page.slipped
        assert engine.search(SearchQuery(text=typed, verbatim=True)).suggestion == ""

    @pytest.mark.parametrize(
        ("written", "typed"),
        [("chitosan", "chitoasn"), ("biogas", "biogs"), ("enzym", "enzyn"), ("cacao", "cacoa")],
    )
    def test_a_word_of_five_letters_is_found_one_key_away(
        self, engine: SearchEngine, written: str, typed: str
    ) -> None:
        self.fill(engine, offer("1", f"Thiết bị {written}"), offer("2", "Gạch men"))
        page = engine.search(SearchQuery(text=typed))
        assert ids(page) == ["1"]
        assert page.slipped == (typed,)
        assert engine.search(SearchQuery(text=typed, verbatim=True)).total == 0

    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("tram", "trma"),  # four letters have too many neighbours
            ("gừng", "gung1"),  # letters alone
            ("enzym", "anzym"),  # the first letter is the one people hit
            ("chitosan", "shitosan"),
            ("chitosan", "chitasen"),  # two keys away
            ("tcvn 56031", "tcvn 56032"),  # one digit off is another entry
        ],
    )
    def test_no_other_slip_is_forgiven(
        self, engine: SearchEngine, written: str, typed: str
    ) -> None:
        self.fill(engine, offer("1", f"Thiết bị {written}"), offer("2", "Gạch men"))
        page = engine.search(SearchQuery(text=typed))
        assert page.slipped == ()
        assert page.total == 0 or page.partial

    def test_marks_weigh_in_only_when_they_were_typed(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Máy xay dứa"), offer("2", "Máy xay dừa"))

        def parts(typed: str) -> set[str]:
            page = engine.search(SearchQuery(text=typed, explain=True))
            assert page.total == 2
            return {part.part for part in chain(*(hit.explanation for hit in page.hits))}

        assert "marks" in parts("xay dừa")
        assert "marks" not in parts("xay dua")
        assert "pair" in parts("xay dua")

    def test_the_autocomplete_keeps_to_its_rows(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            *(
                replace(offer(str(number), f"Máy sấy {number}"), kind=("offer", "lab")[number % 2])
                for number in range(20)
            ),
        )
        for limit in (8, 5, 1):
            rows = engine.suggest("máy s", (), "vi", limit)
            assert len(rows) == len({row.url for row in rows}) == limit
        assert {row.group for row in engine.suggest("máy s", (), "vi", 8)} <= {"offer", "lab"}

    def test_suggestions_go_on_however_much_is_typed(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Bioreactor nuôi cấy vi tảo trong nhà kính"),
            offer("2", "Hệ bioreactor màng"),
            offer("3", "Bioreactor mini"),
        )
        for typed in ("b", "bio", "biorea", "bioreact", "bioreactor"):
            rows = [row.text for row in engine.suggest(typed, (), "vi", 8)]
            assert rows == [
                "Bioreactor mini",
                "Bioreactor nuôi cấy vi tảo trong nhà kính",
                "Hệ bioreactor màng",
            ]
            assert [row.text for row in engine.suggest(typed, (), "vi", 2)] == rows[:2]
        whole = "bioreactor nuoi cay vi tao trong nha kinh"
        for length in range(len("bioreactor n"), len(whole) + 1):
            if whole[length - 1] != " ":
                rows = [row.text for row in engine.suggest(whole[:length], (), "vi", 8)]
                assert rows == ["Bioreactor nuôi cấy vi tảo trong nhà kính"]

    def test_a_suggestion_has_every_word_however_long_the_text(self, engine: SearchEngine) -> None:
        khmer = "ក្រុម" * 40
        self.fill(engine, offer("1", f"{khmer} máy"), offer("2", f"{khmer} lò"))
        assert [row.text for row in engine.suggest(f"{khmer} l", (), "vi", 8)] == [f"{khmer} lò"]
