"""“Did you mean”: a word no entry has, replaced by one the index knows. Offered, never applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from search import text
from search.engines.embedded.memory import Memory
from search.planner import Plan, Term
from search.rules import LONG_WORD, MENDING, MOST_MENDED, SHORTEST, slips

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from search.engines.embedded.ranking import Fetch, Lookup


def suggestion(
    cursor: CursorWrapper, asked: Plan, lookup: Lookup, memory: Memory, fetch: Fetch
) -> str:
    """Return the query with its unknown words replaced, or an empty text when nothing fits."""
    words = [match.word.term.words[0] for match in lookup.words]
    known = [
        not match.slipped and not match.documents.isdisjoint(memory.live) for match in lookup.words
    ]
    shown = [match.word.shown for match in lookup.words]
    replaced = False
    tried = 0
    for place, word in enumerate(words):
        if known[place] or len(word) < SHORTEST or not word.isascii() or tried == MOST_MENDED:
            continue
        tried += 1
        before = words[place - 1] if place and known[place - 1] else ""
        after = words[place + 1] if place + 1 < len(words) and known[place + 1] else ""
        found = _replacement(cursor, memory, fetch, word, before, after)
        if found:
            marked = any(item.exact for item in asked.words)
            shown[place] = _as_written(cursor, memory, fetch, found) if marked else found[1]
            replaced = True
    return " ".join(shown) if replaced else ""


def _replacement(
    cursor: CursorWrapper, memory: Memory, fetch: Fetch, word: str, before: str, after: str
) -> tuple[Term, str] | None:
    """Return the term that supports the best known word one slip away, and that word."""
    best: tuple[int, Term, str] | None = None
    for candidate in known_words(cursor, memory, slips(word))[:MENDING]:
        terms = [Term((before, candidate))] if before else []
        terms += [Term((candidate, after))] if after else []
        if not terms and len(word) >= LONG_WORD:
            terms = [Term((candidate,))]
        for term in terms:
            support = fetch(term, False).documents.intersection_cardinality(memory.live)
            if support and (best is None or support > best[0]):
                best = (support, term, candidate)
    return (best[1], best[2]) if best else None


def known_words(cursor: CursorWrapper, memory: Memory, words: Iterable[str]) -> list[str]:
    """Return those of the words that the index holds, the most common first."""
    return memory.database.known_words(cursor, memory, sorted(words))


def _as_written(
    cursor: CursorWrapper, memory: Memory, fetch: Fetch, found: tuple[Term, str]
) -> str:
    """Return the word with the marks it has where a document uses the term."""
    term, word = found
    documents = fetch(term, False).documents & memory.live
    newest = documents.max()
    columns = memory.database.words(cursor, memory.name, [newest]).get(newest, [])
    for words in columns[3:]:
        plain = text.folded(words)
        for place in range(len(words) - len(term.words) + 1):
            if tuple(plain[place : place + len(term.words)]) == term.words:
                return str(words[place + term.words.index(word)])
    return word
