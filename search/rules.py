"""What every engine keeps to, whatever it is made of: which documents join, what may stand for a word.

The sets of a query follow from these numbers (`tests/integration/test_search_differential.py`), the
order within them from the engine's own weights.
"""

from __future__ import annotations

import string

from search.planner import Term

#: Up to this many words, those with most words show only when nothing has all, and only the best.
SHORT_QUERY = 3
#: Of a longer query, they join when fewer than these have all words.
ENOUGH = 12
#: Where relaxation stops: the share of what the best document holds.
COVERAGE = 0.25

#: Unknown words of one query that are looked for a slip away, from its beginning.
SLIPPING = 6
#: What a word one slip away is worth beside the word itself.
SLIPPED = 0.5
#: A shorter word has too many neighbours: it is no slip, and only mended beside a known word.
LONG_WORD = 5
#: The shortest word that is mended.
SHORTEST = 3
#: The longest word that slips are looked for: no word people search is longer, and a row of thousands
#: of letters would have hundreds of thousands of slips.
LONGEST = 24
#: Unknown words of one query that a replacement is looked for.
MOST_MENDED = 4
#: Known words looked at per unknown one, the most common first.
MENDING = 8

#: What a freshly confirmed entry gains; nothing after three years.
FRESH = 0.05
FRESH_DAYS = 180
STALE_DAYS = 3 * 365
#: What an entry gains whose source staff checked, while it is fresh: so it never lifts a stale one
#: over a fresh one of the same text.
VERIFIED = 0.02

_LETTERS = string.ascii_lowercase


def may_slip(term: Term) -> bool:
    """Whether words one slip away may stand for a word that no document has.

    Numbers and codes never: one digit off is another entry.
    """
    word = term.words[0]
    return not term.marked and len(word) >= LONG_WORD and word.isascii() and word.isalpha()


def slips(word: str) -> set[str]:
    """Return the words one slip of the keys away, the first letter kept; none of a word too long."""
    if len(word) > LONGEST:
        return set()
    cuts = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS}
    found |= {left + letter + right for left, right in cuts for letter in _LETTERS}
    return found - {word}


def freshness(age_days: int) -> float:
    """Return 1 for an entry confirmed within 180 days, falling to 0 at three years."""
    if age_days <= FRESH_DAYS:
        return 1.0
    return max(0.0, 1 - (age_days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS))


def trust(age_days: int, *, verified: bool) -> float:
    """Return 1 for an entry that staff checked and that was confirmed within 180 days, else 0."""
    return float(verified and age_days <= FRESH_DAYS)
