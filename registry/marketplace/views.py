"""The public page that sets offers side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.marketplace.comparing import PARAMETER, compare


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Show up to four offers side by side: `?so=cn-0412&so=cn-0007`, or numbers typed in one box."""
    found = compare(request.GET.getlist(PARAMETER), request.path)
    return render(request, "registry/marketplace/compare.html", {"comparison": found})
