"""Reading news."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def _articles() -> QuerySet[Any]:
    return (
        apps.get_model("news.NewsPage")
        .objects.live()
        .public()
        .defer_streamfields()
        .order_by("-date", "-pk")
    )


def news_below(index: Any) -> QuerySet[Any]:
    """Return the live articles of a list, newest first."""
    return _articles().child_of(index)


def latest_news(language: str, limit: int) -> list[Any]:
    """Return the newest live articles in a language."""
    return list(_articles().filter(locale__language_code=language)[:limit])
