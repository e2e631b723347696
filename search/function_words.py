"""Words of grammar and of questions: they say little of what is meant, however rare they are.

A fixed list of the language, not of any query. Only marks tell most of them from words that mean
something (“của” and “cua”, “được” and “dược”), so a query without marks has a shorter one.
"""

from __future__ import annotations

from collections.abc import Sequence

from search import text

#: What a word of the list counts, beside 1 for any other; it is wanted all the same.
WEIGHT = 0.6

_LIST = """
    bị bởi các cái cho có của cùng cũng do gì hay hoặc khi là mà mấy một nào này nhiêu như
    những ra rằng sao sẽ thế theo thì trên trong từ tại và vào về vì với đang đã đâu đây đó
    đến để được dưới kia ở
"""
_MARKED = frozenset(_LIST.split())
_PLAIN = frozenset(["cac", "gi", "hoac", "nao", "nhieu", "theo", "tren", "va"])
#: Adjacent words that ask, unmistakable without marks.
_ASKING = frozenset(
    [
        ("bao", "nhieu"),
        ("khi", "nao"),
        ("la", "ai"),
        ("la", "gi"),
        ("nhu", "the"),
        ("o", "dau"),
        ("tai", "sao"),
        ("the", "nao"),
        ("vi", "sao"),
    ]
)


def weights(words: Sequence[str]) -> list[float]:
    """Return what each word of a query, with the marks it was typed with, counts."""
    marked = any(text.has_marks(word) for word in words)
    little = {
        place for place, word in enumerate(words) if word in _PLAIN or (marked and word in _MARKED)
    }
    plain = text.folded(tuple(words))
    for place in range(len(words) - 1):
        if (plain[place], plain[place + 1]) in _ASKING:
            little |= {place, place + 1}
    return [WEIGHT if place in little else 1.0 for place in range(len(words))]
