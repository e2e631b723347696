"""The public pages of entries."""

from __future__ import annotations

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.directory.disclosure import viewer_of
from registry.directory.loading import entry_with_content, fill
from registry.directory.models import Entry
from registry.directory.presenters import detail_context

#: Lifecycles that are over for the public; a hidden one may come back, so it only is not found.
OVER = {Entry.Lifecycle.ARCHIVED, Entry.Lifecycle.REJECTED, Entry.Lifecycle.EXPIRED}


@require_safe
def detail(request: HttpRequest, kind: str, slug: str, number: str) -> HttpResponse:
    """Show a public entry; 301 to its right address, 410 once it is over, else 404."""
    try:
        entry = entry_with_content(kind, number)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    if not entry.is_public:
        return _no_longer(request, entry)
    if slug != entry.slug:
        return HttpResponsePermanentRedirect(entry.get_absolute_url())
    content = entry.content
    fill([content])
    context = detail_context(entry, content, viewer_of(request.user, entry))
    return render(request, entry.kind_info.detail_template, context)


def _no_longer(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Answer for an entry the public does not see (any more)."""
    target = entry.merged_into
    if entry.lifecycle == Entry.Lifecycle.MERGED and target is not None and entry.was_public:
        return HttpResponsePermanentRedirect(target.get_absolute_url())
    if not entry.was_public or entry.lifecycle not in OVER:
        raise Http404
    expired = entry.lifecycle == Entry.Lifecycle.EXPIRED
    context = {
        "number": entry.number,
        "removed_on": entry.expires_at if expired else entry.removed_at or entry.updated_at,
        "reason": _("Đã hết hạn") if expired else entry.removed_reason.rstrip(". "),
    }
    return render(request, "410.html", context, status=410)
