"""The words of a document written while the set answers, as lexemes of a `tsvector` of our own.

PostgreSQL's parsers never see a text: a lexeme is a word (or two adjacent ones) as `text.analyse`
made it, and behind a separator how often it stands in the document, title and summary counting
more. So the GIN index alone tells which documents hold a word and how strongly, without reading
any of them again, and a pair needs no check of positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from search.engines.embedded.segments import MARKED, counted
from search.engines.embedded.strengths import step
from search.planner import Term
from search.text import Field

#: Raise when the lexemes of a document change.
VERSION = 1
#: Between the words and their frequency; before a word of a title.
BEHIND = "\x1f"
_HEAD = "\x03"
#: Bytes of lexemes a `tsvector` takes are 1 MB. The words of a longer document come before pairs.
_MOST_BYTES = 960_000

#: A character for each step of `strengths.FREQUENCIES`.
_CODES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"


def vector(levels: Sequence[Field]) -> tuple[str, list[str]]:
    """Return the text of a document's `tsvector`, and its distinct words for the vocabulary."""
    words: list[str] = []
    doubles: list[str] = []
    vocabulary: list[str] = []
    for mark, texts in (
        ("", [level.folded for level in levels]),
        (MARKED, [level.marked for level in levels]),
    ):
        single, double = counted(texts)
        words += [f"{mark}{name}{BEHIND}{_CODES[step(count)]}" for name, count in single.items()]
        doubles += [f"{mark}{name}{BEHIND}{_CODES[step(count)]}" for name, count in double.items()]
        vocabulary += [mark + word for word in single]
    return _literal(words + doubles), vocabulary


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
    return (MARKED if term.marked else "") + " ".join(term.words)


def pairs(term: Term) -> list[str]:
    """Return the names of the adjacent pairs of a term, but for one with a mere beginning.

    The first word where there is no such pair.
    """
    mark = MARKED if term.marked else ""
    found = [f"{mark}{first} {second}" for first, second in pairwise(term.words)]
    return (found[:-1] if term.prefix else found) or [mark + term.words[0]]


def holding(name: str) -> str:
    """Return the `tsquery` of the documents that hold a word, or a pair, of a name."""
    return f"'{_quote(name + BEHIND)}':*"


def starting(name: str) -> str:
    """Return the `tsquery` of the documents with a word, or a pair, that begins so."""
    return f"'{_quote(name)}':*"


def by_frequency(names: Sequence[str]) -> list[str]:
    """Return a `tsquery` per frequency: the documents that hold any of the names so often."""
    return [" | ".join(f"'{_quote(name + BEHIND + code)}'" for name in names) for code in _CODES]


def beginning(words: Sequence[str]) -> str:
    """Return the `tsquery` of titles with every word, the last as a beginning."""
    *whole, last = [f"'{_quote(_HEAD + word)}'" for word in words]
    return " & ".join([*whole, f"{last}:*"])
