"""Questions that found nothing or next to nothing, as daily counts: what synonyms grow from.

Only the words are kept, never who asked, from where or in which session; addresses and numbers are
taken out, and what does not read as a question is not kept at all.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Max, Min, Sum
from django.utils import timezone

from search import text
from search.contracts import SearchPage, SearchQuery
from search.vocabulary.models import MissedQuery

logger = logging.getLogger("hub.search")

KEPT_DAYS = 90
#: Different questions kept of one day: a flood of odd ones fills no disk.
MOST_A_DAY = 2_000
#: A question with more results than this found enough.
FEW = 2
MOST_WORDS = 12
SHOWN = 200
#: A word with so many digits tells a number, whatever stands beside them.
DIGITS_OF_A_NUMBER = 3
_ADDRESS = re.compile(
    r"\S*\s?[@\uff20]\s?\S*|\b(?:https?://|www\.)\S+|\S+\.[a-z]{2,}/\S*", re.IGNORECASE
)
_HOSTILE = frozenset("<>{}[]\\|$;=`^~")


def note(query: SearchQuery, page: SearchPage) -> None:
    """Count a question that found too little. A count that cannot be written is let go."""
    if page.page > 1 or query.filters or query.verbatim or page.degraded:
        return
    if page.total > FEW and not (page.partial and page.relaxed):
        return
    kept = storable(page.decoded or query.text)
    if not kept:
        return
    try:
        with transaction.atomic():
            _count(kept, 0 if page.partial else page.total, timezone.localdate())
    except DatabaseError:
        logger.warning("Không ghi được câu tìm ít kết quả", exc_info=True)


def storable(typed: str) -> str:
    """Return the question as it may be kept: normalised, no address, no number; empty for what may not."""
    cleared = _ADDRESS.sub(" ", text.clean(typed))
    if not _HOSTILE.isdisjoint(cleared):
        return ""
    kept = " ".join(piece for piece in text.normalise(cleared).split() if _is_word(piece))
    words = text.tokens(kept)
    letters = sum(char.isalpha() for char in kept)
    if letters < 2 or len(words) > MOST_WORDS or len(kept) > MissedQuery.MAX_CHARS:
        return ""
    return kept if letters * 2 >= len(kept) - kept.count(" ") else ""


def _is_word(piece: str) -> bool:
    """Whether it is no number: `CO2` and `m3` are words; `4.0`, `5kg` and `sinh1985` tell one."""
    first = next(filter(str.isalnum, piece), "")
    digits = sum(map(str.isdigit, piece))
    return not first.isdigit() and digits < DIGITS_OF_A_NUMBER and any(map(str.isalpha, piece))


def _count(kept: str, found: int, day: date) -> None:
    today = MissedQuery.objects.filter(day=day)
    if today.filter(text=kept).update(times=F("times") + 1, found=found):
        return
    if today.count() < MOST_A_DAY:
        MissedQuery.objects.bulk_create(
            [MissedQuery(day=day, text=kept, found=found)],
            update_conflicts=True,
            unique_fields=["day", "text"],
            update_fields=["found"],
        )


def forget_old() -> int:
    """Forget what is older than 90 days; return how many rows went."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    return MissedQuery.objects.filter(day__lt=oldest).delete()[0]


@dataclass(frozen=True, slots=True)
class Missed:
    """A question over all the days kept."""

    text: str
    times: int
    found: int
    latest: date


def report() -> list[Missed]:
    """Return the questions asked most often in vain, at most 200."""
    rows = (
        MissedQuery.objects.values("text")
        .annotate(sum=Sum("times"), least=Min("found"), latest=Max("day"))
        .order_by("-sum", "-latest", "text")[:SHOWN]
    )
    return [Missed(row["text"], row["sum"], row["least"], row["latest"]) for row in rows]
