"""A deterministic corpus of Vietnamese entries for measurements: any size, 13 facets, Zipf counts.

Titles cross the halves of the titles of `relevance_sets/domain`; summaries and bodies are made of
sentences of both relevance sets, so that words are as common as in real Vietnamese prose.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from search.contracts import FacetSpec, SearchDocument

SETS = Path(__file__).parent / "relevance_sets"
SEED = 20261124
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CUT = re.compile(r"\s+(?:cho|bằng|dùng|từ|trên|trong|của|và|theo|với)\s+")

#: Facet name → number of values; sectors and places are trees (the second number: their tops).
FACETS: dict[str, tuple[int, int]] = {
    "sector": (54, 18),
    "chain": (20, 0),
    "trl": (9, 0),
    "ip": (8, 0),
    "transfer": (8, 0),
    "object": (4, 0),
    "cooperation": (7, 0),
    "funding": (7, 0),
    "price": (3, 0),
    "place": (124, 3),
    "sdg": (17, 0),
    "freshness": (3, 0),
    "supplier": (8, 0),
}
#: Counted from today's date, as the site does.
AGES = {"freshness-0": (0, 30), "freshness-1": (0, 180), "freshness-2": (181, None)}


def parents(name: str) -> dict[str, str]:
    """Return code → parent of a facet that is a tree."""
    count, tops = FACETS[name]
    return {f"{name}-{n}": f"{name}-top-{n % tops}" for n in range(count)} if tops else {}


def specs() -> list[FacetSpec]:
    """Return the 13 facets, as a source would register them."""
    return [
        FacetSpec(
            name=name,
            label=name,
            kinds=frozenset({"offer"}),
            labels=lambda codes: {code: code for code in codes},
            parameter=name,
            parent_of=(lambda tree: lambda: tree)(parents(name)) if tops else None,
            ages=AGES if name == "freshness" else None,
        )
        for name, (_count, tops) in FACETS.items()
    ]


def _records(name: str) -> list[dict[str, str]]:
    lines = (SETS / name / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


class Corpus:
    """The same entries for the same size, however often asked."""

    def __init__(self) -> None:
        domain = _records("domain")
        general = _records("vi_general")
        self.heads = []
        self.tails = []
        for record in domain:
            cut = _CUT.search(record["title"])
            self.heads.append(record["title"][: cut.start()] if cut else record["title"])
            if cut:
                self.tails.append(record["title"][cut.start() :].strip())
        self.domain = [part for record in domain for part in _SENTENCE.split(record["text"])]
        self.general = [
            part
            for record in general
            for part in _SENTENCE.split(record["text"])
            if 30 < len(part) < 300
        ]

    def entries(self, count: int) -> Iterator[SearchDocument]:
        """Yield `count` offers."""
        chance = random.Random(SEED)
        weights = {
            name: list(accumulate(1 / (n + 1) for n in range(size)))
            for name, (size, _tops) in FACETS.items()
        }
        today = date(2026, 11, 1)
        for number in range(count):
            title = f"{chance.choice(self.heads)} {chance.choice(self.tails)}"
            body = " ".join(
                chance.choice(self.domain if chance.random() < 0.35 else self.general)
                for _ in range(chance.randint(3, 7))
            )
            facets = {
                name: tuple(
                    {
                        f"{name}-{chance.choices(range(size), cum_weights=weights[name])[0]}"
                        for _ in range(1 if name in ONE_VALUE else chance.randint(1, 3))
                    }
                )
                for name, (size, _tops) in FACETS.items()
            }
            yield SearchDocument(
                kind="offer",
                id=str(number),
                title=title,
                url=f"/cong-nghe/cn-{number}/",
                summary=chance.choice(self.domain),
                body=body,
                keywords=f"CN {number:06d}",
                facets=facets,
                readiness=chance.randint(1, 9),
                confirmed_on=today - timedelta(days=chance.randint(0, 1_500)),
                payload={"number": f"CN {number:06d}"},
            )

    def mixed(self, count: int, seed: int) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
        """Return queries as visitors type them, with the facets some of them have chosen.

        Half are 2-4 words running in a title, a quarter in a body, the rest single words, codes,
        abbreviations and whole questions; a third have no marks, a third have one or two facets.
        """
        from search import text

        chance = random.Random(seed)
        questions = [
            json.loads(line)["text"]
            for line in (SETS / "vi_general" / "queries.jsonl")
            .read_text(encoding="utf-8")
            .splitlines()
        ]
        short = ["CNSH", "KH&CN", "AI", "IoT", "TCVN", "NLMT", "OCOP", "drone", "heo", "m3"]
        queries = []
        for _ in range(count):
            kind = chance.random()
            if kind < 0.75:
                pool = self.heads + self.tails if kind < 0.5 else self.domain + self.general
                words = text.tokens(chance.choice(pool)) or ["máy"]
                length = chance.randint(2, 4)
                start = chance.randint(0, max(0, len(words) - length))
                typed = " ".join(words[start : start + length])
            elif kind < 0.85:
                typed = chance.choice(text.tokens(chance.choice(self.domain)))
            elif kind < 0.92:
                typed = chance.choice(short)
            else:
                typed = chance.choice(questions)
            if chance.random() < 0.33:
                typed = text.fold(text.clean(typed))
            filters = {}
            if chance.random() < 0.33:
                for name in chance.sample(sorted(FACETS), chance.randint(1, 2)):
                    filters[name] = (f"{name}-{chance.randint(0, 2)}",)
            queries.append((typed, filters))
        return queries


#: Facets of which an entry has one value.
ONE_VALUE = {"trl", "price", "place", "freshness", "supplier"}
#: The most common words and pairs of the corpus, as typed.
BROAD = (
    """
công nghệ|nước|sản xuất|hệ thống|thiết bị|cho|của|và|được|trong|quy trình|máy|nhiệt độ|không
các|một|là|có|với|từ|sử dụng|phù hợp|năng suất|nông nghiệp|thời gian|người|dừa|lúa|tôm|sấy
nuoc|cong nghe|he thong|san xuat|cac loai|không cần|giúp giảm|hợp tác xã|máy sấy|chất lượng
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
