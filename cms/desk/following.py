"""What happens at the desk when a page is published, moved, taken off or deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, pre_delete
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.caching.changes import note
from cms.desk.links import links_of
from cms.desk.models import GonePage, PageLink
from cms.desk.reaching import forget_broken


def connect() -> None:
    """Listen to what editors do with pages."""
    page_published.connect(published, dispatch_uid="desk.published")
    page_unpublished.connect(taken_off, dispatch_uid="desk.unpublished")
    for signal in (post_page_move, page_slug_changed):
        signal.connect(moved, dispatch_uid="desk.moved")
    pre_delete.connect(keep_address, sender=Page, dispatch_uid="desk.gone")
    post_delete.connect(deleted, sender=Page, dispatch_uid="desk.deleted")


def published(instance: Page, **_kwargs: Any) -> None:
    """Write down the links of a live page, and show again those that lead to it."""
    index(instance.specific)
    forget_linking(instance)


def index(page: Page) -> None:
    """Replace what is known of a page's links."""
    PageLink.objects.filter(page_id=page.pk).delete()
    PageLink.objects.bulk_create(
        PageLink(
            page_id=page.pk, place=link.place, text=link.text, kind=link.kind, target=link.target
        )
        for link in links_of(page)
    )


def index_all() -> int:
    """Write down the links of every live page; return how many pages there are."""
    count = 0
    for page in Page.objects.live().specific().iterator(chunk_size=100):
        index(page)
        count += 1
    return count


def taken_off(instance: Page, **_kwargs: Any) -> None:
    """Forget the links of a page nobody reads, and show no more those that lead to it."""
    PageLink.objects.filter(page_id=instance.pk).delete()
    forget_linking(instance)


def moved(instance: Page, **_kwargs: Any) -> None:
    """Make anew the kept pages that lead to a page with another address, or to one below it."""
    below = Page.objects.descendant_of(instance, inclusive=True)
    forget_linking(*below)


def deleted(instance: Page, **_kwargs: Any) -> None:
    """Show no more the links that lead to a page that is gone."""
    forget_linking(instance)


def forget_linking(*pages: Page) -> None:
    """Make anew the kept pages that link to these, and the count of what leads nowhere."""
    forget_broken()
    paths = {path for page in pages if (path := _path(page))}
    leading = Q(kind=PageLink.Kind.PAGE, target__in=[str(page.pk) for page in pages])
    leading |= Q(kind=PageLink.Kind.PATH, target__in=paths)
    note(_tags(PageLink.objects.filter(leading).values_list("page_id", flat=True)))


def _tags(pages: Iterable[int]) -> set[str]:
    return {f"page:{pk}" for pk in pages}


def keep_address(instance: Page, **_kwargs: Any) -> None:
    """Remember where the public read a page that is being deleted, and where it stood before."""
    if instance.first_published_at is None:
        return
    led_here = Redirect.objects.filter(redirect_page_id=instance.pk)
    paths = {_path(instance), *led_here.values_list("old_path", flat=True)}
    GonePage.objects.bulk_create(
        [GonePage(path=Redirect.normalise_path(path)) for path in paths if path],
        ignore_conflicts=True,
    )


def _path(page: Page) -> str:
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""
