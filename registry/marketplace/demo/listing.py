"""What the generator hands to the loader: plain values and codes, nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, TypeVar

MARK = "(minh họa)"

Item = TypeVar("Item")


class Place(NamedTuple):
    """A commune of today: its code and full name."""

    code: str
    name: str

    @property
    def in_sentence(self) -> str:
        """The name inside a sentence: `xã An Bình`."""
        return self.name[0].lower() + self.name[1:]


@dataclass(slots=True)
class Listing:
    """One fictional entry. `terms` holds codes; `owner` is the place among the organisations."""

    kind: str
    values: dict[str, Any]
    commune: str
    age_days: int
    public_days: int
    term: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    children: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    recognitions: list[dict[str, Any]] = field(default_factory=list)
    owner: int | None = None


def chance_of(seed: int, kind: str, index: int) -> Random:
    """Return the random source of one listing; it depends on nothing else."""
    return Random(f"{seed}:{kind}:{index}")  # noqa: S311 - repeatable on purpose, nothing secret


def weighted(random: Random, weights: Mapping[Item, float]) -> Item:
    """Return one key, drawn by its weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def uid(random: Random) -> str:
    """Return a repeatable identity for an inline child."""
    return f"{random.getrandbits(48):012x}"


#: Days since the last confirmation: most are fresh, some are due, a few are stale (words.md §3).
_AGES = {(0, 44): 46, (45, 89): 20, (90, 134): 12, (135, 179): 8, (180, 260): 9, (261, 345): 5}


def age(random: Random, longest: int = 345) -> int:
    """Return days since the last confirmation, skewed to fresh, at most `longest`."""
    low, high = weighted(random, _AGES)
    days = random.randint(low, high)
    if longest > high and days > 300:
        days += random.randint(0, longest - high)
    return min(days, longest)
