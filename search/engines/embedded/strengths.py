"""How strongly a document holds a term, in two bytes that keep their meaning while the index grows.

The part of `bm25()` that depends on the document needs its length beside the average of all. So a
strength keeps the frequency and the length, both on a scale, and becomes a byte when it is read.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from functools import lru_cache

from search.engines.embedded.database import byte_of

_EXACT = 24
_EXACT_LENGTHS = 100
_LENGTH_BITS = 10
#: The average is taken in steps of half a percent, so that few tables of bytes are made.
_AVERAGE_STEPS = 200


def _scale(count: int, exact: int, first: int, growth: float) -> list[int]:
    values = list(range(first, first + exact))
    while len(values) < count:
        values.append(max(values[-1] + 1, round(values[-1] * growth)))
    return values


#: The weighted frequency each step stands for: exact up to 24, then 15 % apart.
FREQUENCIES = _scale(52, _EXACT, 1, 1.15)
#: The number of words each length class stands for: exact up to 99, then 1 % apart.
LENGTHS = _scale(1 << _LENGTH_BITS, _EXACT_LENGTHS, 0, 1.01)


def step(frequency: int) -> int:
    """Return the place of the nearest value of `FREQUENCIES`."""
    return frequency - 1 if frequency <= _EXACT else _nearest(FREQUENCIES, frequency)


def length_class(length: int) -> int:
    """Return the place of the nearest value of `LENGTHS`."""
    return length if length < _EXACT_LENGTHS else _nearest(LENGTHS, length)


def strength(frequency: int, length: int) -> int:
    """Return the strength of a weighted frequency in a document of a length class."""
    return step(frequency) << _LENGTH_BITS | length


def both(one: int, other: int) -> int:
    """Return the strength of two strengths in the same document."""
    frequency = frequency_of(one) + frequency_of(other)
    return step(frequency) << _LENGTH_BITS | one & ((1 << _LENGTH_BITS) - 1)


def frequency_of(value: int) -> int:
    """Return the weighted frequency a strength stands for."""
    return FREQUENCIES[value >> _LENGTH_BITS]


def bytes_of(strengths: array[int], average: float) -> bytearray:
    """Return the byte (`byte_of`) of each strength where documents have so many words on average."""
    return bytearray(map(_table(_rounded(average)).__getitem__, strengths))


def _nearest(scale: list[int], value: int) -> int:
    at = min(bisect_left(scale, value), len(scale) - 1)
    return at - (at > 0 and value - scale[at - 1] < scale[at] - value)


def _rounded(average: float) -> int:
    return round(math.log(average) * _AVERAGE_STEPS) if average > 0 else 0


class _Bytes(dict[int, int]):
    """Strength → byte, filled as strengths are met."""

    def __init__(self, average: float) -> None:
        self._average = average

    def __missing__(self, value: int) -> int:
        length = LENGTHS[value & ((1 << _LENGTH_BITS) - 1)]
        found = self[value] = byte_of(frequency_of(value), length / self._average)
        return found


@lru_cache(maxsize=8)
def _table(rounded: int) -> _Bytes:
    return _Bytes(math.exp(rounded / _AVERAGE_STEPS))
