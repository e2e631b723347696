"""What follows when an article is published, hidden or moved: the search knows it."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from cms.news.models import NewsPage
from cms.news.search_source import KIND
from cms.pages.search_source import reindex_below
from search import service


def follow(instance: Page, **_kwargs: Any) -> None:
    """Bring the index in line with an article that was published, hidden or moved, and those below."""
    reindex_below(KIND, instance, NewsPage)


def forget(instance: Page, **_kwargs: Any) -> None:
    """Take a deleted article out of the index."""
    service.remove(KIND, [instance.pk])
