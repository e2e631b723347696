"""Other ways to write codes, numerals and units: `OPC-UA`, `TCVN5603`, `giai đoạn II`, `kg/giờ`.

They hold word for word too: nobody means another thing by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search import text

#: Words before a number that is as often written in Roman numerals.
COUNTED = frozenset(
    """
    bac cap chuong dieu do doan dot hang khoa khu ki ky lan loai luc muc nhom phan quy so tang tap
    the tuyen vung
    """.split()  # noqa: SIM905
)
_ROMAN = """
    i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv
    xxvi xxvii xxviii xxix xxx
    """.split()  # noqa: SIM905
_ARABIC_OF = {roman: str(number) for number, roman in enumerate(_ROMAN, 1)}
_ROMAN_OF = {arabic: roman for roman, arabic in _ARABIC_OF.items()}
#: What stands for each other behind a slash: `kg/h` and `kg/giờ`.
_PER = {"h": "gio", "gio": "h"}
#: Letters before a number, or a number before a unit (`50m3`).
_CODE = re.compile(r"([a-z]{1,8})(\d{1,9})|(\d{1,9})([a-z]{1,8}[23]?)")
_LETTERS = re.compile(r"[a-z]{1,8}[23]?")


def variants(spans: list[text.Span], cleaned: str) -> Iterator[tuple[range, tuple[str, ...]]]:
    """Yield (places of query words, words of the index that mean the same), all folded."""
    words = text.folded([span.word for span in spans])
    yield from _joined(spans, words, cleaned)
    for place, word in enumerate(words):
        parts = _CODE.fullmatch(word)
        if parts:
            yield range(place, place + 1), tuple(part for part in parts.groups() if part)
        if not place:
            continue
        before = words[place - 1]
        between = cleaned[spans[place - 1].end : spans[place].start]
        if between == "/" and word in _PER:
            yield range(place, place + 1), (before, _PER[word])
        if between.isspace():
            typed = cleaned[spans[place].start : spans[place].end]
            if word in _ROMAN_OF and before in COUNTED:
                yield range(place, place + 1), (before, _ROMAN_OF[word])
            elif word in _ARABIC_OF and (typed.isupper() or before in COUNTED):
                yield range(place, place + 1), (before, _ARABIC_OF[word])


def _joined(
    spans: list[text.Span], words: list[str], cleaned: str
) -> Iterator[tuple[range, tuple[str, ...]]]:
    """Yield runs as one word: `OPC-UA` as `opcua`, `TCVN 5603` as `tcvn5603`, `50 kg` as `50kg`."""
    first = 0
    for place in range(1, len(spans) + 1):
        tied = place < len(spans) and cleaned[spans[place - 1].end : spans[place].start] in set(
            "-&./"
        )
        if not tied:
            if place - first > 1:
                yield range(first, place), ("".join(words[first:place]),)
            first = place
    for place in range(1, len(spans)):
        pair = words[place - 1 : place + 1]
        apart = cleaned[spans[place - 1].end : spans[place].start] == " "
        unmarked = not any(text.has_marks(spans[at].word) for at in (place - 1, place))
        numbers = [word.isdigit() and len(word) < 10 for word in pair]
        if apart and unmarked and sum(numbers) == 1 and _LETTERS.fullmatch(pair[numbers[0]]):
            yield range(place - 1, place + 1), ("".join(pair),)
