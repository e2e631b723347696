"""The few pages that belong to no app: confirming an entry from a mail, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.directory.services import DirectoryError
from registry.moderation.freshness import confirm_by_token, read_token


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then confirm on POST: a mail scanner that follows links confirms nothing."""
    try:
        if request.method == "POST":
            entry = confirm_by_token(token)
            return render(request, "registry/confirm.html", {"entry": entry, "done": True})
        entry, _person = read_token(token)
    except DirectoryError as error:
        return render(request, "registry/confirm.html", {"error": error.message}, status=410)
    return render(request, "registry/confirm.html", {"entry": entry})
