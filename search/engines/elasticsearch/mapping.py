"""Settings and mapping of the index. All analysis is `search.text`: the index only splits words.

The `standard` tokenizer keeps a run of letters and digits whole, but splits or drops what it does
not take for such (the abbreviation mark, `½`, ideographs). `written()` spells those characters with
a letter nobody types and their number, one by one, so that beginnings of words stay beginnings.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from elasticsearch.dsl import (
    Document,
    Index,
    Keyword,
    MetaField,
    Object,
    Text,
    analyzer,
    token_filter,
    tokenizer,
)
from elasticsearch.dsl.field import Boolean, Date, GeoPoint, Integer

from search import sources, text

_ESCAPE = "\ua723"
_UNSAFE = re.compile("[^ a-z0-9\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]")

_tokenizer = tokenizer("hub_words", type="standard", max_token_length=1_000)
_words = analyzer("hub_words", type="custom", tokenizer=_tokenizer)
_pairs = analyzer(
    "hub_pairs",
    type="custom",
    tokenizer=_tokenizer,
    filter=[
        token_filter(
            "hub_pairs",
            type="shingle",
            min_shingle_size=2,
            max_shingle_size=2,
            output_unigrams=False,
        )
    ],
)

LEVELS = ("title", "summary", "body")
#: Indexed, and not kept: all of it is made from what stands under `shown`.
UNKEPT = (*LEVELS, *(f"{level}_marked" for level in LEVELS), "title_start")


def written(words: str) -> str:
    """Return words as the index holds them: every other character spelled out."""
    return _UNSAFE.sub(lambda match: f"{_ESCAPE}{ord(match.group()):06x}", words)


#: Beginnings that are indexed as such: a longer one has few words, or titles, to be looked up in.
WORD_BEGINNINGS = {"min_chars": 1, "max_chars": 7}
TITLE_BEGINNINGS = {"min_chars": 1, "max_chars": 19}


def _level(everywhere: str, **more: Any) -> Text:
    pairs = {"pairs": Text(analyzer=_pairs)}
    return Text(analyzer=_words, copy_to=everywhere, fields=pairs, **more)


class Held(Document):
    """One language of one object. The analysed texts are indexed and not kept; the originals,
    under `shown`, are kept and not indexed."""

    kind = Keyword()
    id = Keyword()
    language = Keyword()
    #: Unique: the last word in every order.
    key = Keyword()
    #: Languages whose readers meet another version of this object.
    hidden_for = Keyword()
    group = Keyword()
    #: Whether this is the version that stands for the object when objects are counted.
    first = Boolean()

    title = _level("every", index_prefixes=WORD_BEGINNINGS)
    summary = _level("every")
    body = _level("every")
    title_marked = _level("every_marked")
    summary_marked = _level("every_marked")
    body_marked = _level("every_marked")
    #: Words of all levels, for the question whether a document has a word.
    every = Text(analyzer=_words, index_options="docs", norms=False)
    every_marked = Text(analyzer=_words, index_options="docs", norms=False)

    #: The folded title as one word, and its length, for the autocomplete.
    title_start = Text(
        analyzer="keyword", index_options="docs", norms=False, index_prefixes=TITLE_BEGINNINGS
    )
    title_length = Integer()
    sort_title = Keyword()
    #: What ages: only of kinds that are confirmed.
    confirmed_on = Date(format="strict_date")
    #: Day number of `confirmed_on`, of dated kinds too, 0 for none.
    confirmed = Integer()
    readiness = Integer()
    #: The middle of the commune, for maps and distances.
    location = GeoPoint()
    verified = Boolean()

    shown = Object(enabled=False)

    class Meta:
        dynamic = MetaField("strict")
        source = MetaField(excludes=list(UNKEPT))


def body() -> dict[str, Any]:
    """Return settings and mapping of a new index, with a keyword field for every known facet."""
    index = Index("unnamed")
    index.settings(
        number_of_shards=1,
        auto_expand_replicas="0-1",
        refresh_interval="1s",
        # A removal is remembered so long: an older change that comes late does not undo it.
        gc_deletes="1h",
        max_result_window=10_000,
    )
    index.document(Held)
    made: dict[str, Any] = index.to_dict()
    mapping = made["mappings"]
    mapping["properties"]["facets"] = {
        "type": "object",
        "dynamic": "strict",
        "properties": {
            spec.name: {"type": "keyword"} for spec in sources.facets() if spec.ages is None
        },
    }
    return made


def form() -> str:
    """Return a short hash of all that decides what the index holds."""
    described = json.dumps([body(), text.ANALYSIS_VERSION], sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()[:10]
