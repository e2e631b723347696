"""An address becomes a question, a question one address; nothing hostile gets through."""

from __future__ import annotations

import string
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import assume, example, given
from hypothesis import strategies as st

from search import sources
from search.contracts import MAX_FACET_VALUES, FacetSpec, InvalidQuery, Sort
from search.forms import Asked, offered, read
from search.rooms import EVERYTHING, Room
from search.sources import SearchSource

COLOURS = {"do": "Đỏ", "xanh": "Xanh", "vang": "Vàng"}


def facet(name: str, kinds: str, parameter: str, **more) -> FacetSpec:
    return FacetSpec(
        name=name,
        label=name.title(),
        kinds=frozenset(kinds.split()),
        labels=lambda codes: {code: COLOURS.get(code, code) for code in codes},
        parameter=parameter,
        known=lambda code: code in COLOURS or code.isdigit(),
        **more,
    )


@pytest.fixture(autouse=True, scope="module")
def _kinds():
    """Two kinds that share a facet; one has a facet of its own, and one for those signed in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_sources", {})
        patch.setattr(sources, "_facets", {})
        for kind, slug in (("thing", "do-vat"), ("place", "noi-chon")):
            sources.register(
                SearchSource(kind, slug, slug, lambda ids: iter(()), lambda: 0, slug=slug)
            )
        for spec in (
            facet("colour", "thing place", "mau"),
            facet("level", "thing", "muc", display="histogram"),
            facet("cost", "thing", "chi-phi", audience="registered"),
        ):
            sources._facets[spec.name] = spec
        yield


SHOP = Room("market", "Chợ", "", lambda number, written: f"{written} món", kinds=("thing",))


def ask(query: str, room: Room = EVERYTHING, audience: str = "public") -> Asked:
    return read(QueryDict(query), room, audience)


class TestReading:
    def test_nothing_asked(self):
        asked = ask("")
        assert asked == Asked(room=EVERYTHING)
        assert asked.href() == "/tim-kiem/"

    def test_words_are_read_in_one_spelling(self):
        nfd = "s\u01a1\u0300  \u0111\u00f4\u0300"
        assert ask(urlencode({"q": f"  {nfd} "})).text == "sờ đồ"

    def test_values_come_repeated_or_joined(self):
        assert ask("mau=do&mau=xanh") == ask("mau=xanh,do,do,")
        assert ask("mau=do&mau=xanh").filters == {"colour": ("do", "xanh")}

    def test_shared_links_carry_noise(self):
        assert ask("q=tôm&fbclid=abc&utm_source=zalo&page=3") == ask("q=tôm")

    def test_words_are_sorted_by_relevance_lists_by_confirmation(self):
        assert ask("q=tôm").sort is Sort.RELEVANCE
        assert ask("").sort is Sort.CONFIRMED
        assert ask("sap-xep=phu-hop").sort is Sort.CONFIRMED
        assert ask("q=tôm&sap-xep=ten").sort is Sort.TITLE

    def test_a_room_of_one_kind_needs_no_tab(self):
        assert ask("loai=do-vat", SHOP) == ask("", SHOP)
        assert ask("loai=do-vat").kind == "thing"

    def test_a_list_of_several_kinds_offers_what_they_share(self):
        assert [spec.name for spec in offered(("thing", "place"), "public")] == ["colour"]
        assert ask("muc=7").filters == {}
        assert ask("loai=do-vat&muc=7").filters == {"level": ("7",)}

    def test_a_facet_for_members_is_unknown_to_others(self):
        assert ask("chi-phi=1", SHOP).filters == {}
        assert ask("chi-phi=1", SHOP, "registered").filters == {"cost": ("1",)}

    def test_verbatim_needs_words(self):
        assert ask("q=tôm&nguyen-van=1").verbatim
        assert not ask("nguyen-van=1").verbatim
        assert not ask("q=tôm&nguyen-van=co").verbatim


class TestRefusing:
    @pytest.mark.parametrize(
        ("query", "parameter", "said"),
        [
            ("mau=tim", "mau", "Bộ lọc Colour không có giá trị “tim”."),
            ("mau=" + "x" * 500, "mau", "x" * 40 + "…"),
            ("mau=do%00", "mau", "không có giá trị “do"),
            ("mau=%FF%FE", "mau", "không có giá trị"),
            ("loai=may-bay", "loai", "không có loại kết quả “may-bay”"),
            ("sap-xep=gia", "sap-xep", "Không có cách sắp xếp “gia”"),
            ("trang=0", "trang", "Số trang phải từ 1 trở lên."),
            ("trang=-2", "trang", "Số trang"),
            ("trang=hai", "trang", "Số trang"),
            ("trang=%D9%A1", "trang", "Số trang"),
            ("trang=1e3", "trang", "Số trang"),
            ("q=%00", "q", "không đọc được"),
            ("q=t%C3%B4m%00", "q", "không đọc được"),
            ("q=%FF%FE", "q", "không đọc được"),
            ("q=!!!", "q", "ít nhất một chữ cái"),
            ("q=" + "a" * 10_000, "q", "dài quá 300 ký tự"),
        ],
    )
    def test_says_what_is_wrong(self, query, parameter, said):
        with pytest.raises(InvalidQuery) as caught:
            ask(query)
        assert caught.value.field == parameter
        assert said in caught.value.message

    def test_too_many_values(self):
        many = ",".join(str(number) for number in range(MAX_FACET_VALUES + 1))
        with pytest.raises(InvalidQuery, match="tối đa 60 giá trị"):
            ask("mau=" + many)

    def test_a_page_number_without_end_is_merely_far_away(self):
        assert ask("trang=" + "9" * 5_000).page == 10**9


class TestAddresses:
    def test_canonical_parameters_are_sorted_and_without_defaults(self):
        asked = ask("trang=2&mau=xanh&q=tôm&sap-xep=phu-hop&mau=do&loai=do-vat&utm_medium=x")
        assert asked.href() == "/tim-kiem/?loai=do-vat&mau=do,xanh&q=t%C3%B4m&trang=2"

    def test_neighbours_start_on_the_first_page(self):
        asked = ask("q=tôm&mau=do,xanh&trang=4")
        assert asked.with_value("colour", "vang").href() == "/tim-kiem/?mau=do,vang,xanh&q=t%C3%B4m"
        assert asked.without_values("colour", ["do"]).href() == "/tim-kiem/?mau=xanh&q=t%C3%B4m"
        assert asked.without_facet("colour").href() == "/tim-kiem/?q=t%C3%B4m"
        assert asked.cleared().href() == "/tim-kiem/?q=t%C3%B4m"
        assert asked.word_for_word().page == 1
        assert asked.at_page(3).filters == asked.filters

    def test_a_tab_keeps_the_filters_it_knows(self):
        asked = ask("loai=do-vat&mau=do&muc=7")
        assert asked.in_kind("place").href() == "/tim-kiem/?loai=noi-chon&mau=do"
        assert asked.in_kind("").href() == "/tim-kiem/?mau=do"
        assert asked.in_room(SHOP, "thing").href() == "/thi-truong-cong-nghe/?mau=do&muc=7"

    def test_in_english_the_address_is_english(self):
        with translation.override("en"):
            assert ask("mau=do").href() == "/en/tim-kiem/?mau=do"

    def test_a_third_facet_is_not_for_search_engines(self):
        assert ask("loai=do-vat&mau=do&muc=7").indexable
        third = read(QueryDict("mau=do&muc=7&chi-phi=1"), SHOP, "registered")
        assert not third.indexable


words = st.text(max_size=40) | st.sampled_from(["tôm  hùm", "Hoà\u00a0", "a&b=c", "%00", "x,y"])
values = st.lists(st.sampled_from([*COLOURS, "7", "12", ""]), max_size=4)
question = st.fixed_dictionaries(
    {},
    optional={
        "q": words,
        "mau": values,
        "muc": values,
        "chi-phi": values,
        "loai": st.sampled_from(["do-vat", "noi-chon", ""]),
        "sap-xep": st.sampled_from(["phu-hop", "moi-xac-nhan", "trl", "ten", ""]),
        "trang": st.integers(1, 10**12).map(str) | st.sampled_from(["1", "007"]),
        "nguyen-van": st.sampled_from(["1", "0"]),
        "fbclid": st.text(string.ascii_letters, max_size=5),
    },
)


@given(question, st.sampled_from([EVERYTHING, SHOP]), st.sampled_from(["public", "registered"]))
def test_reading_the_canonical_address_asks_the_same(parameters, room, audience):
    try:
        asked = read(QueryDict(urlencode(parameters, doseq=True)), room, audience)
    except InvalidQuery:
        assume(False)
    again = read(QueryDict(urlsplit(asked.href()).query), room, audience)
    assert again == asked
    assert again.href() == asked.href()
    assert asked.parameters() == sorted(asked.parameters())


@given(st.text(max_size=200) | st.binary(max_size=200))
@example("q=" + "%ed%a0%80")
@example("&".join(["mau=do"] * 50) + ";=&&==")
@example("q=" + "'" * 300)
def test_whatever_is_typed_is_a_question_or_is_refused_in_words(raw):
    refused = ""
    try:
        href = ask(raw).href()
    except InvalidQuery as problem:
        refused = problem.message
    assert "\x00" not in refused
    assert refused or href.startswith("/tim-kiem/")
