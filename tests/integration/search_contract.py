"""What every search engine must do, told as what a visitor meets. Each engine's test inherits it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from search import sources
from search.contracts import FacetSpec, SearchDocument, SearchEngine, SearchPage, SearchQuery, Sort

SECTOR_PARENTS = {"trai-cay": "nong-nghiep", "lua": "nong-nghiep", "dua": "trai-cay"}


def _labels(codes: object) -> dict[str, str]:
    return {code: code.replace("-", " ") for code in codes}  # type: ignore[attr-defined]


FACETS = [
    FacetSpec(
        name="sector",
        label="Lĩnh vực",
        kinds=frozenset({"offer", "lab"}),
        labels=_labels,
        parameter="linh-vuc",
        parent_of=lambda: SECTOR_PARENTS,
        display="tree",
    ),
    FacetSpec(
        name="level",
        label="TRL",
        kinds=frozenset({"offer"}),
        labels=_labels,
        parameter="trl",
        order="value",
    ),
    FacetSpec(
        name="price",
        label="Giá",
        kinds=frozenset({"offer"}),
        labels=_labels,
        parameter="gia",
        audience="registered",
    ),
]


def offer(identity: str, title: str, **values: object) -> SearchDocument:
    """Return an offer with the given parts."""
    facets = values.pop("facets", {})
    base = SearchDocument(kind="offer", id=identity, title=title, url=f"/cong-nghe/{identity}/")
    return replace(base, facets=facets, **values)  # type: ignore[arg-type]


def ids(page: SearchPage) -> list[str]:
    """Return the identifiers of a page, in order."""
    return [hit.id for hit in page.hits]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    """Return code → count of a facet."""
    return {value.code: value.count for value in page.facets[facet]}


class ContractBase:
    """A subclass gives the `engine` fixture: empty, and writing at once."""

    @pytest.fixture(autouse=True)
    def _only_these_facets(self) -> Iterator[None]:
        kept = dict(sources._facets)
        sources._facets.clear()
        sources._facets.update({spec.name: spec for spec in FACETS})
        yield
        sources._facets.clear()
        sources._facets.update(kept)

    def fill(self, engine: SearchEngine, *documents: SearchDocument) -> None:
        engine.index(documents)


class SearchContract(ContractBase):
    """What a visitor may count on, whichever engine answers."""

    # Words --------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("Công nghệ sinh học cho giống cây", "cong nghe sinh hoc"),
            ("Công nghệ sinh học cho giống cây", "CNSH"),
            ("Công nghệ sinh học cho giống cây", "CONG NGHE SINH HOC"),
            ("Ứng dụng CNSH trong trồng trọt", "công nghệ sinh học"),
            ("Sở Khoa học và Công nghệ", "KH&CN"),
            ("Nhiệm vụ KH&CN cấp tỉnh", "khoa học và công nghệ"),
            ("Nhiệm vụ KHCN cấp tỉnh", "KH&CN"),
            ("Hoà tan phân bón", "hòa tan"),
            ("Hòa tan phân bón", "hoà tan"),
            ("Thuỷ sản nước lợ", "thủy sản"),
            ("Cà phê Đắk Lắk", "dak lak"),
            ("Cà phê Đắk Lắk", "đắk lắk"),
            ("Máy bơm 20 m³ mỗi giờ", "m3"),
            ("Máy bơm 20 m3 mỗi giờ", "m³"),
            ("Năng suất 500 kg/h", "kg/h"),
            ("Cảm biến theo chuẩn OPC-UA", "OPC-UA"),
            ("Cảm biến theo chuẩn OPC-UA", "opcua"),
            ("Cảm biến theo chuẩn OPC UA", "OPC-UA"),
            ("Đạt TCVN 5603", "tcvn 5603"),
            ("Vắc-xin cho cá tra", "vac xin"),
            ("Trồng khóm trên đất phèn", "dứa"),
            ("Chăn nuôi lợn", "heo"),
            ("Giám sát bằng AI", "AI"),
            ("Trí tuệ nhân tạo đếm tôm", "AI"),
            ("Internet vạn vật", "iot"),
        ],
    )
    def test_a_visitor_finds_it_however_typed(
        self, engine: SearchEngine, written: str, typed: str
    ) -> None:
        self.fill(engine, offer("1", written), offer("2", "Gạch không nung"))
        assert ids(engine.search(SearchQuery(text=typed))) == ["1"]
        decomposed = unicodedata.normalize("NFD", typed)
        assert ids(engine.search(SearchQuery(text=decomposed))) == ["1"]

    def test_text_stored_decomposed_is_found(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", unicodedata.normalize("NFD", "Đường thốt nốt")))
        page = engine.search(SearchQuery(text="đường"))
        assert ids(page) == ["1"]
        assert page.hits[0].title_html == "<mark>Đường</mark> thốt nốt"

    @pytest.mark.parametrize(
        ("written", "typed"),
        [
            ("Dừa sáp Cầu Kè", "dứa sáp Cầu Kè khóm"),
            ("Ai cũng trồng được", "AI"),
            ("Khuyến mãi tháng này", "KN"),
        ],
    )
    def test_lookalikes_are_not_synonyms(
        self, engine: SearchEngine, written: str, typed: str
    ) -> None:
        self.fill(engine, offer("1", written))
        page = engine.search(SearchQuery(text=typed))
        assert page.partial or not page.hits

    def test_all_words_are_wanted(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Máy gặt lúa"),
            offer("2", "Máy gặt cỏ"),
            offer("3", "Lúa hữu cơ", summary="Không gặt bằng máy"),
        )
        page = engine.search(SearchQuery(text="gặt lúa"))
        assert ids(page) == ["1", "3"]
        assert not page.partial

    def test_the_last_word_may_be_unfinished(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Năng lượng mặt trời"), offer("2", "Năng suất lúa"))
        assert ids(engine.search(SearchQuery(text="năng lượ"))) == ["1"]
        assert ids(engine.search(SearchQuery(text="nang luo"))) == ["1"]
        assert (
            not engine.search(SearchQuery(text="nan suat")).hits
            or engine.search(SearchQuery(text="nan suat")).partial
        )

    def test_title_over_summary_over_body(self, engine: SearchEngine) -> None:
        filler = "thiết bị dùng trong nông trại nhỏ"
        self.fill(
            engine,
            offer("body", "Thiết bị một", summary=filler, body="Nói về dừa"),
            offer("title", "Thiết bị dừa", summary=filler, body="Nói về nó"),
            offer("summary", "Thiết bị hai", summary=f"{filler} dừa", body="Nói về"),
        )
        assert ids(engine.search(SearchQuery(text="dừa"))) == ["title", "summary", "body"]

    def test_exact_marks_rank_higher_but_exclude_nothing(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Máy xay dứa"), offer("2", "Máy xay dừa"))
        assert ids(engine.search(SearchQuery(text="dừa"))) == ["2", "1"]

    def test_a_fresh_entry_goes_before_a_stale_one_of_the_same_text(
        self, engine: SearchEngine
    ) -> None:
        self.fill(
            engine,
            offer("old", "Máy sấy", confirmed_on=date(2019, 1, 1)),
            offer("new", "Máy sấy", confirmed_on=date.today()),
        )
        assert ids(engine.search(SearchQuery(text="máy sấy"))) == ["new", "old"]

    def test_keywords_are_found_and_never_shown(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Máy sấy", summary="Gọn nhẹ", keywords="CN 0412 Vũng Liêm"))
        page = engine.search(SearchQuery(text="vung liem"))
        assert ids(page) == ["1"]
        assert "Vũng" not in page.hits[0].fragment_html

    # Relaxation ---------------------------------------------------------------------------------

    def test_where_none_has_all_words_those_with_most_are_shown(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Máy sấy lúa"), offer("2", "Máy gặt"), offer("3", "Gạch men"))
        page = engine.search(SearchQuery(text="máy sấy blockchain"))
        assert ids(page) == ["1"]
        assert page.partial
        assert page.relaxed == ("blockchain",)
        nothing = engine.search(SearchQuery(text="máy sấy blockchain", verbatim=True))
        assert nothing.total == 0

    def test_a_question_meets_its_answer(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Hệ thống sấy lúa bằng trấu", body="Sấy lúa không gãy hạt, đốt bằng trấu."),
            offer("2", "Gạch men", body="Cho nhà ở."),
        )
        page = engine.search(SearchQuery(text="làm sao để sấy lúa mà hạt không bị gãy vỡ nhiều?"))
        assert ids(page)[0] == "1"
        assert page.partial

    def test_narrowing_never_relaxes(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Máy sấy lúa", facets={"level": ("7",)}),
            offer("2", "Máy gặt", facets={"level": ("9",)}),
        )
        page = engine.search(SearchQuery(text="máy sấy", filters={"level": ("9",)}))
        assert page.total == 0
        assert not page.partial

    def test_synonyms_are_told_and_can_be_switched_off(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Chăn nuôi lợn"))
        page = engine.search(SearchQuery(text="heo"))
        assert page.synonyms == ("lợn",)
        assert engine.search(SearchQuery(text="heo", verbatim=True)).total == 0

    # Facets -------------------------------------------------------------------------------------

    def test_facets_are_or_inside_and_between_and_ignore_themselves(
        self, engine: SearchEngine
    ) -> None:
        self.fill(
            engine,
            offer("1", "Máy sấy một", facets={"sector": ("lua",), "level": ("7",)}),
            offer("2", "Máy sấy hai", facets={"sector": ("dua",), "level": ("7",)}),
            offer("3", "Máy sấy ba", facets={"sector": ("dua",), "level": ("9",)}),
        )
        page = engine.search(
            SearchQuery(
                text="máy sấy",
                filters={"sector": ("lua", "dua"), "level": ("7",)},
                facets=("sector", "level"),
            )
        )
        assert sorted(ids(page)) == ["1", "2"]
        assert counts(page, "sector") == {"nong-nghiep": 2, "lua": 1, "dua": 1, "trai-cay": 1}
        assert counts(page, "level") == {"7": 2, "9": 1}

    def test_a_parent_holds_what_its_children_hold(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Dầu dừa", facets={"sector": ("dua",)}))
        page = engine.search(SearchQuery(filters={"sector": ("nong-nghiep",)}, facets=("sector",)))
        assert ids(page) == ["1"]
        parents = {value.code: value.parent for value in page.facets["sector"]}
        assert parents == {"dua": "trai-cay", "trai-cay": "nong-nghiep", "nong-nghiep": ""}

    def test_a_selected_value_is_shown_even_at_zero(self, engine: SearchEngine) -> None:
        self.fill(engine, offer("1", "Máy sấy", facets={"sector": ("lua",), "level": ("7",)}))
        page = engine.search(
            SearchQuery(filters={"level": ("3",), "sector": ("lua",)}, facets=("level", "sector"))
        )
        assert page.total == 0
        chosen = {value.code: (value.count, value.selected) for value in page.facets["level"]}
        assert chosen == {"3": (0, True), "7": (1, False)}
        assert counts(page, "sector") == {"lua": 0}

    def test_values_stand_by_count_or_by_code(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "A", facets={"sector": ("lua",), "level": ("9",)}),
            offer("2", "B", facets={"sector": ("gach",), "level": ("2",)}),
            offer("3", "C", facets={"sector": ("gach",), "level": ("9",)}),
        )
        page = engine.search(SearchQuery(facets=("sector", "level")))
        assert [value.code for value in page.facets["level"]] == ["2", "9"]
        assert [value.code for value in page.facets["sector"]] == ["gach", "lua", "nong-nghiep"]

    def test_a_facet_for_registered_users_tells_the_public_nothing(
        self, engine: SearchEngine
    ) -> None:
        self.fill(
            engine,
            offer("1", "Máy sấy", facets={"price": ("thap",)}),
            offer("2", "Máy gặt", facets={"price": ("cao",)}),
        )
        asked = SearchQuery(filters={"price": ("cao",)}, facets=("price", "level"))
        public = engine.search(asked)
        assert public.total == 2
        assert "price" not in public.facets
        registered = engine.search(replace(asked, audience="registered"))
        assert ids(registered) == ["2"]
        assert counts(registered, "price") == {"thap": 1, "cao": 1}

    def test_tabs_count_what_each_kind_would_show(self, engine: SearchEngine) -> None:
        lab = replace(offer("9", "Phòng sấy"), kind="lab", facets={"sector": ("lua",)})
        self.fill(
            engine,
            offer("1", "Máy sấy", facets={"sector": ("lua",), "level": ("7",)}),
            offer("2", "Máy sấy", facets={"sector": ("gach",), "level": ("7",)}),
            lab,
        )
        asked = SearchQuery(
            text="sấy",
            kinds=("offer",),
            filters={"sector": ("lua",), "level": ("7",)},
            count_kinds=True,
        )
        page = engine.search(asked)
        assert ids(page) == ["1"]
        assert page.kind_counts == {"offer": 1, "lab": 1}

    # Languages ----------------------------------------------------------------------------------

    def test_a_reader_meets_each_thing_once_in_her_language(self, engine: SearchEngine) -> None:
        vi = replace(offer("1", "Máy sấy solar"), collapse_key="o1")
        en = replace(vi, title="Solar dryer", language="en", url="/en/x/")
        self.fill(engine, vi, en, offer("2", "Gạch solar"))
        assert sorted(hit.url for hit in engine.search(SearchQuery(text="solar")).hits) == [
            "/cong-nghe/1/",
            "/cong-nghe/2/",
        ]
        english = engine.search(SearchQuery(text="solar", language="en"))
        assert sorted(hit.url for hit in english.hits) == ["/cong-nghe/2/", "/en/x/"]
        assert engine.delete([("offer", "1")]) == 2
        assert engine.search(SearchQuery(text="solar", language="en")).total == 1

    # Order and pages ----------------------------------------------------------------------------

    def test_orders(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Ổi", readiness=3, confirmed_on=date(2026, 5, 1)),
            offer("2", "Ớt", readiness=9, confirmed_on=date(2026, 1, 1)),
            offer("3", "Đu đủ", readiness=9, confirmed_on=date(2026, 3, 1)),
            offer("4", "Dừa"),
        )

        def by(sort: Sort) -> list[str]:
            return ids(engine.search(SearchQuery(sort=sort)))

        assert by(Sort.TITLE) == ["4", "3", "1", "2"]
        assert by(Sort.CONFIRMED) == ["1", "3", "2", "4"]
        assert by(Sort.READINESS) == ["3", "2", "1", "4"]
        assert by(Sort.RELEVANCE) == by(Sort.CONFIRMED)

    @pytest.mark.parametrize("sort", list(Sort))
    @pytest.mark.parametrize("typed", ["", "máy"])
    def test_pages_never_overlap_and_leave_nothing_out(
        self, engine: SearchEngine, sort: Sort, typed: str
    ) -> None:
        same = date(2026, 1, 1)
        documents = [
            offer(str(number), "Máy sấy", readiness=5, confirmed_on=same) for number in range(700)
        ]
        self.fill(engine, *documents)
        seen: list[str] = []
        for number in range(1, 15):
            page = engine.search(
                SearchQuery(text=typed, sort=sort, page=number, page_size=50, highlight=False)
            )
            seen += ids(page)
        assert sorted(seen) == sorted(document.id for document in documents)
        assert page.pages == 14

    # Highlights ---------------------------------------------------------------------------------

    def test_marks_stand_on_the_accented_original(self, engine: SearchEngine) -> None:
        body = (
            "Mở đầu rất dài. " * 20
            + "Sấy trái cây bằng năng lượng mặt trời ở Đắk Lắk. "
            + "x " * 90
        )
        self.fill(engine, offer("1", "Máy sấy Đắk Lắk", body=body))
        hit = engine.search(SearchQuery(text="dak lak mat troi")).hits[0]
        assert hit.title_html == "Máy sấy <mark>Đắk Lắk</mark>"
        assert "<mark>mặt trời</mark> ở <mark>Đắk Lắk</mark>" in hit.fragment_html
        assert len(re.sub("<[^>]+>", "", hit.fragment_html)) < 170

    def test_hostile_text_stays_text(self, engine: SearchEngine) -> None:
        title = "<script>alert('sấy')</script> & \"máy\""
        body = "<img src=x onerror=alert(1)> máy sấy <b>đậm</b> <mark>giả</mark>"
        self.fill(engine, offer("1", title, summary=body))
        for typed in ["máy sấy", "script", "<script>", "img src", "b", "amp", "lt mark"]:
            for hit in engine.search(SearchQuery(text=typed)).hits:
                for given_back, original in [(hit.title_html, title), (hit.fragment_html, body)]:
                    bare = given_back.replace("<mark>", "").replace("</mark>", "")
                    assert "<" not in bare
                    assert html.unescape(bare) == original

    # Writing ------------------------------------------------------------------------------------

    def test_changed_and_removed_entries_are_found_as_they_are_now(
        self, engine: SearchEngine
    ) -> None:
        self.fill(engine, offer("1", "Máy sấy lúa", facets={"sector": ("lua",)}))
        engine.index([offer("1", "Máy gặt", facets={"sector": ("dua",)})])
        assert engine.search(SearchQuery(text="sấy")).total == 0
        page = engine.search(SearchQuery(text="máy", facets=("sector",)))
        assert counts(page, "sector") == {"dua": 1, "trai-cay": 1, "nong-nghiep": 1}
        assert engine.delete([("offer", "1"), ("offer", "none")]) == 1
        assert engine.search(SearchQuery()).total == 0
        assert engine.count() == 0

    def test_a_lost_language_goes_with_the_next_writing(self, engine: SearchEngine) -> None:
        vi = replace(offer("1", "Máy sấy"), collapse_key="o1")
        self.fill(engine, vi, replace(vi, title="Dryer", language="en"))
        engine.index([vi])
        assert engine.search(SearchQuery(text="dryer", language="")).total == 0
        assert ids(engine.search(SearchQuery(language="en"))) == ["1"]

    def test_payload_and_dates_come_back(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer(
                "1",
                "Máy",
                payload={"số": "CN 0412", "ảnh": None, "vai": ["a"]},
                confirmed_on=date(2026, 4, 5),
                is_demo=True,
            ),
        )
        hit = engine.search(SearchQuery()).hits[0]
        assert hit.payload == {"số": "CN 0412", "ảnh": None, "vai": ["a"]}
        assert (hit.confirmed_on, hit.is_demo, hit.language) == (date(2026, 4, 5), True, "vi")

    # Autocomplete -------------------------------------------------------------------------------

    def test_titles_are_suggested_while_typing(self, engine: SearchEngine) -> None:
        self.fill(
            engine,
            offer("1", "Máy sấy năng lượng mặt trời"),
            offer("2", "Lò và máy sấy"),
            replace(offer("3", "Máy sàng"), kind="lab"),
            offer("4", "Gạch <b>máy</b>", summary="sấy"),
        )
        rows = engine.suggest("may s", (), "vi", 8)
        assert [(row.group, row.text) for row in rows] == [
            ("lab", "Máy sàng"),
            ("offer", "Máy sấy năng lượng mặt trời"),
            ("offer", "Lò và máy sấy"),
        ]
        assert rows[1].html.startswith("<mark>Máy sấy</mark>")
        assert rows[1].url == "/cong-nghe/1/"
        assert [row.text for row in engine.suggest("may s", ("lab",), "vi", 8)] == ["Máy sàng"]
        assert len(engine.suggest("m", (), "vi", 2)) == 2
        assert "<b>" not in engine.suggest("gạch", (), "vi", 8)[0].html
        assert engine.suggest("!!", (), "vi", 8) == []

    # Hostile input ------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "typed",
        [
            '"',
            "'",
            "''; DROP TABLE x; --",
            "AND OR NEAR NOT *",
            "máy AND",
            "NEAR(máy sấy, 2)",
            "title:máy",
            "{title} : máy",
            "^máy",
            "máy*",
            "máy\x00sấy",
            "\ud800máy\udfff",
            "a" * 10_000,
            "%s %d %",
            "\\",
            "*" * 200,
            "ﷺ ⓐ İstanbul ﬁ",
            "ក្រុម ไทย 漢字",
            "\u0301\u0301\u0301",
            "e\u0301\u0301\u0301\u0301",
            "\ue000ai",
        ],
    )
    def test_a_hostile_query_gets_a_normal_page(self, engine: SearchEngine, typed: str) -> None:
        self.fill(engine, offer("1", "Máy sấy"), offer("2", typed or "x", body=typed * 3))
        for page in (
            engine.search(SearchQuery(text=typed)),
            engine.search(SearchQuery(text=typed, filters={"sector": (typed,)})),
            engine.search(SearchQuery(text=typed, kinds=(typed,))),
        ):
            assert page.total >= 0
        engine.suggest(typed, (), "vi", 8)
        assert engine.search(SearchQuery(text="máy sấy")).total >= 1
