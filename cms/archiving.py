"""The archive copy of a page: plain HTML that stands on its own, with date, source and address.

A duty of state sites: what was published stays readable without the site, its styles or its scripts.
"""

from __future__ import annotations

import base64
import mimetypes
from typing import Any
from urllib.parse import unquote, urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from wagtail.models import Page

#: What says nothing on paper or from a disk.
DROPPED = ("script", "style", "svg", "form", "button", "input", "source", "nav", "iframe", "video")
KEPT = {"href", "src", "alt", "colspan", "rowspan", "scope", "lang", "datetime", "id", "start"}


@require_safe
def archive_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the copy of a live, public page that has a text; 404 for any other."""
    page = Page.objects.live().public().filter(pk=pk).specific().first()
    if page is None or not getattr(page, "body", None) or not page.get_url(request):
        raise Http404
    address = request.build_absolute_uri(page.get_url(request))
    body = render_to_string("cms/archive_body.html", {"page": page, "request": request}, request)
    html = render_to_string(
        "cms/archive_copy.html",
        {
            "page": page,
            "address": address,
            "body": plain(body, address),
            "published": getattr(page, "date", None) or page.first_published_at,
            "changed": page.last_published_at,
            "taken": timezone.now(),
        },
        request,
    )
    response = HttpResponse(html)
    # The page itself is what search engines should list.
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{address}>; rel="canonical"'
    patch_cache_control(response, no_cache=True)
    return response


def plain(html: str, base: str) -> SafeString:
    """Return the HTML with whole addresses, its pictures inside, and nothing that needs the site."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(DROPPED):
        element.decompose()
    # What says that words are in another language stays: a voice reads them by it.
    for element in soup.find_all(["picture", "div", "span"], lang=False):
        element.unwrap()
    for element in soup.find_all(True):
        _strip(element, base)
    return mark_safe(str(soup))


def _strip(element: Any, base: str) -> None:
    for name in [name for name in element.attrs if name not in KEPT]:
        del element[name]
    if element.name == "img":
        inside = _inside(str(element.get("src", "")))
        if inside:
            element["src"] = inside
        else:
            element.decompose()
            return
    if element.get("href"):
        element["href"] = urljoin(base, str(element["href"]))


def _inside(address: str) -> str:
    """Return a picture of ours as a data address; nothing for what is gone or not ours."""
    if not address.startswith(settings.MEDIA_URL):
        return ""
    name = unquote(address.removeprefix(settings.MEDIA_URL))
    kind = mimetypes.guess_type(name)[0] or ""
    if not kind.startswith("image/"):
        return ""
    try:
        with default_storage.open(name) as file:
            return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"
    except (OSError, ValueError):
        return ""
