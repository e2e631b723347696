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


def findable() -> QuerySet[Any]:
    """Return the live articles anyone may read, but for stand-ins in another language."""
    articles: QuerySet[Any] = apps.get_model("news.NewsPage").objects.live().public()
    return articles.filter(alias_of__isnull=True)


def news_below(index: Any, kind: str = "") -> QuerySet[Any]:
    """Return the live articles of a list (of one section), newest first."""
    found = _articles().child_of(index).select_related("sector")
    return found.filter(kind=kind) if kind else found


def kinds_below(index: Any) -> set[str]:
    """Return the sections of a list that have articles."""
    found = _articles().child_of(index).order_by()
    return set(found.values_list("kind", flat=True).distinct())


def latest_news(language: str, limit: int) -> list[Any]:
    """Return the newest live articles in a language."""
    return list(_articles().filter(locale__language_code=language)[:limit])


def latest_story(language: str) -> Any:
    """Return the newest live success story in a language; `None` where there is none."""
    found = _articles().filter(locale__language_code=language, kind="cau-chuyen")
    return found.select_related("sector").first()


def same_kind(page: Any, limit: int = 3) -> list[Any]:
    """Return other live articles of the same section, newest first."""
    found = _articles().filter(kind=page.kind, locale_id=page.locale_id).exclude(pk=page.pk)
    return list(found[:limit])
