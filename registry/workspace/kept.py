"""What was typed when the session had ended: kept in the anonymous session until its writer is back.

Only text is kept, capped in size, for the page it was typed on and for the person who typed it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from registry.common.ratelimit import client, hit

KEY = "workspace_kept"
MAX_BYTES = 200_000
MAX_PAGES = 3
#: A stranger may make us store so much and no more.
KEPT_AT_MOST, KEPT_WITHIN = 30, 3600
#: Fields of a form that are no text of its writer.
PLUMBING = {"csrfmiddlewaretoken"}


def keep(request: HttpRequest) -> bool:
    """Keep the posted text for this page; return whether there was room for it."""
    posted = request.POST.copy()
    for name in PLUMBING:
        posted.pop(name, None)
    text = posted.urlencode()
    if not posted.get("writer") or len(text) > MAX_BYTES:
        return False
    if not hit(f"kept:{client(request)}", KEPT_AT_MOST, KEPT_WITHIN):
        return False
    pages: dict[str, Any] = request.session.get(KEY, {})
    pages.pop(request.path, None)
    while len(pages) >= MAX_PAGES:
        pages.pop(next(iter(pages)))
    pages[request.path] = {"text": text, "files": bool(request.FILES)}
    request.session[KEY] = pages
    return True


def kept(request: HttpRequest) -> tuple[QueryDict | None, bool]:
    """Return the text kept for this page and this person, and whether a file was lost with it."""
    page = request.session.get(KEY, {}).get(request.path)
    if page is None:
        return None, False
    data = QueryDict(page["text"])
    if data.get("writer") != str(request.user.pk):
        return None, False
    return data, bool(page["files"])


def forget(request: HttpRequest) -> None:
    """Drop the text of this page: it was saved, or its writer does not want it."""
    pages = request.session.get(KEY, {})
    if pages.pop(request.path, None) is not None:
        request.session[KEY] = pages
