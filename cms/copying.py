"""“Made of this one”: a copy of a page that is at once the draft of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin import widgets
from wagtail.models import Page


def offer(model: type[Page], label: Any, begin_anew: Callable[[Any, Any], None]) -> None:
    """Put the button on the pages of a model; `begin_anew(copy, user)` changes what a copy must."""

    def button(kind: type[Any]) -> Callable[..., Iterator[Any]]:
        def buttons(page: Any, user: Any, **_kwargs: Any) -> Iterator[Any]:
            if isinstance(page, model) and page.permissions_for_user(user).can_copy():
                yield kind(
                    str(label),
                    reverse("wagtailadmin_pages:copy", args=[page.pk]),
                    icon_name="copy",
                    priority=5,
                )

        return buttons

    def after(request: HttpRequest, page: Any, new_page: Any) -> HttpResponse | None:
        copy = new_page.specific
        if not isinstance(copy, model) or copy.alias_of_id:
            return None
        begin_anew(copy, request.user)
        # Its form opens at once: a copy is there to be changed.
        return redirect("wagtailadmin_pages:edit", copy.pk)

    hooks.register("register_page_listing_buttons", button(widgets.ListingButton))
    hooks.register("register_page_header_buttons", button(widgets.Button))
    hooks.register("after_copy_page", after)
