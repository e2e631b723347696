"""Postings made in one go for documents loaded together: what a rebuild writes instead of an index.

A segment has the documents of each term, those of its forms with marks beside those of the folded
one. A term that many documents hold has a value of its own; the many terms that few hold share
values, told apart by their hash, so that a segment is thousands of rows and not a million. A value is
never changed: what is written later stands in the live index, and what goes is simply no longer live.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from zlib import crc32

from search import text
from search.engines.embedded import strengths
from search.engines.embedded.database import WEIGHTS
from search.text import Field

#: Raise when the form of the values changes.
VERSION = 1
#: Before the name of a word, or a pair, with marks.
MARKED = "\x02"
#: A segment ends with so many terms, or so many postings, whichever comes first.
_MOST_TERMS = 400_000
_MOST_POSTINGS = 4_000_000
#: Postings from which a term has a value of its own.
_OWN_FROM = 200
_BUCKETS = 8_192
_BUCKET = "\x1f"
#: Number of terms, bytes of their names, number of postings.
_HEAD = struct.Struct("<III")
_NUMBER = struct.Struct("<I")
_ORDINAL = 32
_STRENGTH = (1 << _ORDINAL) - 1

#: Row numbers, ascending, and the strength of each (`strengths`).
Posting = tuple["array[int]", "array[int]"]
#: Words as they are written, and their postings: row number and strength in one number.
_Form = tuple[str, "array[int]"]
#: A folded term and its forms.
_Term = tuple[str, list[_Form]]


class _Packed(dict[int, int]):
    """Frequency → row number and strength in one number, filled as frequencies are met."""

    def __init__(self, ordinal: int, length: int) -> None:
        self._ordinal = ordinal << _ORDINAL
        self._length = strengths.length_class(length)

    def __missing__(self, frequency: int) -> int:
        packed = self[frequency] = self._ordinal | strengths.strength(frequency, self._length)
        return packed


class Collector:
    """The postings of the segment under way, by the words as they are written."""

    def __init__(self) -> None:
        self._written: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether the segment has its size."""
        return len(self._written) >= _MOST_TERMS or self._count >= _MOST_POSTINGS

    def add(self, ordinal: int, levels: Sequence[Field], length: int) -> None:
        """Note a document of so many words; row numbers come in ascending order."""
        packed, written = _Packed(ordinal, length), self._written
        for found in counted([level.marked for level in levels]):
            self._count += len(found)
            for name, frequency in found.items():
                written[name].append(packed[frequency])

    def words(self, most: int) -> Iterator[tuple[str, list[int]]]:
        """Yield the name of each word (not pair), and at most so many documents that hold it."""
        for name, values in self._written.items():
            if " " not in name:
                holders = [value >> _ORDINAL for value in values[:most]]
                yield MARKED + name, holders
                if not name.startswith(text.ABBREVIATION_MARK):
                    yield text.fold(name), holders

    def take(self) -> Iterator[tuple[str, bytes]]:
        """Yield the rows of the segment, name and value; it is empty afterwards."""
        forms: defaultdict[str, list[_Form]] = defaultdict(list)
        for form in self._written.items():
            forms[text.fold(form[0])].append(form)
        shared: defaultdict[int, list[_Term]] = defaultdict(list)
        for term in forms.items():
            folded, own = term
            if sum([len(packed) for _name, packed in own]) < _OWN_FROM:
                shared[crc32(folded.encode()) % _BUCKETS].append(term)
            else:
                yield folded, _value([term])
        for bucket, terms in shared.items():
            yield f"{_BUCKET}{bucket}", _value(terms)
        self._written.clear()
        self._count = 0


def _value(terms: Sequence[_Term]) -> bytes:
    """Return head, names, beginnings and numbers of the postings, row numbers, strengths.

    Beside a folded term stand its forms, with the same postings or with parts of them.
    """
    names: list[str] = []
    firsts, counts, held = array("I"), array("I"), array("Q")
    for folded, forms in terms:
        single = len(forms) == 1
        if text.ABBREVIATION_MARK not in folded:
            names.append(folded)
            firsts.append(len(held))
            held += forms[0][1] if single else _together(forms)
            counts.append(len(held) - firsts[-1])
        else:
            single = False
        for name, packed in forms:
            names.append(MARKED + name)
            if single:
                firsts.append(firsts[-1])
            else:
                firsts.append(len(held))
                held += packed
            counts.append(len(packed))
    joined = "\n".join(names).encode()
    # Of each number the upper four bytes and the lowest two.
    little = sys.byteorder == "little"
    packed_bytes = memoryview(held.tobytes())
    ordinals = array("I", packed_bytes.cast("I")[int(little) :: 2].tolist())
    strong = array("H", packed_bytes.cast("H")[0 if little else 3 :: 4].tolist())
    head = _HEAD.pack(len(names), len(joined), len(held))
    return b"".join((head, joined, *map(_bytes, (firsts, counts, ordinals, strong))))


def _together(forms: Sequence[_Form]) -> array[int]:
    """Return the postings of all forms, a document that holds several once."""
    values = sorted(chain.from_iterable([packed for _name, packed in forms]))
    found = {value >> _ORDINAL: value for value in values}
    if len(found) < len(values):
        found = {}
        for value in values:
            known = found.get(value >> _ORDINAL)
            found[value >> _ORDINAL] = value if known is None else _sum(known, value)
    return array("Q", found.values())


def _sum(packed: int, other: int) -> int:
    return packed & ~_STRENGTH | strengths.both(packed & _STRENGTH, other & _STRENGTH)


def rows_of(names: Iterable[str]) -> list[str]:
    """Return the names of the rows that may hold postings of the terms."""
    return list(dict.fromkeys(chain.from_iterable(map(_rows_of, names))))


def read(names: Sequence[str], rows: Iterable[tuple[str, bytes]]) -> dict[str, Posting]:
    """Return the postings of the terms that have any, from their rows in the order of segments."""
    found: dict[str, tuple[list[bytes], list[bytes]]] = {}
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        for row in _rows_of(name):
            wanted[row].append(name)
    for row, value in rows:
        for name, ordinals, strong in _parts(bytes(value), wanted[row]):
            lists = found.setdefault(name, ([], []))
            lists[0].append(ordinals)
            lists[1].append(strong)
    return {
        name: (_array("I", b"".join(ordinals)), _array("H", b"".join(strong)))
        for name, (ordinals, strong) in found.items()
    }


def counted(texts: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how often words, and pairs of adjacent ones, stand in the levels, weights counted in."""
    words: list[str] = []
    pairs: list[str] = []
    for weight, content in zip(WEIGHTS, texts, strict=True):
        own = content.split()
        words += own * weight
        pairs += list(map(" ".join, pairwise(own))) * weight
    return Counter(words), Counter(pairs)


def _rows_of(name: str) -> tuple[str, str]:
    folded = text.fold(name.removeprefix(MARKED))
    return folded, f"{_BUCKET}{crc32(folded.encode()) % _BUCKETS}"


def _parts(value: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield of each wanted term the value holds its name, row numbers and strengths."""
    terms, size, postings = _HEAD.unpack_from(value)
    firsts = _HEAD.size + size
    held = value[_HEAD.size : firsts].split(b"\n")
    ordinals = firsts + 8 * terms
    strong = ordinals + 4 * postings
    for name in wanted:
        encoded = name.encode()
        if encoded in held:
            at = firsts + 4 * held.index(encoded)
            first, count = (_NUMBER.unpack_from(value, place)[0] for place in (at, at + 4 * terms))
            last = first + count
            yield (
                name,
                value[ordinals + 4 * first : ordinals + 4 * last],
                value[strong + 2 * first : strong + 2 * last],
            )


def _bytes(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _array(kind: str, data: bytes) -> array[int]:
    numbers: array[int] = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
