"""What events add to Wagtail's admin: choosing an organisation, copying an old event in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import widgets

from cms.events.choosers import organisation_chooser
from cms.events.models import EventPage


@hooks.register("register_admin_viewset")
def register_chooser() -> Any:
    """Offer the public organisations wherever a form asks for one."""
    return organisation_chooser


@hooks.register("register_page_listing_buttons")
def copy_button(page: Any, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """Offer to make a new event of an old one, with the times moved on."""
    if isinstance(page, EventPage) and page.permissions_for_user(user).can_copy():
        yield widgets.ListingButton(
            _("Tạo từ sự kiện này"),
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            icon_name="copy",
            priority=5,
        )


@hooks.register("register_page_header_buttons")
def copy_header_button(page: Any, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """The same, in the menu of the page's own form."""
    if isinstance(page, EventPage) and page.permissions_for_user(user).can_copy():
        yield widgets.Button(
            _("Tạo từ sự kiện này"),
            reverse("wagtailadmin_pages:copy", args=[page.pk]),
            icon_name="copy",
            priority=5,
        )


@hooks.register("after_copy_page")
def begin_anew(request: HttpRequest, page: Any, new_page: Any) -> HttpResponse | None:
    """Move the times of a copied event on, and open its form: a copy is there to be changed."""
    copy = new_page.specific
    if not isinstance(copy, EventPage) or copy.alias_of_id:
        return None
    draft = copy.get_latest_revision_as_object()
    for name, value in copy.anew().items():
        setattr(draft, name, value)
    revision = draft.save_revision(user=request.user)
    if copy.live:
        revision.publish(user=request.user)
    return redirect("wagtailadmin_pages:edit", copy.pk)
