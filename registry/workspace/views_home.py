"""The first page of the workspace: what to do next, and where everything stands."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.directory.selectors import completeness, draft_of
from registry.workspace import selectors
from registry.workspace.access import signed_in
from registry.workspace.todo import next_things

ON_HOME = 8
PER_PAGE = 20


@require_safe
@never_cache
@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Show up to three things to do, how complete the organisation is, and its entries."""
    owned = selectors.entries_for(request.user)
    organisations = selectors.organisations_for(request.user)
    context = {
        "room": "home",
        "todo": next_things(request.user),
        "complete": completeness(draft_of(organisations[0])) if len(organisations) == 1 else None,
        "entries": selectors.listed(owned[:ON_HOME]),
        "total": owned.count(),
    }
    return render(request, "registry/workspace/home.html", context)


@require_safe
@never_cache
@signed_in()
def entries(request: HttpRequest) -> HttpResponse:
    """List everything the person's organisations own."""
    page = Paginator(selectors.entries_for(request.user), PER_PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "room": "entries",
        "page": page,
        "entries": selectors.listed(page.object_list),
        "total": page.paginator.count,
    }
    return render(request, "registry/workspace/entries.html", context)
