"""The words of a document as lexemes of a `tsvector` of our own, for PostgreSQL.

PostgreSQL's parsers never see a text: a lexeme is a word (or two adjacent ones) as `text.analyse`
made it, and behind a separator how often it stands in the document, title and summary counting
more. So the GIN index alone tells which documents hold a word and how strongly, without reading
any of them again, and a pair needs no check of positions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from search.engines.embedded.database import WEIGHTS
from search.planner import Term
from search.text import Field

#: Raise when the lexemes of a document change.
VERSION = 1
#: Between the words and their frequency; before a word with marks; before a word of a title.
BEHIND = "\x1f"
_MARKED = "\x02"
_HEAD = "\x03"
#: Bytes of lexemes a `tsvector` takes are 1 MB. The words of a longer document come before pairs.
_MOST_BYTES = 960_000

_CODES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
_EXACT = 24


def _frequencies() -> list[int]:
    """Return the weighted frequency each code stands for: exact up to 24, then 15 % apart."""
    values = list(range(1, _EXACT + 1))
    while len(values) < len(_CODES):
        values.append(round(values[-1] * 1.15))
    return values


FREQUENCIES = _frequencies()


def _code(frequency: int) -> str:
    if frequency <= _EXACT:
        return _CODES[frequency - 1]
    nearest = min(
        range(_EXACT - 1, len(FREQUENCIES)), key=lambda at: abs(FREQUENCIES[at] - frequency)
    )
    return _CODES[nearest]


def vector(levels: Sequence[Field]) -> tuple[str, list[str]]:
    """Return the text of a document's `tsvector`, and its distinct words for the vocabulary."""
    words: list[str] = []
    pairs: list[str] = []
    vocabulary: list[str] = []
    for mark, texts in (
        ("", [level.folded for level in levels]),
        (_MARKED, [level.marked for level in levels]),
    ):
        single: dict[str, int] = {}
        double: dict[tuple[str, str], int] = {}
        for weight, content in zip(WEIGHTS, texts, strict=True):
            own = content.split()
            for word, count in Counter(own).items():
                single[word] = single.get(word, 0) + weight * count
            for pair, count in Counter(pairwise(own)).items():
                double[pair] = double.get(pair, 0) + weight * count
        words += [f"{mark}{word}{BEHIND}{_code(count)}" for word, count in single.items()]
        pairs += [f"{mark}{a} {b}{BEHIND}{_code(count)}" for (a, b), count in double.items()]
        vocabulary += [mark + word for word in single]
    return _literal(words + pairs), vocabulary


def head(title: Field) -> str:
    """Return the text of the `tsvector` of a title alone."""
    return _literal([_HEAD + word for word in dict.fromkeys(title.folded.split())])


def _literal(lexemes: list[str]) -> str:
    joined = "\x1e".join(lexemes)
    if len(joined) * 4 > _MOST_BYTES and len(joined.encode()) > _MOST_BYTES:
        joined = joined.encode()[:_MOST_BYTES].decode(errors="ignore").rpartition("\x1e")[0]
    if not joined:
        return ""
    return "'" + _quote(joined).replace("\x1e", "' '") + "'"


def _quote(lexeme: str) -> str:
    return lexeme.replace("\\", "\\\\").replace("'", "''")


def name(term: Term) -> str:
    """Return the words of a term as a lexeme begins with them."""
    return (_MARKED if term.marked else "") + " ".join(term.words)


def present(term: Term) -> str:
    """Return the `tsquery` of the documents that may hold a term: of more than two words, every pair."""
    mark = _MARKED if term.marked else ""
    last = "" if term.prefix else BEHIND
    if len(term.words) == 1:
        return f"'{_quote(mark + term.words[0] + last)}':*"
    pairs = list(pairwise(term.words))
    parts = []
    for place, (first, second) in enumerate(pairs):
        end = last if place == len(pairs) - 1 else BEHIND
        parts.append(f"'{_quote(f'{mark}{first} {second}{end}')}':*")
    return " & ".join(parts)


def holding(name: str) -> str:
    """Return the `tsquery` of the documents that hold a word, named as in the vocabulary."""
    return f"'{_quote(name + BEHIND)}':*"


def by_frequency(names: Sequence[str]) -> list[str]:
    """Return a `tsquery` per frequency: the documents that hold any of the names so often."""
    return [" | ".join(f"'{_quote(name + BEHIND + code)}'" for name in names) for code in _CODES]


def beginning(words: Sequence[str]) -> str:
    """Return the `tsquery` of titles with every word, the last as a beginning."""
    *whole, last = [f"'{_quote(_HEAD + word)}'" for word in words]
    return " & ".join([*whole, f"{last}:*"])
