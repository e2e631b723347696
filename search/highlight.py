"""Marking found words in the accented original, in Python, for every engine."""

from __future__ import annotations

import re
from html import escape

from search import text
from search.planner import Plan

FRAGMENT_CHARS = 150
_EDGE = re.compile(r"\s")


class Marker:
    """Marks the words of one query in any number of texts.

    `prefix`: the last word was looked up as the beginning of a word.
    """

    def __init__(self, plan: Plan, *, prefix: bool = False) -> None:
        phrases: set[tuple[str, ...]] = set()
        self._exact: dict[str, set[str]] = {}
        for word in plan.words:
            base = word.term.words[0].lstrip(text.ABBREVIATION_MARK)
            phrases.add((text.fold(base),))
            if word.exact:
                self._exact.setdefault(text.fold(base), set()).add(word.exact.words[0])
            for item in word.substitutions:
                if item.term.marked:
                    for marked in item.term.words:
                        plain = text.fold(marked.lstrip(text.ABBREVIATION_MARK))
                        self._exact.setdefault(plain, set()).add(marked)
                phrases.add(
                    tuple(
                        text.fold(part.lstrip(text.ABBREVIATION_MARK)) for part in item.term.words
                    )
                )
        #: As many different words a text can have; none can be told of a beginning.
        self._most = 0 if prefix else len(phrases)
        self._pattern: re.Pattern[str] | None = None
        if phrases:
            longest_first = sorted(phrases, key=lambda item: (-len(" ".join(item)), item))
            parts = [r"[\W_]+".join(map(re.escape, phrase)) for phrase in longest_first]
            last = plan.words[-1].term.words[0]
            tail = f"|{re.escape(text.fold(last))}[^\\W_]*" if prefix else ""
            self._pattern = re.compile(rf"(?<![^\W_])(?:(?:{'|'.join(parts)})(?![^\W_]){tail})")

    def places(self, original: str) -> list[tuple[int, int]]:
        """Return (start, end) of every found word in the NFC text."""
        if self._pattern is None:
            return []
        folded = text.fold(original)
        found = [match.span() for match in self._pattern.finditer(folded)]
        if not self._exact:
            return found
        # Typed with marks: where the text has the very word, look-alikes are not marked.
        kept: list[tuple[int, int]] = []
        other: dict[str, list[tuple[int, int]]] = {}
        exact_seen: set[str] = set()
        for start, end in found:
            wanted = self._exact.get(folded[start:end])
            if wanted is None:
                kept.append((start, end))
            elif text.normalise(original[start:end]) in wanted:
                kept.append((start, end))
                exact_seen.add(folded[start:end])
            else:
                other.setdefault(folded[start:end], []).append((start, end))
        for plain, places in other.items():
            if plain not in exact_seen:
                kept.extend(places)
        return sorted(kept)

    def title(self, original: str) -> str:
        """Return the whole text escaped, its found words within `<mark>`."""
        return _marked(original, self.places(original), 0, len(original))

    def fragment(self, *levels: str) -> str:
        """Return about 150 escaped characters of the level with the most different words found.

        The beginning of the first level that has any text when nothing is found.
        """
        best: tuple[int, str, list[tuple[int, int]], int] | None = None
        for original in levels:
            places = self.places(original)
            if places:
                start, variety = _window(original, places)
                if best is None or variety > best[0]:
                    best = (variety, original, places, start)
                if variety == self._most:
                    break
        if best is not None:
            _, original, places, start = best
            return _cut(original, places, start)
        for original in levels:
            if original.strip():
                return _cut(original, [], 0)
        return ""


def _window(original: str, places: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the start of the window with the most different found words, and their number."""
    best = (0, 0, 0)
    for index, (start, _) in enumerate(places[:40]):
        words = set()
        for left, right in places[index:]:
            if right - start > FRAGMENT_CHARS - 20:
                break
            words.add(text.fold(original[left:right]))
        if len(words) > best[0]:
            best = (len(words), start, index)
    return best[1], best[0]


def _cut(original: str, places: list[tuple[int, int]], first: int) -> str:
    start = 0
    if first > FRAGMENT_CHARS - 60 or first + 20 > FRAGMENT_CHARS:
        start = max(0, first - 30)
        edge = _EDGE.search(original, start, first)
        start = edge.end() if edge else first
    end = min(len(original), start + FRAGMENT_CHARS)
    if end < len(original):
        space = max(original.rfind(" ", first, end), original.rfind("\n", first, end))
        if space > first + 20:
            end = space
    html = _marked(original, places, start, end)
    return ("… " if start else "") + html + (" …" if end < len(original) else "")


def _marked(original: str, places: list[tuple[int, int]], start: int, end: int) -> str:
    parts = []
    at = start
    inside = [(left, right) for left, right in places if left >= start and right <= end]
    for left, right in _joined(original, inside):
        parts.append(escape(original[at:left]))
        parts.append(f"<mark>{escape(original[left:right])}</mark>")
        at = right
    parts.append(escape(original[at:end]))
    return "".join(parts)


def _joined(original: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places with neighbours that only one space keeps apart made one."""
    joined: list[tuple[int, int]] = []
    for left, right in places:
        if joined and original[joined[-1][1] : left] == " ":
            joined[-1] = (joined[-1][0], right)
        else:
            joined.append((left, right))
    return joined
