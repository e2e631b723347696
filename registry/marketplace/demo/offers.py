"""Fictional technologies for transfer, told from the hand-written texts and figures that agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any, NamedTuple

from registry.marketplace.demo.figures import comparison, number
from registry.marketplace.demo.listing import MARK, Listing, Place, age, chance_of, uid, weighted
from registry.marketplace.demo.terms import terms_of
from registry.marketplace.demo.texts import Technology, Version, fill, read, technologies

LOWEST_EVIDENCE = 3
MILLION = 1_000_000


class Owner(NamedTuple):
    """An organisation that offers: its place in the load, sectors, type and commune."""

    place: int
    sector: str
    type: str
    commune: str


class _Context(NamedTuple):
    """Where a technology is offered again: for the title, for the need, for the site."""

    use: str
    need: str
    fit: str


@cache
def _contexts(family: str) -> tuple[_Context, ...]:
    lines = (
        [cell.strip() for cell in line.split("|")]
        for line in read("contexts.txt")["all"]["context"]
    )
    return tuple(
        _Context(use, need, fit) for use, need, fit, families in lines if family in families.split()
    )


class _Telling(NamedTuple):
    """Which text of which technology is told, and for which size."""

    technology: Technology
    version: Version
    part: int
    size: Mapping[str, str]
    round: int


def offers(
    count: int, seed: int, owners: Sequence[Owner], places: Sequence[Place], today: date
) -> Iterator[Listing]:
    """Yield offers. The first round tells each text once; later ones vary size, use and place."""
    by_sector: dict[str, list[Owner]] = {}
    for owner in owners:
        by_sector.setdefault(owner.sector, []).append(owner)
    taken: set[str] = set()
    for index, (technology, part) in enumerate(_order(count, seed)):
        random = chance_of(seed, "offer", index)
        told = index // _texts()
        size = technology.sizes[(part + told) % len(technology.sizes)]
        telling = _Telling(technology, technology.versions[part], part, size, told)
        near = by_sector.get(technology.top) or list(owners)
        yield _offer(telling, random, random.choice(near), places, taken, today)


def last_of_the_first_round(
    count: int, seed: int, owner: Owner, places: Sequence[Place], today: date
) -> Iterator[Listing]:
    """Yield the texts a load of ordinary size does not reach, for stories told beside it."""
    told = list(_order(_texts(), seed))[-count:]
    for index, (technology, part) in enumerate(told):
        size = technology.sizes[part % len(technology.sizes)]
        telling = _Telling(technology, technology.versions[part], part, size, 0)
        random = chance_of(seed, "story", index)
        yield _offer(telling, random, owner, places, set(), today)


def _texts() -> int:
    return sum(len(technology.versions) for technology in technologies())


def _order(count: int, seed: int) -> Iterator[tuple[Technology, int]]:
    pairs = [(item, part) for item in technologies() for part in range(len(item.versions))]
    told = 0
    while True:
        Random(f"{seed}:order:{told}").shuffle(pairs)  # noqa: S311 - repeatable, nothing secret
        for pair in pairs:
            if count <= 0:
                return
            yield pair
            count -= 1
        told += 1


def _offer(
    telling: _Telling,
    random: Random,
    owner: Owner,
    places: Sequence[Place],
    taken: set[str],
    today: date,
) -> Listing:
    technology, version, part, size, told = telling
    slots = {key: value.replace("_", " ") for key, value in size.items()} | _slots(
        random, places, size, today
    )
    context = random.choice(_contexts(technology.family)) if told else _Context("", "", "")
    title = _title(telling, slots, context.use, taken, places, random)
    days = age(random)
    commune = owner.commune if random.random() < 0.75 else random.choice(places).code
    english = part == 0 and technology.title_en
    listing = Listing(
        kind="offer",
        values={
            "title_vi": f"{title} {MARK}",
            "title_en": f"{technology.title_en} (demo)" if english else "",
            "teaser_vi": fill(version.teaser, slots),
            "teaser_en": technology.teaser_en if english else "",
            "problem_vi": _joined(fill(version.problem, slots), context.need),
            "how_it_works_vi": fill(version.how, slots),
            "alternative_vi": version.alternative,
            "advantages_vi": fill(version.advantages, slots),
            "economics_basis_vi": technology.basis if version.compared else "",
            "confidential_vi": fill(random.choice(_pool(technology, "secret")), slots),
            "trl": version.trl,
            "territory": weighted(
                random,
                {"Toàn quốc": 55, "Đồng bằng sông Cửu Long": 25, "Tỉnh Vĩnh Long": 10, "": 10},
            ),
            "support_vi": _some(random, _pool(technology, "support"), 2, slots),
            "site_conditions_vi": _joined(
                _some(random, _pool(technology, "site"), 2, slots), context.fit
            ),
            "open_for_enquiry": random.random() < 0.93,
            "task_code": "",
        },
        commune=commune,
        age_days=days,
        public_days=days + random.randint(0, 420),
        owner=owner.place,
    )
    _price(listing, version.price or size["gia"], random)
    terms_of(listing, technology, version, random, today)
    listing.children["evidence"] = _evidence(technology, version, slots, random)
    listing.children["economics"] = []
    if version.compared and technology.economics:
        rows = random.randint(min(3, len(technology.economics)), len(technology.economics))
        listing.children["economics"] = [
            {"uid": uid(random), **comparison(item, random)} for item in technology.economics[:rows]
        ]
    return listing


def _pool(technology: Technology, key: str) -> tuple[str, ...]:
    return read("families.txt")[technology.family][key]


def _slots(
    random: Random, places: Sequence[Place], size: Mapping[str, str], today: date
) -> dict[str, str]:
    first, second = random.sample(list(places), 2)
    return {
        "noi": first.in_sentence,
        "noi2": second.in_sentence,
        "nam": str(random.randint(today.year - 4, today.year - 1)),
        "thang": str(random.choice((12, 12, 18, 24))),
        "ngay": str(random.choice((3, 4, 5, 6))),
        "gio": str(random.choice((24, 48, 72))),
        "so": str(random.randint(3, 9)),
        "lan": str(random.choice((18, 24, 36, 42, 54, 60, 72))),
        "dt": number(float(size.get("dt", "20"))),
        "kw": size.get("kw", "3"),
    }


def _title(
    telling: _Telling,
    slots: Mapping[str, str],
    use: str,
    taken: set[str],
    places: Sequence[Place],
    random: Random,
) -> str:
    """Return a title that no earlier offer has; later rounds name size, use and, at last, a place."""
    plain = fill(telling.version.title, slots)
    if not telling.round:
        taken.add(plain)
        return plain
    sized = plain
    # A size belongs to the technology; a telling of a product of its own has none.
    if telling.version.compared and "{" not in telling.version.title:
        sized = f"{plain}, {fill(telling.technology.size_label, slots)}"
    place = random.choice(places).in_sentence
    tries = [f"{plain} – {use}", f"{sized} – {use}"]
    tries += [f"{text}, mô hình tại {place}" for text in tries]
    tries += [f"{tries[-1]}, đợt {number}" for number in range(2, 60)]
    title = next(text for text in tries if text not in taken)
    taken.add(title)
    return title


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def _some(random: Random, pool: Sequence[str], count: int, slots: Mapping[str, str]) -> str:
    return " ".join(fill(text, slots) for text in random.sample(list(pool), count))


def _evidence(
    technology: Technology, version: Version, slots: Mapping[str, str], random: Random
) -> list[dict[str, Any]]:
    """Return what proves the level reached and the two below it, the highest first."""
    lowest = max(LOWEST_EVIDENCE, version.trl - random.choice((1, 2, 2)))
    return [
        {
            "uid": uid(random),
            "level": level,
            "text_vi": fill(random.choice(_pool(technology, f"evidence {level}")), slots),
        }
        for level in range(version.trl, lowest - 1, -1)
        if level >= LOWEST_EVIDENCE
    ]


def _price(listing: Listing, band: str, random: Random) -> None:
    kind = weighted(random, {"tham_khao": 44, "thoa_thuan": 41, "co_dinh": 15})
    listing.term["price_type"] = kind
    low, high = (int(cell) * MILLION for cell in band.split("-"))
    if kind == "tham_khao":
        listing.values |= {"price_low": low, "price_high": high}
    elif kind == "co_dinh":
        middle = round((low + high) / 2 / 500_000) * 500_000
        listing.values |= {"price_low": middle, "price_high": middle}
