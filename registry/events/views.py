"""The calendar files. Pages of events are the site's (`cms.events`)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.events import calendar, selectors

CACHE_SECONDS = 300


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Every event to come, as a calendar to subscribe to."""
    name = _("Sự kiện – Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long")
    return _answer(calendar.feed(selectors.for_calendar(), _base(request), name), "su-kien.ics")


@require_safe
def event(request: HttpRequest, number: str) -> HttpResponse:
    """One event as a calendar file; 404 where it has no public page."""
    found = selectors.by_number(number)
    if found is None:
        raise Http404
    return _answer(calendar.one(found, _base(request)), f"{found.number_slug}.ics")


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    return response
