"""The site map for search engines: what editors published, every public entry, the support measures.

`/sitemap.xml` names the parts; each part holds at most `PART` addresses with their dates, their
twins in other languages and their pictures. No stand-ins for what is not translated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.apps import apps
from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from registry.directory.selectors import public_entries, written_in
from registry.support.selectors import public_measures

PART = 5_000
CACHE_SECONDS = 300
#: What rooms with words in every language of the interface are shown in.
ENTRY_LANGUAGES = ("vi", "en")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


@dataclass(frozen=True, slots=True)
class Address:
    """One page of the map."""

    url: str
    changed: datetime | None
    #: language → address, itself among them; empty where there is one language only.
    twins: dict[str, str] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()


# ── what there is


def pages(request: HttpRequest) -> QuerySet[Page]:
    """Return the live, unrestricted pages of every language, in the order of the tree."""
    site = Site.find_for_request(request) or Site.objects.get(is_default_site=True)
    homes = site.root_page.get_translations(inclusive=True)
    below = reduce(or_, (Q(path__startswith=home.path) for home in homes))
    found: QuerySet[Page] = Page.objects.live().public().filter(below, alias_of__isnull=True)
    return found.order_by("path").defer_streamfields().specific()


def _of_pages(chosen: Iterable[Any], request: HttpRequest) -> Iterator[Address]:
    chosen = list(chosen)
    twins = _twins([page.translation_key for page in chosen], request)
    images = _images(chosen)
    for page in chosen:
        path = page.get_url(request)
        if not path:
            continue
        image = images.get(getattr(page, "image_id", None))
        others = twins[page.translation_key]
        yield Address(
            url=request.build_absolute_uri(path),
            changed=page.last_published_at or page.latest_revision_created_at,
            twins=others if len(others) > 1 else {},
            pictures=(request.build_absolute_uri(image.file.url),) if image else (),
        )


def _twins(keys: list[Any], request: HttpRequest) -> dict[Any, dict[str, str]]:
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    same = Page.objects.live().public().filter(translation_key__in=keys, alias_of__isnull=True)
    for page in same.select_related("locale"):
        if path := page.get_url(request):
            whole = request.build_absolute_uri(path)
            found[page.translation_key][page.locale.language_code] = whole
    return found


def _images(chosen: list[Any]) -> dict[Any, Any]:
    ids = {getattr(page, "image_id", None) for page in chosen} - {None}
    found: dict[Any, Any] = apps.get_model("cms.SiteImage").objects.in_bulk(list(ids))
    return found


def _of_entries(chosen: Iterable[Any], request: HttpRequest) -> Iterator[Address]:
    for entry in chosen:
        twins = {}
        for language in written_in(entry):
            with translation.override(language):
                twins[language] = request.build_absolute_uri(entry.get_absolute_url())
        dates = (entry.content.last_published_at, entry.last_confirmed_at)
        changed = max((at for at in dates if at), default=None)
        for url in twins.values():
            yield Address(url, changed, twins if len(twins) > 1 else {})


def _of_measures(chosen: Iterable[Any], request: HttpRequest) -> Iterator[Address]:
    """Name the questions, and every measure they sort."""
    for measure in chosen:
        twins = {}
        for language in measure.languages if measure else ENTRY_LANGUAGES:
            with translation.override(language):
                path = measure.get_absolute_url() if measure else reverse("support:eligibility")
                twins[language] = request.build_absolute_uri(path)
        changed = measure.last_published_at if measure else None
        for url in twins.values():
            yield Address(url, changed, twins if len(twins) > 1 else {})


_PARTS = {
    "trang": (pages, _of_pages),
    "ho-so": (lambda request: public_entries().order_by("pk"), _of_entries),
    "ho-tro": (lambda request: [None, *public_measures()], _of_measures),
}


# ── answers


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Name the parts of the map."""
    lines = []
    for name, (rows, _addresses) in _PARTS.items():
        address = request.build_absolute_uri(reverse("sitemap_part", kwargs={"part": name}))
        for number in Paginator(rows(request), PART).page_range:
            whole = address if number == 1 else f"{address}?p={number}"
            lines.append(f"<sitemap><loc>{escape(whole)}</loc></sitemap>")
    return _answer("sitemapindex", lines)


@require_safe
def part(request: HttpRequest, part: str) -> HttpResponse:
    """Return one part of the map; 404 past its end."""
    rows, addresses = _PARTS[part]
    try:
        chosen = Paginator(rows(request), PART).page(request.GET.get("p", 1)).object_list
    except InvalidPage as error:
        raise Http404 from error
    return _answer("urlset", [_line(address) for address in addresses(chosen, request)])


def _line(address: Address) -> str:
    changed = (
        f"<lastmod>{address.changed.isoformat(timespec='seconds')}</lastmod>"
        if address.changed
        else ""
    )
    known = address.twins
    if settings.LANGUAGE_CODE in known:
        known = known | {"x-default": known[settings.LANGUAGE_CODE]}
    twins = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>'
        for code, url in sorted(known.items())
    )
    pictures = "".join(
        f"<image:image><image:loc>{escape(url)}</image:loc></image:image>"
        for url in address.pictures
    )
    return f"<url><loc>{escape(address.url)}</loc>{changed}{twins}{pictures}</url>"


def _answer(element: str, lines: list[str]) -> HttpResponse:
    content = "\n".join([f"{_HEAD}<{element} {_NAMES}>", *lines, f"</{element}>\n"])
    response = HttpResponse(content, content_type="application/xml; charset=utf-8")
    # The map is for machines that read it, not for their lists of results.
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    return response
