"""Writes entries as RSS 2.0 or Atom, the same bytes for the same entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

#: A feed without entries has to say when it changed; it never did.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `key` stays the same when its title or address changes."""

    key: str
    title: str
    url: str
    summary: str
    published: datetime
    updated: datetime


class _Steady:
    """Changes when its newest entry does, not with the clock."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


class Rss(_Steady, Rss201rev2Feed):
    """RSS 2.0; `content_type` without a parameter browsers would trip over."""

    content_type = "application/rss+xml; charset=utf-8"


class Atom(_Steady, Atom1Feed):
    """Atom 1.0."""

    content_type = "application/atom+xml; charset=utf-8"


FORMATS: dict[str, type[Rss] | type[Atom]] = {"rss": Rss, "atom": Atom}


def write(
    form: str,
    items: Iterable[Item],
    *,
    title: str,
    description: str,
    url: str,
    feed_url: str,
    language: str,
) -> tuple[bytes, datetime, str]:
    """Return the feed, when its newest entry changed, and its content type."""
    feed = FORMATS[form](
        title=_xml(title),
        link=url,
        description=_xml(description),
        language=language,
        feed_url=feed_url,
        feed_guid=feed_url,
    )
    for item in items:
        feed.add_item(
            title=_xml(item.title),
            link=item.url,
            description=_xml(item.summary),
            pubdate=item.published,
            updateddate=item.updated,
            unique_id=item.key,
            unique_id_is_permalink=False,
        )
    text: str = feed.writeString("utf-8")
    return text.encode(), feed.latest_post_date(), feed.content_type


def _xml(text: str) -> str:
    """Return the text without what XML 1.0 has no place for."""
    return "".join(char for char in text if char in "\t\n\r" or " " <= char not in "\ufffe\uffff")
