"""The query the autocomplete offers above the titles: what was typed, its last word complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from search import text


def completion(typed: str, titles: Iterable[str]) -> str:
    """Return the typed words as the titles write them, the last one complete; empty when none does.

    Of several ways to go on, the one most titles take; of equal ones, the first title's.
    """
    marked = text.tokens(typed)
    titles = [text.clean(title) for title in titles]
    for wanted, as_typed in ((marked, True), (text.folded(marked), False)):
        found: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for title in titles:
            run = _run(wanted, title, as_typed=as_typed)
            if run:
                found[text.normalise(run)] += 1
                shown.setdefault(text.normalise(run), run)
        if found:
            (best, _count) = found.most_common(1)[0]
            return "" if best == text.normalise(" ".join(typed.split())) else shown[best]
    return ""


def _run(wanted: list[str], title: str, *, as_typed: bool) -> str:
    """Return the words of a title that stand side by side as typed, the last one whole."""
    spans = text.spans(title)
    words = [span.word if as_typed else text.fold(span.word) for span in spans]
    length = len(wanted)
    for start in range(len(words) - length + 1):
        part = words[start : start + length]
        if part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1]):
            run = title[spans[start].start : spans[start + length - 1].end]
            return run if start else _uncapitalised(run)
    return ""


def _uncapitalised(run: str) -> str:
    """Return the beginning of a title as it is typed in a query; names keep their capitals."""
    rest = run[1:]
    return run[:1].lower() + rest if " " in run and rest == rest.lower() else run
