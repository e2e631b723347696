"""Certificates of an entry: granting one the desk has seen, opening the case of another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.cases.services import CaseError
from registry.directory.services import Forbidden
from registry.moderation import services
from registry.moderation.access import at_the_desk
from registry.moderation.forms import RecognitionForm
from registry.moderation.views_entries import entry_by_slug


@at_the_desk
def grant(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a certificate as granted."""
    entry = entry_by_slug(number)
    form = RecognitionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.grant_recognition(entry, request.user, form.save(commit=False))
            except Forbidden as error:
                messages.error(request, error.message)
                status = 403
            else:
                messages.success(request, _("Đã ghi giấy chứng nhận."))
                return redirect("desk:entry", number=number)
    context = {
        "entry": entry,
        "form": form,
        "header_title": _("Ghi giấy chứng nhận"),
        "header_icon": "plus",
        "breadcrumbs_items": [
            {"url": reverse("desk:queue"), "label": _("Xem xét")},
            {"url": reverse("desk:entry", kwargs={"number": number}), "label": entry.number},
            {"url": "", "label": _("Ghi giấy chứng nhận")},
        ],
        "tab": "entries",
    }
    return render(request, "registry/moderation/grant.html", context, status=status)


@at_the_desk
@require_POST
def open_recognition(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Go to the case of a certificate, where it is suspended or revoked."""
    entry = entry_by_slug(number)
    recognition = get_object_or_404(entry.recognitions, pk=pk)
    try:
        case = services.case_of_recognition(recognition, request.user)
    except (CaseError, Forbidden) as error:
        messages.error(request, error.message)
        return redirect("desk:entry", number=number)
    return redirect("desk:case", pk=case.pk)
