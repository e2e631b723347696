"""What a page tells those who share it and those who list it."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from wagtail.images.models import SourceImageIOError

from cms.sharing import cards, structured

register = template.Library()

#: How deep the home pages stand in the tree.
HOME_DEPTH = 2


def _base(request: HttpRequest | None) -> str:
    """Return scheme and host; nothing where there is no request, or one with a forged host."""
    if request is None:
        return ""
    try:
        return str(request.build_absolute_uri("/"))
    except DisallowedHost:
        return ""


def _language() -> str:
    return get_language() or "vi"


def card_of(context: dict[str, Any]) -> cards.Card:
    """Return the card of a page: of an entry, of what an editor wrote, else of the site."""
    entry, page = context.get("entry"), context.get("page")
    if entry is not None and context.get("title") and hasattr(entry, "kind_info"):
        sector = context.get("sector")
        label = entry.kind_info.label
        plate = getattr(sector, "code", "")
        return cards.card(context["title"], label, entry.number, plate, _language())
    if page is not None and hasattr(page, "get_translations"):
        event = context.get("event")
        sector = getattr(page, "sector", None)
        # An index or a page of text is called by its title alone.
        label = "" if page.allowed_subpage_models() else page.specific_class._meta.verbose_name
        named = str(label)[:1].upper() + str(label)[1:]
        plate = getattr(sector, "code", "") or getattr(page, "share_plate", "")
        number = getattr(event, "number", "")
        return cards.card(page.seo_title or page.title, named, number, plate, _language())
    heading = getattr(context.get("room"), "title", "")
    return cards.card(heading, language=_language())


def picture_of(context: dict[str, Any]) -> str:
    """Return the address of the picture: the editor's own, else one drawn of the title."""
    page = context.get("page")
    own = getattr(page, "share_image", None) or getattr(page, "image", None)
    if own is not None and hasattr(own, "get_rendition"):
        try:
            return str(own.get_rendition("fill-1200x630|format-jpeg").url)
        except (SourceImageIOError, OSError):
            pass
    return cards.address(card_of(context))


def _picture(context: template.Context) -> str:
    """Return the picture's address, found out once for each page."""
    known = context.render_context.get("share_picture")
    if known is None:
        known = picture_of(context.flatten())
        context.render_context["share_picture"] = known
    return str(known)


@register.simple_tag(takes_context=True)
def share_picture(context: template.Context) -> SafeString:
    """Name the picture shown where the page is shared, with its size."""
    base = _base(context.get("request")).rstrip("/")
    address = _picture(context)
    whole = address if address.startswith("http") else base + address
    pairs = [
        ("og:image", whole),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", card_of(context.flatten()).title or gettext("Trang chủ")),
    ]
    named = format_html_join("\n", '<meta property="{}" content="{}" />', pairs)
    return format_html('{}\n<meta name="twitter:card" content="summary_large_image" />', named)


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context) -> SafeString | str:
    """Tell search engines what a page is; joint of all page classes: `structured_data() -> dict`."""
    page, request = context.get("page"), context.get("request")
    base = _base(request)
    if page is None or not base or getattr(request, "is_preview", False):
        return ""
    if getattr(page, "depth", 0) == HOME_DEPTH:
        return structured.script(structured.site(base, _language()))
    told = getattr(page, "structured_data", None)
    if callable(told):
        found = told()
        return structured.script(found) if found else ""
    if getattr(page, "date", None) and hasattr(page, "intro"):
        picture = _picture(context)
        whole = picture if picture.startswith("http") else base.rstrip("/") + picture
        return structured.script(structured.article(page, base, whole))
    return ""


@register.simple_tag(takes_context=True)
def breadcrumb_data(
    context: template.Context, links: Any, current: str = "", home: str = "/"
) -> SafeString:
    """Tell search engines the path that `components/crumb.html` shows."""
    base = _base(getattr(context, "request", None) or context.get("request"))
    if not base:
        return mark_safe("")
    parts = [(gettext("Trang chủ"), home), *links]
    if current:
        parts.append((current, ""))
    return structured.script(structured.breadcrumbs(parts, base))
