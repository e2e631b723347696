"""Keeps whole pages for anonymous visitors, and answers with them while they are true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from cms.caching import changes
from cms.caching.watching import Seen, tags_of_entry, tags_of_page, watching

#: Longer or richer queries come from machines; they would only fill the store.
MOST_QUERY, MOST_PARAMETERS = 100, 3
#: Pages that change with the clock are kept so long at most.
CLOCK_ROOMS, CLOCK_SECONDS = {"events", "awards"}, 60
_NOT_SHARED = ("no-store", "private", "no-cache")


class PageCache:
    """Answers pages of editors and of entries from the store, for who has no cookie at all.

    Stands before sessions and languages: the address alone decides what an anonymous visitor sees.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, kept or made."""
        if not settings.PAGE_CACHE_SECONDS or not _may_be_kept(request):
            return self.get_response(request)
        key = _key(request)
        kept = cache.get(key)
        if kept is not None and changes.unchanged(kept["tags"], kept["since"]):
            return _again(kept)
        since = changes.reached()
        with watching() as seen:
            response = self.get_response(request)
        tags = _tags(request, response, seen)
        if tags and _is_shared(request, response):
            page = {
                "content": response.content,
                "headers": dict(response.items()),
                "tags": sorted(tags),
                "since": since,
            }
            clocked = not CLOCK_ROOMS.isdisjoint(seen.rooms)
            seconds = settings.PAGE_CACHE_SECONDS
            cache.set(key, page, min(seconds, CLOCK_SECONDS) if clocked else seconds)
        return response


def _may_be_kept(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("HTTP_COOKIE")
        and "HTTP_HX_REQUEST" not in request.META
        and "HTTP_AUTHORIZATION" not in request.META
        and len(query) <= MOST_QUERY
        and query.count("&") < MOST_PARAMETERS
        and not request.path_info.startswith(settings.ADMIN_PATH)
    )


def _key(request: HttpRequest) -> str:
    parts = (request.scheme, request.META.get("HTTP_HOST", ""), request.get_full_path())
    return f"page.{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _tags(request: HttpRequest, response: Any, seen: Seen) -> set[str]:
    """Return what the answer depends on; nothing for one that is not kept."""
    match = request.resolver_match
    if match is None or request.method != "GET":
        return set()
    if match.view_name == "wagtail_serve":
        page = (getattr(response, "context_data", None) or {}).get("page")
        return tags_of_page(page, seen) if getattr(page, "pk", None) else set()
    if match.namespaces == ["directory"] and "number" in match.kwargs:
        return tags_of_entry(seen)
    return set()


def _is_shared(request: HttpRequest, response: Any) -> bool:
    control = response.get("Cache-Control", "").lower()
    return (
        response.status_code == 200
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not response.cookies
        # A form asked for its token, even one that no cookie left with.
        and "CSRF_COOKIE" not in request.META
        and not any(word in control for word in _NOT_SHARED)
    )


def _again(kept: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(kept["content"])
    for name, value in kept["headers"].items():
        response[name] = value
    response["X-Page"] = "kept"
    return response
