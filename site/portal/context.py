"""What every public page needs around its content: menus and the demo notice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms import navigation
from portal import theme
from registry.accounts.permissions import is_centre_staff


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `base.html`; menus are read only when a template shows them."""
    return {
        "navigation": SimpleLazyObject(lambda: menus(request)),
        "demo_notice": SimpleLazyObject(shows_demo_data),
        "theme": theme.chosen(request),
    }


def menus(request: HttpRequest) -> dict[str, Any]:
    """Return the menus of the masthead and the footer for this visitor."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    # The roles are known already; a permission given otherwise costs two queries, asked of staff only.
    staff = is_centre_staff(user) or bool(
        user and signed_in and user.is_staff and user.has_perm("wagtailadmin.access_admin")
    )
    path = request.path
    # Read once: what is kept is a query of the database in production.
    pages = navigation.menu_pages()
    return {
        "main": navigation.main(path, pages.get("main", [])),
        "account": navigation.account(path, signed_in=signed_in, staff=staff),
        "phone": navigation.phone(path, signed_in=signed_in, staff=staff),
        "browse": navigation.browse(),
        "centre": pages.get("centre", []),
        "rights": pages.get("rights", []),
        "search_url": navigation.address("search:all"),
    }


def shows_demo_data() -> bool:
    """Return whether the site holds invented entries."""
    return bool(settings.HUB_DEMO)
