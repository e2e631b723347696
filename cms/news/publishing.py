"""What follows when an article is published, hidden or moved: the search knows it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page

from cms.news.models import NewsPage
from cms.news.search_source import KIND
from search import service


def follow(instance: Page, **_kwargs: Any) -> None:
    """Bring the index in line with an article that was published, hidden or moved, and those below."""
    with transaction.atomic():
        # Locked from the top down, so that what somebody hides at this moment is not put back.
        below = instance.get_descendants(inclusive=True).type(NewsPage)
        locked = below.select_for_update(of=("self",), no_key=True)
        service.reindex(KIND, list(locked.values_list("pk", flat=True)))


def forget(instance: Page, **_kwargs: Any) -> None:
    """Take a deleted article out of the index."""
    service.remove(KIND, [instance.pk])


def follow_restriction(instance: Any, **_kwargs: Any) -> None:
    """Hide or show the articles below a page whose readers were restricted or freed."""
    follow(instance.page)
