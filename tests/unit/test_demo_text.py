"""The fictional entries read like real listings: varied, complete, and plainly marked."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

from registry.marketplace.demo.figures import amount, comparison
from registry.marketplace.demo.listing import MARK, Listing, Place, chance_of
from registry.marketplace.demo.plan import SEED, listings, mix_of
from registry.marketplace.demo.texts import Indicator, technologies
from registry.marketplace.fields import MIN_DESCRIPTION, OFFER

TODAY = date(2026, 11, 24)
DATA = Path(__file__).resolve().parents[2] / "registry" / "taxonomy" / "data"
MAIN = ("teaser_vi", "problem_vi", "how_it_works_vi", "advantages_vi")
#: The most that the main paragraphs of two offers may have in common.
SHARED_WORDS = 8
SHARED_LIMIT = 0.08


@cache
def units() -> list[dict[str, str]]:
    with (DATA / "units" / "units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def places() -> tuple[Place, ...]:
    return tuple(
        Place(row["code"], row["full_name_vi"])
        for row in units()
        if not row["valid_to"] and row["type"] in {"xa", "phuong"}
    )


@cache
def load(entries: int) -> tuple[Listing, ...]:
    names = frozenset(row["name_vi"] for row in units())
    return tuple(listings(entries, SEED, places(), names, TODAY))


def of(kind: str, entries: int = 300) -> list[Listing]:
    return [item for item in load(entries) if item.kind == kind]


def texts(listing: Listing) -> list[str]:
    found = [value for value in listing.values.values() if isinstance(value, str) and value]
    for rows in listing.children.values():
        found += [
            value
            for row in rows
            for name, value in row.items()
            if isinstance(value, str) and name != "uid"
        ]
    return found


@cache
def codes(vocabulary: str) -> frozenset[str]:
    path = DATA / "terms" / f"{vocabulary}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?])\s+", text) if part]


def shingles(listing: Listing) -> set[tuple[str, ...]]:
    words = " ".join(listing.values[name] for name in MAIN).casefold().split()
    return {tuple(words[i : i + SHARED_WORDS]) for i in range(len(words) - SHARED_WORDS + 1)}


def test_the_mix_is_mostly_offers() -> None:
    mix = mix_of(300)
    assert (mix.organisations, mix.labs, mix.offers) == (99, 21, 180)
    assert Counter(item.kind for item in load(300)) == {
        "organisation": 99,
        "lab": 21,
        "offer": 180,
    }


def test_the_same_seed_tells_the_same_story() -> None:
    names = frozenset(row["name_vi"] for row in units())
    again = tuple(listings(300, SEED, places(), names, TODAY))
    other = tuple(listings(300, SEED + 1, places(), names, TODAY))
    assert again == load(300)
    assert other != load(300)


def test_every_entry_says_it_is_made_up() -> None:
    for item in load(300):
        title = item.values.get("title_vi") or item.values["name_vi"]
        assert title.endswith(MARK), title
        for row in item.recognitions:
            assert MARK in row["number"]
            assert "minh họa" in row["issuer"]
        for row in item.children.get("ip_items", []):
            assert not row.get("number") or MARK in row["number"]
        if task := item.values.get("task_code"):
            assert MARK in task


def test_contacts_reach_nobody() -> None:
    for item in load(300):
        if "email" in item.values:
            assert item.values["email"].endswith(".example")
            assert item.values["phone"] == "0000 000 000"
        assert item.values.get("website", "") == "" or item.values["website"].endswith(".example")
        assert not re.search(r"\d{9,}", " ".join(texts(item)))


def test_no_place_stands_in_the_name_of_an_organisation() -> None:
    real = {row["name_vi"].casefold() for row in units()}
    for item in of("organisation"):
        brand = item.values["short_name"].removesuffix(f" {MARK}")
        assert brand.casefold() not in real


def test_names_and_titles_are_never_shared() -> None:
    for entries in (300, 6_000):
        titles = [item.values.get("title_vi") or item.values["name_vi"] for item in load(entries)]
        twice = [title for title, count in Counter(titles).items() if count > 1]
        assert twice == []
        assert max(map(len, titles)) <= 256


def test_no_two_offers_share_a_paragraph() -> None:
    offers = of("offer")
    for name in (*MAIN, "title_vi"):
        seen = Counter(item.values[name] for item in offers)
        assert [text for text, count in seen.items() if count > 1] == [], name


def test_two_offers_have_next_to_no_words_in_common() -> None:
    bags = [(item.values["title_vi"], shingles(item)) for item in of("offer")]
    for (one, left), (other, right) in combinations(bags, 2):
        shared = len(left & right) / min(len(left), len(right))
        assert shared <= SHARED_LIMIT, (one, other, shared)


def test_organisations_introduce_themselves_each_in_their_own_words() -> None:
    for name in ("summary_vi", "description_vi"):
        seen = Counter(item.values[name] for item in of("organisation"))
        assert [text for text, count in seen.items() if count > 1] == [], name


def test_sentences_are_hardly_ever_repeated() -> None:
    told = [s for item in of("offer") for name in MAIN for s in sentences(item.values[name])]
    assert len(set(told)) / len(told) > 0.99


def test_every_offer_could_be_submitted() -> None:
    for item in (*of("offer"), *of("offer", 6_000)[:1200]):
        title = item.values["title_vi"]
        assert len(item.values["how_it_works_vi"]) >= MIN_DESCRIPTION, title
        for field in OFFER.fields:
            value = item.values.get(field.name)
            if field.max_length and isinstance(value, str):
                assert len(value) <= field.max_length, (title, field.name)
            for child in field.children:
                for row in item.children[field.name]:
                    assert len(str(row.get(child.name) or "")) <= (child.max_length or 400)
            if not field.required:
                continue
            filled = (
                value
                or item.terms.get(field.name)
                or item.term.get(field.name)
                or (field.name == "commune" and item.commune)
            )
            assert filled, (title, field.name)


def test_evidence_fits_the_readiness_claimed() -> None:
    for item in of("offer"):
        levels = [row["level"] for row in item.children["evidence"]]
        assert levels[0] == item.values["trl"]
        assert levels == sorted(levels, reverse=True)
        if item.values["trl"] <= 5:
            assert item.term["ip_status"] != "da_cap_bang"


def test_codes_stand_in_the_vocabularies() -> None:
    names = {
        "sectors": "sector",
        "value_chains": "value_chain",
        "st_fields": "st_field",
        "sdgs": "sdg",
        "objects_of_transfer": "transfer_object",
        "forms": "transfer_form",
        "methods": "transfer_method",
        "rights": "transfer_right",
        "looking_for": "looking_for",
    }
    for item in load(300):
        for name, values in item.terms.items():
            assert set(values) <= codes(names.get(name, name)), (name, values)
            assert len(values) == len(set(values))
        for name, value in item.term.items():
            assert value in codes(name), (name, value)


def test_offers_reach_every_sector_commune_and_facet() -> None:
    offers = of("offer")
    tops = {code for item in offers for code in item.terms["sectors"]}
    assert len(tops) > 70
    assert {item.values["trl"] for item in offers} >= {4, 5, 6, 7, 8, 9}
    assert {item.term["price_type"] for item in offers} == codes("price_type")
    assert {item.term["ip_status"] for item in offers} >= {"chua_dang_ky", "da_cap_bang"}
    assert len({item.term["funding_origin"] for item in offers}) >= 4
    assert any(item.age_days > 180 for item in offers)
    assert sum(item.age_days <= 44 for item in offers) > len(offers) / 3
    communes = {item.commune for item in load(6_000)}
    assert len(communes) == len(places()) == 124


def test_the_text_is_clean_vietnamese() -> None:
    for item in (*load(300), *load(6_000)):
        for text in texts(item):
            assert unicodedata.is_normalized("NFC", text)
            assert not re.search(r"[{}]|  |\s[,.;:!?]|\.\.|,,| ,|!|\(\s|\s\)", text), text
            # Abbreviations and file names aside, a sentence begins after a full stop and a space.
            assert not re.search(r"[a-zà-ỹ][.,;][A-ZÀ-Ỹa-zà-ỹ]", text.replace(".example", "")), text
        for name in MAIN:
            if name in item.values:
                assert item.values[name].rstrip().endswith((".", "?")), item.values[name]


def test_thousands_are_written_with_points() -> None:
    for item in (*load(300), *load(6_000)):
        # Numbers of standards are names, not amounts.
        for text in set(texts(item)) - {item.values.get("methods_vi")}:
            plain = re.sub(r"\S*\d-\S+|https?:\S+|\S+@\S+|TCCS \S+|ISO/IEC \S+", "", text)
            amounts = set(re.findall(r"(?<![\d.,])\d{4,}", plain)) - {"0000"}
            assert all(re.fullmatch(r"(19|20)\d\d", digits) for digits in amounts), text


def test_spelling_follows_the_laws() -> None:
    old = re.compile(r"\b\w*(?:oà|oá|oả|oã|oạ|(?<![qQ])(?:uỷ|uỳ|uý|uỹ|uỵ))\b")
    for item in load(300):
        for text in texts(item):
            assert not re.search(old, text), text


def test_some_listings_speak_english() -> None:
    offers = of("offer")
    english = [item for item in offers if item.values["title_en"]]
    assert len(english) / len(offers) > 0.25
    assert all(len(item.values["teaser_en"]) <= 500 for item in english)
    assert all(item.values["title_en"].endswith("(demo)") for item in english)


def test_figures_are_written_and_subtracted_right() -> None:
    assert amount(1_250_000, "₫") == "1.250.000\u00a0₫"
    assert amount(12.5, "%") == "12,5%"
    row = comparison(Indicator("Điện", 30, 60, "kWh"), chance_of(1, "x", 1))
    ours = float(row["ours"].split("\u00a0")[0].replace(",", "."))
    theirs = float(row["theirs"].split("\u00a0")[0].replace(",", "."))
    change = round(100 * (ours - theirs) / theirs)
    assert row["difference"] == f"\u2212{abs(change)}%"
    points = comparison(Indicator("Loại 1", 91, 78, "%"), chance_of(1, "x", 1))
    assert points["difference"] == "+13 điểm"
    alone = comparison(Indicator("Hoàn vốn", 22, None, "tháng"), chance_of(1, "x", 1))
    assert alone["theirs"] == alone["difference"] == "–"


def test_every_technology_is_told_three_times() -> None:
    assert len(technologies()) >= 72
    assert all(len(item.versions) == 3 for item in technologies())
