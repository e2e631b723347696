"""A form sent from a page older than the session: refused as it must be, its text kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.csrf import csrf_failure as plain_failure

from registry.workspace import kept


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is stale; a workspace form gets its text back when opened again."""
    if not (_keeps_text(request) and _came_from_here(request) and kept.keep(request)):
        return plain_failure(request, reason)
    return render(request, "registry/workspace/stale.html", {"form_url": request.path}, status=403)


def _keeps_text(request: HttpRequest) -> bool:
    try:
        return bool(getattr(resolve(request.path_info).func, "keeps_text", False))
    except Resolver404:
        return False


def _came_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent the form: another site may not put words in a draft."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # an address no browser writes
        return False
