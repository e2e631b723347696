"""Light or dark, as the reader chooses; scripts keep the choice in the browser, a cookie is for the rest.

A page cached for everybody carries no choice: whoever has the cookie is answered past the page cache.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cms.navigation import home_url

COOKIE = "theme"
CHOICES = {"light", "dark"}
_YEAR = 365 * 24 * 60 * 60


def chosen(request: HttpRequest) -> str:
    """Return `light` or `dark`, or nothing while the machine's scheme decides."""
    value = request.COOKIES.get(COOKIE, "")
    return value if value in CHOICES else ""


# A token would set a cookie on every page and keep it out of the page cache; a colour is no secret.
@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year, or forget it, and lead back to the page it was made on."""
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = home_url()
    response = redirect(back)
    value = request.POST.get("theme", "")
    if value in CHOICES:
        response.set_cookie(
            COOKIE, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
