"""Synonyms, abbreviations and regional words, applied to the query (never to the index).

`vocabulary` puts the groups that staff keep in use; until they are seeded, `data/synonyms.tsv` is read
(see `data/README.md` for its rules).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from search import text

DATA = Path(__file__).parent / "data" / "synonyms.tsv"
#: What a match by a synonym is worth beside a match by the word itself.
EQUAL_WEIGHT = 0.8
EXPANDED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a thing: as shown, and as its words are searched."""

    shown: str
    words: tuple[str, ...]
    #: Written in capitals only (AI): as a query word it needs capitals when it is short.
    abbreviation: bool

    @property
    def folded(self) -> tuple[str, ...]:
        """The words without marks."""
        return tuple(text.folded(self.words))

    @property
    def fragile(self) -> bool:
        """Whether the form is lost without its marks: one syllable, like dứa, lạc, na."""
        return len(self.words) == 1 and (text.has_marks(self.words[0]) or len(self.words[0]) <= 2)


@dataclass(frozen=True, slots=True)
class Substitute:
    """Another form that may stand in for words of the query, and what it is worth."""

    form: Form
    weight: float


class Thesaurus:
    """Finds the substitutes of a run of query words."""

    def __init__(self, rows: list[tuple[str, list[str], str]]) -> None:
        self._exact: dict[tuple[str, ...], list[Substitute]] = {}
        self._unmarked: dict[tuple[str, ...], list[Substitute]] = {}
        self.longest = 1
        self._first: set[str] = set()
        #: Folded word of five letters or more → the word as a form writes it.
        self.long_words: dict[str, str] = {}
        for canonical, others, kind in rows:
            forms = [form for form in map(_form, [canonical, *others]) if form.words]
            for form in forms:
                for plain, word in zip(form.folded, form.words, strict=True):
                    if len(plain) >= 5 and plain.isascii():
                        self.long_words.setdefault(plain, word)
            for source in forms:
                for target in forms:
                    weight = _weight(source, target, forms[0], kind)
                    if weight and source.words != target.words:
                        self._add(source, Substitute(target, weight))

    def _add(self, source: Form, substitute: Substitute) -> None:
        self.longest = max(self.longest, len(source.words))
        self._first |= {source.words[0], source.folded[0]}
        self._exact.setdefault(source.words, []).append(substitute)
        if not source.fragile:
            self._unmarked.setdefault(source.folded, []).append(substitute)

    def begins(self, word: str) -> bool:
        """Whether any form begins with a normalised word."""
        return word in self._first

    def knows(self, word: str) -> bool:
        """Whether a single normalised word is a form of the list (`gis`, `ocop`)."""
        return (word,) in self._exact

    def substitutes(self, words: tuple[str, ...], *, capitals: bool) -> list[Substitute]:
        """Return what may stand for the words (normalised, in order).

        `capitals` says they were typed in capitals, which a two-letter abbreviation needs.
        A query without any mark also meets forms of two words or more by their letters.
        """
        if len(words) == 1 and len(words[0]) <= 2 and not capitals:
            return []
        # Forms are kept by their folded words: words with a mark are none of them.
        return self._exact.get(words) or self._unmarked.get(words) or []


def _form(shown: str) -> Form:
    shown = text.clean(shown).strip()
    letters = [char for char in shown if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return Form(
        shown=shown,
        words=tuple(text.tokens(shown)),
        abbreviation=" " not in shown and len(letters) >= 2 and capitals * 2 > len(letters),
    )


def _weight(source: Form, target: Form, canonical: Form, kind: str) -> float:
    if kind != "expand":
        return EQUAL_WEIGHT
    # A broader word does not find the narrower one, save from an abbreviation or another language.
    foreign = source.abbreviation or source.shown.isascii()
    if source is canonical or (foreign and target is canonical):
        return EXPANDED_WEIGHT
    return 0.0


def own_list() -> Iterator[tuple[str, list[str], str, str]]:
    """Yield (canonical form, other forms, kind, note) of the project's own list."""
    with DATA.open(encoding="utf-8", newline="") as handle:
        lines = [line for line in handle if line.strip() and not line.startswith("#")]
    for cells in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        note = cells[4] if len(cells) > 4 else ""
        yield cells[0], cells[1].split("|"), cells[2], note


@lru_cache(maxsize=1)
def _own() -> Thesaurus:
    return Thesaurus([(canonical, others, kind) for canonical, others, kind, _ in own_list()])


_in_use: Thesaurus | None = None
_tried: ContextVar[Thesaurus | None] = ContextVar("tried", default=None)


def thesaurus() -> Thesaurus:
    """Return the synonyms in use: what is tried now, else those of staff, else the own list."""
    return _tried.get() or _in_use or _own()


def use(kept: Thesaurus | None) -> None:
    """Use these synonyms in this process from now on; None for the project's own list."""
    global _in_use
    _in_use = kept


@contextmanager
def using(tried: Thesaurus) -> Iterator[None]:
    """Use these synonyms inside the block, in this thread only."""
    token = _tried.set(tried)
    try:
        yield
    finally:
        _tried.reset(token)
