"""The query the autocomplete offers above the titles: what was typed, its last word complete."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from search import text


def completion(typed: str, titles: Iterable[str]) -> str:
    """Return the typed words as the titles write them, the last one complete; empty when none does.

    Of several ways to go on, the one most titles take; of equal ones, the first title's.
    """
    marked = text.tokens(typed)
    runs = [list(_runs(text.folded(marked), text.clean(title))) for title in titles]
    for wanted, as_typed in ((marked, True), (text.folded(marked), False)):
        found: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for of_title in runs:
            run = next((run for words, run in of_title if _goes_on(words, wanted, as_typed)), "")
            if run:
                found[text.normalise(run)] += 1
                shown.setdefault(text.normalise(run), run)
        if found:
            (best, _count) = found.most_common(1)[0]
            return "" if best == text.normalise(" ".join(typed.split())) else shown[best]
    return ""


def _runs(wanted: list[str], title: str) -> Iterator[tuple[list[str], str]]:
    """Yield the words of a title that stand side by side like those wanted, and the run as written."""
    together = r"[\W_]+".join(map(re.escape, wanted))
    # Looked ahead for, so that runs may overlap: “ma má ma” has two of two words.
    for match in re.finditer(rf"(?<![^\W_])(?=({together}[^\W_]*))", text.fold(title)):
        run = title[match.start() : match.end(1)]
        first = not text.tokens(title[: match.start()])
        yield text.tokens(run), _uncapitalised(run) if first else run


def _goes_on(words: list[str], wanted: list[str], as_typed: bool) -> bool:
    """Whether words are those wanted, the last one perhaps longer."""
    words = words if as_typed else text.folded(words)
    return words[:-1] == wanted[:-1] and words[-1].startswith(wanted[-1])


def _uncapitalised(run: str) -> str:
    """Return the beginning of a title as it is typed in a query; names keep their capitals."""
    rest = run[1:]
    return run[:1].lower() + rest if " " in run and rest == rest.lower() else run
