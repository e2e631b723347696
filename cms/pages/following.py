"""How what a kind of page stands for follows what editors do: publish, hide, move, delete, restrict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.pages.search_source import leave_to_another_kind

Receiver = Callable[..., Any]


def let_follow(
    name: str,
    model: type[Page],
    *,
    published: Receiver,
    hidden: Receiver,
    deleted: Receiver,
    below: Receiver,
) -> None:
    """Leave the pages of a model to a kind of their own, and call what keeps that kind in line.

    `published`, `hidden` and `deleted` get a page of the model; `below` gets any page that was moved,
    renamed, restricted or freed, with whatever stands below it.
    """

    def restricted(instance: PageViewRestriction, **_kwargs: Any) -> None:
        below(instance.page)

    leave_to_another_kind(model)
    page_published.connect(published, sender=model, dispatch_uid=f"{name}.publish")
    page_unpublished.connect(hidden, sender=model, dispatch_uid=f"{name}.unpublish")
    post_delete.connect(deleted, sender=model, dispatch_uid=f"{name}.delete")
    page_slug_changed.connect(below, dispatch_uid=f"{name}.slug")
    post_page_move.connect(below, dispatch_uid=f"{name}.move")
    for signal in (post_save, post_delete):
        # Nobody else holds this function.
        signal.connect(
            restricted,
            sender=PageViewRestriction,
            dispatch_uid=f"{name}.restriction",
            weak=False,
        )
