"""Calendar files: an event, a round of an award, and all that is to come, narrowed as the list is."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cms.awards import selectors as awards
from cms.events import screen
from registry.common import calendar
from registry.competitions import selectors as competitions
from registry.events import selectors as events

CACHE_SECONDS = 300


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is to come under the filters of the list; 400 in words for one that nobody knows."""
    try:
        choices, filters = screen.filters_of(request.GET)
    except screen.BadQuestion as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain; charset=utf-8")
    base = _base(request)
    begin = timezone.now() - calendar.KEPT
    found = (events.calendar_item(event, base) for event in events.for_calendar(filters=filters))
    items = [item for item in found if item is not None]
    if filters == events.Filters():
        # What narrows events says nothing of awards.
        for told in awards.days_between(begin):
            items += competitions.calendar_items(told.call, told.days, told.said, base)
    chosen = [label for choice in choices for _code, label, on in choice.options if on]
    return _answer(calendar.feed(items, _name(chosen)), "su-kien.ics")


@require_safe
def event(request: HttpRequest, number: str) -> HttpResponse:
    """One event as a calendar file; 404 where it has no public page."""
    found = events.by_number(number)
    if found is None:
        raise Http404
    item = events.calendar_item(found, _base(request))
    return _answer(calendar.one([item] if item else []), f"{found.number_slug}.ics")


@require_safe
def call(request: HttpRequest, number: str) -> HttpResponse:
    """The days of a round as a calendar file; 404 where it has no public page."""
    found = competitions.by_number(number)
    if found is None:
        raise Http404
    told = awards.told_of([found])[0]
    items = competitions.calendar_items(found, told.days, told.said, _base(request))
    return _answer(calendar.one(items), f"{found.number_slug}.ics")


def _name(chosen: Iterable[str]) -> str:
    what = ", ".join((pgettext("số nhiều", "Sự kiện"), *chosen))
    return f"{what} – {_('Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long')}"


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _answer(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    return response
