"""The picture of a shared page."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cms.sharing import cards, drawing

A_MONTH = 30 * 24 * 3600
A_YEAR = 365 * 24 * 3600


@require_safe
def share_image(request: HttpRequest, signed: str) -> HttpResponse:
    """Return the PNG of an address that `cards.address` made; 404 for any other."""
    card = cards.read(signed)
    if card is None:
        raise Http404
    key = f"cms.share.{hashlib.sha256(signed.encode()).hexdigest()}"
    drawn = cache.get(key)
    if drawn is None:
        drawn = drawing.draw(card)
        cache.set(key, drawn, A_MONTH)
    response = HttpResponse(drawn, content_type="image/png")
    # Another title has another address, so that this one never changes.
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
