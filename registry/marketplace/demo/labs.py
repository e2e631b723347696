"""Fictional laboratories, each belonging to an organisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from registry.marketplace.demo.listing import MARK, Listing, Place, age, chance_of
from registry.marketplace.demo.organisations import latin
from registry.marketplace.demo.texts import fill, read

OPEN_TO = ("anyone", "anyone", "anyone", "province", "province", "internal")


def labs(
    count: int,
    seed: int,
    owners: Sequence[tuple[int, str, str]],
    places: Sequence[Place],
    today: date,
) -> Iterator[Listing]:
    """Yield labs. `owners` are (place among the organisations, brand, commune) that run labs."""
    sections = list(read("labs.txt").values())
    taken: set[str] = set()
    for index in range(count):
        random = chance_of(seed, "lab", index)
        section = sections[(index * 5) % len(sections)]
        owner, brand, commune = random.choice(owners)
        name = fill(section["name"][0], {"brand": brand})
        number = 2
        while name in taken:
            name = fill(section["name"][0], {"brand": f"{brand} {number}"})
            number += 1
        taken.add(name)
        yield _lab(section, name, brand, owner, commune, random, today)


def _lab(
    section: Any, name: str, brand: str, owner: int, commune: str, random: Random, today: date
) -> Listing:
    services = random.sample(list(section["service"]), random.randint(3, len(section["service"])))
    methods = list(section["method"])
    about = random.sample(list(section["about"]), random.randint(2, len(section["about"])))
    days = age(random, 400)
    accredited = random.random() < 0.45
    issued = date(
        random.randint(2023, today.year - 1), random.randint(1, 12), random.randint(1, 28)
    )
    return Listing(
        kind="lab",
        values={
            "name_vi": f"{name} {MARK}",
            "name_en": f"{fill(section['en'][0], {'brand': latin(brand)})} (demo)",
            "summary_vi": random.choice(section["summary"]),
            "description_vi": " ".join(about),
            "services_vi": "\n".join(services),
            "methods_vi": "\n".join(methods),
            "open_to": random.choice(OPEN_TO),
            "turnaround_days": random.choice((2, 3, 5, 5, 7, 7, 10, 14)),
            "phone": "0000 000 000",
            "email": "nhan-mau@phong-thu.example",
        },
        commune=commune,
        age_days=days,
        public_days=days + random.randint(30, 400),
        terms={
            "sectors": section["sectors"][0].split(),
            "value_chains": section["chains"][0].split(),
            "st_fields": section["fields"][0].split(),
        },
        owner=owner,
        recognitions=[
            {
                "type": "accreditation",
                "number": f"VILAS 0000-{random.randint(10, 99)} (minh họa)",
                "issuer": "Nơi cấp minh họa",
                "scope": f"{min(len(services), random.randint(2, 5))} trong {len(services)} phép thử",
                "issued_on": issued,
                "expires_on": issued.replace(year=issued.year + 5),
            }
        ]
        if accredited
        else [],
    )
