"""Pictures that fit the screen: `{% picture page.image "lead" %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cms import pictures

register = template.Library()


@register.simple_tag
def picture(image: Any, place: str, eager: bool = False, **attributes: Any) -> SafeString | str:
    """Draw an image as AVIF, WebP and JPEG in the widths of a place: card, lead, gallery, film,
    portrait.

    `alt` is the image's own description unless given. `eager=True` for what is seen first, so that
    it is not loaded lazily. Further arguments become attributes of the `img` element. Nothing is
    drawn when there is no image or its file is gone.
    """
    found = pictures.shown(image, place) if image else None
    if found is None:
        return ""
    alt = attributes.pop("alt", None)
    loading = {"fetchpriority": "high"} if eager else {"loading": "lazy"}
    described = {
        "src": found.src,
        "srcset": found.srcset,
        "sizes": found.sizes,
        "width": found.width,
        "height": found.height,
        "alt": image.default_alt_text if alt is None else alt,
        "decoding": "async",
        **loading,
        **attributes,
    }
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}" />',
        ((source.mime, source.srcset, found.sizes) for source in found.sources),
    )
    pairs = ((name.replace("_", "-"), value) for name, value in described.items())
    return format_html(
        "<picture>{}<img{} /></picture>", sources, format_html_join("", ' {}="{}"', pairs)
    )
