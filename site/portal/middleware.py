"""What stands before every page: the content security policy, and what is turned away at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language_from_path

from registry.common.ratelimit import client


class PolicyMiddleware(CSPMiddleware):
    """Sends the admin's own policy under its address, the strict one everywhere else."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.ADMIN_PATH):
            parts.replace = settings.ADMIN_POLICY
        return parts


class AdminAddress:
    """Turns away a NUL in an address of the admin: Wagtail would hand it on, PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or raise `BadRequest` (400)."""
        has_nul = "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul and request.path_info.startswith(settings.ADMIN_PATH):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class LandingLanguages:
    """Languages with a few pages and no interface: whatever else is asked for is shown in Vietnamese.

    Stands right inside `LocaleMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page with the language its text is in; lead away from one nobody wrote in it."""
        response = self.get_response(request)
        language = self._landing(request)
        if language and response.status_code == 404:
            return self._in_vietnamese(request)
        if language and response.status_code == 200:
            response.headers["Content-Language"] = language
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead away from rooms that have no page in such a language."""
        match = request.resolver_match
        if self._landing(request) and (match is None or match.view_name != "wagtail_serve"):
            return self._in_vietnamese(request)
        return None

    def _landing(self, request: HttpRequest) -> str:
        language = get_language_from_path(request.path_info) or ""
        return language if language in dict(settings.LANDING_LANGUAGES) else ""

    def _in_vietnamese(self, request: HttpRequest) -> HttpResponse:
        rest = request.get_full_path().removeprefix(f"/{self._landing(request)}")
        # One slash only: two would name another server.
        return HttpResponseRedirect("/" + rest.lstrip("/\\"))


class SearchLimit:
    """Turns away who searches faster than a person types: so many a minute, address by address.

    Counted in this process's memory: a count in the database would make every search a write.
    """

    WINDOW = 60
    PATHS = ("/tim-kiem/", "/danh-ba/", "/thi-truong-cong-nghe/", "/goi-y/", "/nguon-tin/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or 429 with the seconds to wait."""
        path = request.path_info
        if language := get_language_from_path(path):
            path = path.removeprefix(f"/{language}")
        if (
            path.startswith(self.PATHS)
            and self._count(client(request)) > settings.SEARCHES_A_MINUTE
        ):
            wait = self.WINDOW - int(time.time()) % self.WINDOW
            response = render(request, "429.html", {"retry_after": wait}, status=429)
            response["Retry-After"] = str(wait)
            return response
        return self.get_response(request)

    def _count(self, key: str) -> int:
        window = int(time.time()) // self.WINDOW
        with self._lock:
            if window != self._window:
                self._window = window
                self._counts.clear()
            self._counts[key] += 1
            return self._counts[key]
