"""Private files, served only to those who may see what they belong to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from registry.directory.images import is_shown, may_see
from registry.directory.models import EntryImage
from registry.directory.models.image import private_storage

#: An address names one picture for ever, so a shown one may be kept long.
KEEP_SECONDS = 30 * 24 * 3600


@require_safe
def image(request: HttpRequest, uid: str, width: int) -> HttpResponse:
    """Serve one width of a picture; 404 for whoever may not know that it exists."""
    picture = EntryImage.objects.select_related("entry__owner").filter(uid=uid).first()
    if picture is None or width not in picture.widths or not may_see(picture, request.user):
        raise Http404
    try:
        with private_storage().open(picture.path(width)) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'inline; filename="{picture.uid}-{width}.webp"'
    response["Last-Modified"] = http_date(picture.created_at.timestamp())
    if is_shown(picture):
        response["Cache-Control"] = f"public, max-age={KEEP_SECONDS}, immutable"
    else:
        response["Cache-Control"] = "private, no-store"
    return response
