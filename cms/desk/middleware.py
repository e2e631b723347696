"""Answers 410 where an editor deleted a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from wagtail.contrib.redirects.models import Redirect

from cms.desk.models import GonePage


class GonePages:
    """Stands before redirects, which an editor may still make for such an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, or 410 for a page that was deleted."""
        response = self.get_response(request)
        # PostgreSQL takes no NUL.
        if response.status_code != 404 or "\x00" in request.path:
            return response
        path = Redirect.normalise_path(request.path)
        gone = GonePage.objects.filter(path=path[:255]).first()
        if gone is None:
            return response
        return render(request, "cms/gone.html", {"removed_on": gone.removed_at}, status=410)
