"""The public pages of support measures: eight questions and their answer, and one measure."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.directory.models import Entry
from registry.support import forms, selectors
from registry.support import profile as own
from registry.support.rules import Answers


@require_safe
def eligibility(request: HttpRequest) -> HttpResponse:
    """Eight questions; with answers in the address, every measure sorted by them."""
    form = forms.Questions(request.GET or None)
    return _answered(request, form, form.answers)


@require_safe
@login_required
def profiles(request: HttpRequest) -> HttpResponse:
    """Choose which of one's organisations answers; one alone is taken at once."""
    organisations = own.own_organisations(request.user)
    if len(organisations) == 1:
        return redirect("support:profile", number=organisations[0].number_slug)
    return render(request, "registry/support/profiles.html", {"organisations": organisations})


@require_safe
@never_cache
@login_required
def profile(request: HttpRequest, number: str) -> HttpResponse:
    """The same questions, answered first from one's own organisation; 404 for anybody else's."""
    entry = own.own_organisation(request.user, number)
    if entry is None:
        raise Http404
    if forms.SENT in request.GET:
        form = forms.Questions(request.GET)
        return _answered(request, form, form.answers, entry)
    known = own.answers_of(entry, request.user)
    return _answered(request, forms.Questions(forms.as_query(known)), known, entry)


def _answered(
    request: HttpRequest, form: forms.Questions, answers: Answers, entry: Entry | None = None
) -> HttpResponse:
    held = selectors.held_of(request.GET.getlist(forms.HELD))
    context: dict[str, Any] = {
        "form": form,
        "answered": bool(answers),
        "found": selectors.sorted_by(answers, held),
        "known": selectors.known_of(answers),
        "ticked": bool(held),
        "entry": entry,
    }
    return render(request, "registry/support/eligibility.html", context)


@require_safe
def measure(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """One published measure; an old slug leads to the present one."""
    found = selectors.by_number(number)
    if found is None:
        raise Http404
    if found.slug != slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    held = selectors.held_of(request.GET.getlist(forms.HELD))
    context = {
        "card": selectors.card(found, held=held),
        "ticked": bool(held),
        "written_in": found.languages,
    }
    return render(request, "registry/support/measure.html", context)
