"""What a load of N entries consists of, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from registry.marketplace.demo.labs import labs
from registry.marketplace.demo.listing import Listing, Place
from registry.marketplace.demo.offers import Owner, offers
from registry.marketplace.demo.organisations import organisations

SEED = 20261123
MOST = 100_000
#: Who plausibly offers a technology, and who plausibly runs a lab.
OFFERING = {"startup", "kh-cn", "sme", "coop", "household", "research", "service"}
RUNNING_LABS = {"kh-cn", "research", "service", "incubator", "startup"}


@dataclass(frozen=True, slots=True)
class Mix:
    """How many entries of each kind."""

    organisations: int
    labs: int
    offers: int


def mix_of(entries: int) -> Mix:
    """Return about 60% offers, 33% organisations, 7% labs; at least one organisation."""
    count = max(1, round(entries * 0.33))
    labs_count = round(entries * 0.07)
    return Mix(count, labs_count, max(0, entries - count - labs_count))


def listings(
    entries: int, seed: int, places: Sequence[Place], unit_names: frozenset[str], today: date
) -> Iterator[Listing]:
    """Yield organisations first, then labs, then offers, whose `owner` counts the organisations."""
    mix = mix_of(entries)
    offering: list[Owner] = []
    running: list[tuple[int, str, str]] = []
    everyone: list[Owner] = []
    found = organisations(mix.organisations, seed, places, unit_names, today)
    for index, (listing, type_) in enumerate(found):
        owner = Owner(index, listing.terms["sectors"][0], type_, listing.commune)
        everyone.append(owner)
        if type_ in OFFERING:
            offering.append(owner)
        if type_ in RUNNING_LABS:
            brand = listing.values["short_name"].rpartition(" (")[0]
            running.append((index, brand, listing.commune))
        yield listing
    if not running:
        running = [(owner.place, "Vĩ Khê", owner.commune) for owner in everyone]
    yield from labs(mix.labs, seed, running, places, today)
    yield from offers(mix.offers, seed, offering or everyone, places, today)
