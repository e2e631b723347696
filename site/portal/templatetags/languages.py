"""Template tags for moving between languages: the switch, what search engines are told, notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Page

from cms.translations import selectors
from cms.translations.selectors import Standing, State, Versions

register = template.Library()

#: What search engines show to readers of any other language.
ANY = "x-default"


@dataclass(frozen=True, slots=True)
class Language:
    """A language this page can be read in, and where."""

    code: str
    name: str
    url: str


def page_language(request: HttpRequest | None) -> str:
    """Return the language of an address; the interface may speak another one around its text."""
    return getattr(request, "LANGUAGE_CODE", None) or translation.get_language() or "vi"


# ── the switch


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[Language]:
    """Return the other languages, each with the address of this page, question and all.

    Where a page has no version of its own, a language of the interface leads to its front page and
    any other language is left out.
    """
    current = page_language(context.get("request"))
    found = []
    for code, name in settings.LANGUAGES:
        url = "" if code == current else address_in(context, code)
        if url:
            found.append(Language(code, name, url))
    return found


def address_in(context: template.Context, code: str) -> str:
    """Return this page's address in a language, or the front page's; nothing where neither is."""
    request = context.get("request")
    spoken = code in dict(settings.INTERFACE_LANGUAGES)
    front = (f"/{code}/" if code != settings.LANGUAGE_CODE else "/") if spoken else ""
    if request is None:
        return front
    page = page_of(context)
    if page is not None:
        version = versions_of(request, page).get(code)
        url = (version.get_url(request) or "") if version is not None else ""
        _path, mark, query = request.get_full_path().partition("?")
        return f"{url}{mark}{query}" if url else front
    here = request.get_full_path()
    address = _translated(request, here, code) if spoken else ""
    return front if address == here else address


def _translated(request: HttpRequest, address: str, code: str) -> str:
    """Return an address in a language; the path is looked up once for each request."""
    path, mark, query = address.partition("?")
    known: dict[tuple[str, str], str] = request.__dict__.setdefault("_paths_in_languages", {})
    if (path, code) not in known:
        known[path, code] = translate_url(path, code)
    return f"{known[path, code]}{mark}{query}"


def page_of(context: template.Context) -> Page | None:
    """Return the editor's page that is shown; `None` for the registry's own pages."""
    page = context.get("page")
    return page if isinstance(page, Page) and page.pk else None


def versions_of(request: HttpRequest | None, page: Page) -> Versions:
    """Return the versions of a page, read once for each request."""
    if request is None:
        return selectors.versions_of(page)
    read: dict[int, Versions] = request.__dict__.setdefault("_page_versions", {})
    if page.pk not in read:
        read[page.pk] = selectors.versions_of(page)
    return read[page.pk]


# ── search engines


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> str:
    """Return the address search engines should keep: of a text not in this language, its own."""
    request = context.get("request")
    page = page_of(context)
    if page is not None:
        standing = standing_of(context, page)
        shown = page if standing.is_written_here else standing.source
        return str((shown or page).get_full_url(request) or "")
    if request is None:
        return ""
    written = context.get("written_in")
    path = request.path
    if written and page_language(request) not in written:
        path = _translated(request, path, settings.LANGUAGE_CODE)
    return _whole(request, path)


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> SafeString | str:
    """Name the versions of this page to search engines: none for a page in one language only."""
    request = context.get("request")
    if request is None:
        return ""
    named = _versions(context, request)
    if len(named) < 2 or page_language(request) not in named:
        return ""
    if settings.LANGUAGE_CODE in named:
        named[ANY] = named[settings.LANGUAGE_CODE]
    return format_html_join(
        "\n", '<link rel="alternate" hreflang="{}" href="{}" />', sorted(named.items())
    )


def _versions(context: template.Context, request: HttpRequest) -> dict[str, str]:
    page = page_of(context)
    if page is not None:
        versions = selectors.written(versions_of(request, page))
        urls = {code: version.get_full_url(request) for code, version in versions.items()}
        return {code: url for code, url in urls.items() if url}
    screen = context.get("screen")
    if screen is not None and not screen.asked.indexable:
        return {}
    path = screen.canonical if screen is not None else request.path
    codes = context.get("written_in") or dict(settings.INTERFACE_LANGUAGES)
    found = {code: _translated(request, path, code) for code in codes}
    # An address that stays the same in every language is no version of a page.
    return {code: _whole(request, url) for code, url in found.items()} if _differ(found) else {}


def _differ(addresses: dict[str, str]) -> bool:
    return len(set(addresses.values())) == len(addresses)


def _whole(request: HttpRequest, address: str) -> str:
    try:
        return str(request.build_absolute_uri(address))
    except DisallowedHost:
        # The page that refuses a forged host must not fail over the same host.
        return address


# ── notices


def standing_of(context: template.Context, page: Page) -> Standing:
    """Return how the text of a page stands to the Vietnamese one."""
    return selectors.standing_in(versions_of(context.get("request"), page), page)


@register.simple_tag(takes_context=True, name="standing")
def standing_tag(context: template.Context, page: Page) -> Standing:
    """Return how the text of a page stands: `{% standing page as standing %}`."""
    return standing_of(context, page)


@register.inclusion_tag("components/translation_notice.html", takes_context=True)
def translation_notice(context: template.Context, page: Page) -> dict[str, Any]:
    """Say in one line what a reader of a translation should know; nothing where all is well."""
    standing = standing_of(context, page)
    url = standing.source.get_url(context.get("request")) if standing.source else ""
    told = standing.state not in {State.SOURCE, State.REVIEWED}
    return {
        "state": standing.state.value if told else "",
        "source_url": url,
        "language": page_language(context.get("request")),
    }
