"""Feeds: a section of the site, or any search of the public pages."""

from __future__ import annotations

import hashlib
import html
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.html import strip_tags
from django.utils.http import http_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from cms.feeds import sections
from cms.feeds.writing import NEVER, Item, write
from search import forms, service
from search.contracts import Hit, InvalidQuery, Sort
from search.rooms import DIRECTORY, EVERYTHING, MARKET, Room

CACHE_SECONDS = 300
ROOMS: dict[str, Room] = {
    "tim-kiem": EVERYTHING,
    "danh-ba": DIRECTORY,
    "thi-truong-cong-nghe": MARKET,
}


@require_safe
def section(request: HttpRequest, section: str, form: str) -> HttpResponseBase:
    """What is new in a section; 404 for none of that name, or whose pages this site has not."""
    found = sections.SECTIONS.get(section)
    if found is None or not found.exists():
        raise Http404
    base, language = request.build_absolute_uri("/"), _language()
    items = sections.newest(found, language, base)
    title = f"{found.title} – {_site()}"
    return _answer(request, form, items, title, sections.index_url(found, language))


@require_safe
def room(request: HttpRequest, room: str, form: str) -> HttpResponseBase:
    """The newest of a search: the same words and filters as on its page, public facts only."""
    asked_room = ROOMS[room]
    try:
        asked = forms.read(request.GET, asked_room)
        asked = replace(asked, page=1, order=None)
        query = replace(asked.query(_language(), "public"), sort=Sort.CONFIRMED)
        query = replace(query, count_kinds=False, page_size=sections.LIMIT)
        page = service.search(query)
        if page.partial:
            # Newest first, what has only some of the words would stand above what has all.
            page = service.search(replace(query, verbatim=True))
    except TooManyFieldsSent:
        return _refuse(gettext("Địa chỉ có quá nhiều tham số."))
    except InvalidQuery as problem:
        return _refuse(problem.message)
    base = request.build_absolute_uri("/")
    items = [_found(hit, base) for hit in page.hits]
    words = f"“{asked.text}” – " if asked.text else ""
    response = _answer(request, form, items, f"{words}{asked_room.title} – {_site()}", asked.href())
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(hit: Hit, base: str) -> Item:
    day = hit.confirmed_on
    written = str(hit.payload.get("date") or "")
    if day is None and written:
        day = datetime.fromisoformat(written).date()
    at = timezone.make_aware(datetime.combine(day, time(7))) if day else NEVER
    number = str(hit.payload.get("number") or "")
    host = base.split("/")[2]
    return Item(
        key=f"tag:{host},2026:{hit.kind}:{hit.id}",
        title=f"{number}: {hit.title}" if number else hit.title,
        url=base.rstrip("/") + hit.url if hit.url.startswith("/") else hit.url,
        summary=html.unescape(strip_tags(hit.fragment_html)),
        published=at,
        updated=at,
    )


def _language() -> str:
    return get_language() or "vi"


def _site() -> str:
    return gettext("Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long")


def _refuse(message: str) -> HttpResponse:
    return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")


def _answer(
    request: HttpRequest, form: str, items: list[Item], title: str, url: str
) -> HttpResponseBase:
    """Return the feed, or 304 to who has it already."""
    content, changed, content_type = write(
        form,
        items,
        title=title,
        description=title,
        url=request.build_absolute_uri(url),
        feed_url=request.build_absolute_uri(),
        language=_language(),
    )
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response: Any = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed.timestamp())
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    conditional = get_conditional_response(
        request, etag=etag, last_modified=int(changed.timestamp()), response=response
    )
    return conditional or response
