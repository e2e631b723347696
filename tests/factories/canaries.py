"""Words that stand nowhere else: found where they must not be, they tell what leaked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

LETTERS = "bcdghklmnpqrtvx"


def word(place: int) -> str:
    """Return a word no page holds by accident, unlike the others from its beginning on."""
    signs = []
    number = (place + 1) * 7919
    for _ in range(6):
        number, sign = divmod(number, len(LETTERS))
        signs.append(LETTERS[sign])
    return "".join(signs) + "zw"


class Canaries:
    """Words by name; each stands in exactly one hidden place."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def new(self, name: str) -> str:
        assert name not in self.words
        self.words[name] = word(len(self.words))
        return self.words[name]

    def number(self, name: str) -> int:
        self.words[name] = str(731_940_017 + 6_011 * len(self.words))
        return int(self.words[name])

    def seen_in(self, text: str, allowed: Iterable[str] = ()) -> set[str]:
        """Return the names of the words a text holds, but those allowed (by their beginnings)."""
        plain = unescape(text)
        # 731.940.017 and 731,940,017 are the same number.
        digits = re.sub(r"(?<=\d)[.,\s\u00a0](?=\d{3})", "", plain)
        folded = plain.casefold()
        starts = tuple(allowed)
        return {
            name
            for name, value in self.words.items()
            if (value in folded or value in digits) and not name.startswith(starts or ("\0",))
        }
