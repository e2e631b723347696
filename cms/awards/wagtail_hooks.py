"""What awards add to Wagtail's admin: a new round made of last year's in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import widgets

from cms.awards.models import CallPage


@hooks.register("register_page_listing_buttons")
def copy_button(page: Any, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """Offer to make this year's round of an old one."""
    if isinstance(page, CallPage) and page.permissions_for_user(user).can_copy():
        yield widgets.ListingButton(
            _("Tạo từ đợt này"),
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            icon_name="copy",
            priority=5,
        )


@hooks.register("register_page_header_buttons")
def copy_header_button(page: Any, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """The same, in the menu of the page's own form."""
    if isinstance(page, CallPage) and page.permissions_for_user(user).can_copy():
        yield widgets.Button(
            _("Tạo từ đợt này"),
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            icon_name="copy",
            priority=5,
        )


@hooks.register("after_copy_page")
def begin_anew(request: HttpRequest, page: Any, new_page: Any) -> HttpResponse | None:
    """Make a draft of the next year out of a copy, and open its form: it is there to be changed."""
    copy = new_page.specific
    if not isinstance(copy, CallPage) or copy.alias_of_id:
        return None
    copy.begin_anew(user=request.user)
    return redirect("wagtailadmin_pages:edit", copy.pk)
