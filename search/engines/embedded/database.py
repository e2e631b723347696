"""What a database does for the engine: tables, writing, the log of changes, postings, vocabulary.

`sqlite.py` and `postgresql.py` are its two forms. Everything else of the engine is the same on both.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from search.text import Field

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.memory import Memory
    from search.planner import Term

PREFIX = "search_embedded"
#: Two sets of tables, of which one answers; a rebuild fills the other.
SETS = ("a", "b")
#: The text levels of a document, folded and with marks, in the order of their weights.
LEVELS = ("title", "summary", "body")
COLUMNS = (*LEVELS, *(f"{level}_marked" for level in LEVELS))
WEIGHTS: tuple[int, ...] = (4, 2, 1)

#: `bm25()` as FTS5 has it: a term adds at most k1 + 1 times its weight.
K1 = 1.2
B = 0.75
TOP_SCORE = K1 + 1

DOC_COLUMNS = (
    "ordinal",
    "kind",
    "id",
    "language",
    "collapse_key",
    "confirmed",
    "readiness",
    "verified",
    "sort_title",
    "facets",
)
TEXT_COLUMNS = (
    "ordinal",
    "title",
    "summary",
    "body",
    "keywords",
    "url",
    "confirmed_on",
    "is_demo",
    "payload",
)

#: Said when a rebuild that stood still wants changes nobody has any more.
CUT = "search index: the log was cut while the rebuild stood still"

#: A change to note: row number added, row number removed, kind, id.
Change = tuple[int | None, int | None, str, str]
#: A document that went: row number, kind, id.
Gone = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the tables hold it: values in the order of the columns, and its words."""

    doc: tuple[Any, ...]
    text: tuple[Any, ...]
    levels: tuple[Field, Field, Field]

    @property
    def ordinal(self) -> int:
        """Its row number."""
        return int(self.doc[0])

    @property
    def length(self) -> int:
        """The number of its words, with marks and without."""
        return sum(column.count(" ") + 1 for column in self.columns if column)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its words in the order of `COLUMNS`."""
        return (*(level.folded for level in self.levels), *(level.marked for level in self.levels))


@dataclass(frozen=True, slots=True)
class Place:
    """How far the log has been read: its last row with the random token, and where order is not
    that of commits, the snapshot of which every change is known and the transaction that reads."""

    seq: int
    token: int
    snapshot: str = ""
    transaction: str = ""


@dataclass(slots=True)
class News:
    """What the log says since a place."""

    place: Place
    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


class Lengths:
    """The number of words of each document, by row number."""

    def __init__(self) -> None:
        self._of = array("i")
        self._total = 0
        self._count = 0

    def add(self, ordinal: int, length: int) -> None:
        """Note a document."""
        if ordinal >= len(self._of):
            self._of.extend([0] * (ordinal + 1 - len(self._of)))
        if not self._of[ordinal]:
            self._of[ordinal] = length
            self._total += length
            self._count += 1

    def discard(self, ordinal: int) -> None:
        """Leave a document out of the average."""
        if ordinal < len(self._of) and self._of[ordinal]:
            self._total -= self._of[ordinal]
            self._count -= 1

    @property
    def average(self) -> float:
        """The mean over the documents held, 0 when there are none."""
        return self._total / self._count if self._count else 0.0

    def relative(self, ordinals: Sequence[int]) -> list[float]:
        """Return the length of each document as a share of the average (1 when unknown)."""
        average, known = self.average, self._of
        if not average:
            return [1.0] * len(ordinals)
        top = len(known)
        return [known[item] / average if item < top else 1.0 for item in ordinals]


def byte_of(frequency: float, relative: float) -> int:
    """Return the part of `bm25()` that depends on the document, as a byte from 1 to 255."""
    part = frequency * TOP_SCORE / (frequency + K1 * (1 - B + B * relative))
    return max(1, min(255, round(part * 255 / TOP_SCORE)))


class Loader(Protocol):
    """Fills a set nobody reads yet, batch by batch, each in a transaction of the caller's."""

    def add(self, cursor: CursorWrapper, rows: Sequence[Row]) -> None:
        """Write documents, in ascending order of their row numbers; some of it may be held back."""

    def end(self, cursor: CursorWrapper) -> None:
        """Write what was held back."""


class Database(Protocol):
    """One form. Cursors are those of the caller's transaction."""

    #: Row numbers of a JSON list given as the parameter, as a subquery after IN.
    among: str
    #: What is raised when the set that was being read has just been dropped.
    dropped: tuple[type[Exception], ...]
    #: Whether a transaction goes on after such an error.
    goes_on: bool

    # Tables -------------------------------------------------------------------------------------

    def form(self) -> str:
        """Return a name of the tables' form, another one when anything in them changes."""

    def create_common(self, cursor: CursorWrapper) -> None:
        """Make the tables both sets share anew, the log with one row in it."""

    def create_set(self, cursor: CursorWrapper, name: str, *, bulk: bool = False) -> None:
        """Make the tables of a set; with `bulk` what slows filling waits for `finish`."""

    def drop_set(self, cursor: CursorWrapper, name: str) -> None:
        """Remove the tables of a set, if there are any."""

    # Writing ------------------------------------------------------------------------------------

    def begin(self, cursor: CursorWrapper) -> None:
        """Begin a transaction on a connection made beside Django's own."""

    def join(self, cursor: CursorWrapper) -> None:
        """Announce a writer of the answering set until the end of its transaction."""

    def exclude(self, cursor: CursorWrapper) -> None:
        """Wait until no writer is in a transaction, and let none begin before this one ends."""

    def ordinals(self, cursor: CursorWrapper, name: str, count: int) -> list[int]:
        """Return row numbers that no version of a document had or will have."""

    def insert(self, cursor: CursorWrapper, name: str, rows: Sequence[Row]) -> None:
        """Write documents."""

    def loader(self, name: str) -> Loader:
        """Return what fills a set made in bulk, before `finish`."""

    def remove(
        self, cursor: CursorWrapper, name: str, keys: Iterable[tuple[str, str]]
    ) -> list[Gone]:
        """Delete the documents of the (kind, id) pairs; return what went."""

    def settle(self, connection: BaseDatabaseWrapper, keys: Iterable[tuple[str, str]]) -> None:
        """Put right, after the commit, what writers of the same objects did to each other."""

    def copy(
        self, cursor: CursorWrapper, source: str, target: str, keys: Sequence[tuple[str, str]]
    ) -> None:
        """Bring the documents of the keys in one set to what the other holds."""

    def log(self, cursor: CursorWrapper, changes: Sequence[Change], keep: int) -> None:
        """Note changes; now and then cut off what lies more than `keep` changes back.

        Nothing is cut off while a rebuild moves.
        """

    def drop_foreign(self, cursor: CursorWrapper) -> None:
        """Drop what another server noted that cannot be put in order with what this one notes."""

    def finish(self, cursor: CursorWrapper, name: str, step: int) -> bool:
        """Do a step of what a filled set needs before it answers; return whether more is left."""

    # The log ------------------------------------------------------------------------------------

    def own(self, connection: BaseDatabaseWrapper) -> str:
        """Return the transaction of the connection if others cannot see what it wrote here."""

    def place(self, cursor: CursorWrapper) -> Place:
        """Return where the log ends now."""

    def news(self, cursor: CursorWrapper, place: Place, most: int) -> News | None:
        """Return what came since; None when that cannot be told or is `most` changes or more."""

    def changed(
        self, cursor: CursorWrapper, place: Place, most: int
    ) -> tuple[Place, list[tuple[str, str]]]:
        """Return (kind, id) pairs changed since, and the place after them; fewer than `most` are all.

        Raise `OperationalError` when some of them may have been cut off.
        """

    # Reading ------------------------------------------------------------------------------------

    def documents(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int] | None = None
    ) -> Iterator[tuple[int, str, str, str, int, int, str, int]]:
        """Yield ordinal, kind, language, collapse key, day, facets and length, by row number."""

    def holders(self, cursor: CursorWrapper, name: str, term: Term) -> list[int]:
        """Return the documents of a term, in order."""

    def scored(
        self, cursor: CursorWrapper, name: str, term: Term, lengths: Lengths
    ) -> tuple[Sequence[int], bytearray]:
        """Return the documents of a term, in order, and the byte of each (`byte_of`)."""

    def together(
        self,
        cursor: CursorWrapper,
        name: str,
        wanted: Sequence[tuple[Term, bool]],
        lengths: Lengths,
    ) -> dict[tuple[Term, bool], tuple[Sequence[int], bytearray | None]]:
        """Return what `scored` (True) or `holders` (False) would, where asking at once is cheaper."""

    def words(
        self, cursor: CursorWrapper, name: str, ordinals: Sequence[int]
    ) -> dict[int, list[list[str]]]:
        """Return the words of documents, column by column."""

    def average(self, cursor: CursorWrapper, name: str, lengths: Lengths) -> float:
        """Return the mean number of words of a document."""

    def known_words(self, cursor: CursorWrapper, memory: Memory, words: Sequence[str]) -> list[str]:
        """Return those of the words that the index knows, the most common first."""

    def titles(
        self, cursor: CursorWrapper, name: str, words: list[str], most: int
    ) -> list[tuple[int, str]]:
        """Return documents whose titles have every word, the last as a beginning, newest first.

        Each with its folded title.
        """

    def walk(self, cursor: CursorWrapper, table: str, order: str) -> Iterator[int]:
        """Yield the row numbers of a table in an order it has an index for."""
