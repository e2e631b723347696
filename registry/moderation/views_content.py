"""Seeing a draft as the public will, and correcting a live entry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from registry.cases.models import Case
from registry.cases.services import Refused
from registry.directory.disclosure import ANYONE
from registry.directory.models import Entry
from registry.directory.permissions import may_review
from registry.directory.presenters import detail_context
from registry.directory.services import DirectoryError, Forbidden
from registry.moderation import services
from registry.moderation.access import at_the_desk
from registry.moderation.comparison import pinned_content
from registry.moderation.entry_forms import entry_forms
from registry.moderation.forms import CorrectionForm
from registry.moderation.machine import MODERATION
from registry.moderation.views_entries import entry_by_slug


@at_the_desk
@require_GET
@xframe_options_sameorigin
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the pinned revision in the public template, as anyone will see it once approved."""
    cases = Case.objects.filter(kind=MODERATION.kind).select_related("subject__owner", "review")
    case = get_object_or_404(cases, pk=pk)
    content = pinned_content(case)
    context = detail_context(case.subject, content, ANYONE, preview=True)
    return render(request, case.subject.kind_info.detail_template, context)


def _live_content(entry: Entry) -> Any:
    content = type(entry.content)._default_manager.get(entry=entry)
    content.entry = entry
    return content


@at_the_desk
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what is live, with a reason; legal fields open a review for a second person."""
    entry = entry_by_slug(number)
    content = _live_content(entry)
    if not content.live:
        raise Http404
    if not may_review(request.user, entry):
        messages.error(request, _("Hồ sơ này của tổ chức bạn thuộc về."))
        return redirect("desk:entry", number=number)
    if request.method != "POST":
        first = CorrectionForm(initial={"expect_live": content.live_revision_id})
        return _correction_page(request, entry, entry_forms(content), first)
    forms = entry_forms(content, request.POST)
    why = CorrectionForm(request.POST)
    fine = [form.is_valid() for form in forms] + [why.is_valid()]
    if not all(fine):
        return _correction_page(request, entry, forms, why, status=400)
    for form in forms:
        form.apply(content)
    try:
        case = services.correct(
            entry,
            request.user,
            content,
            expect_live=why.cleaned_data["expect_live"],
            reason=why.cleaned_data["reason"],
        )
    except Forbidden as error:
        messages.error(request, error.message)
        return _correction_page(request, entry, forms, why, status=403)
    except (services.DraftMoved, Refused, DirectoryError) as error:
        messages.error(request, error.message)
        return _correction_page(request, entry, forms, why, status=409)
    if case is None:
        messages.success(request, _("Đã sửa và đăng."))
        return redirect("desk:entry", number=number)
    messages.success(request, _("Có chỗ thuộc phần pháp lý: một người khác duyệt trước khi đăng."))
    return redirect("desk:case", pk=case.pk)


def _correction_page(
    request: HttpRequest, entry: Entry, forms: Any, why: CorrectionForm, status: int = 200
) -> HttpResponse:
    context = {
        "entry": entry,
        "forms": forms,
        "why": why,
        "mistakes": [item for form in forms for item in form.mistakes()] if why.is_bound else [],
        "header_title": _("Sửa %(number)s") % {"number": entry.number},
        "header_icon": "edit",
        "breadcrumbs_items": [
            {"url": reverse("desk:queue"), "label": _("Xem xét")},
            {
                "url": reverse("desk:entry", kwargs={"number": entry.number_slug}),
                "label": entry.number,
            },
            {"url": "", "label": _("Sửa")},
        ],
        "tab": "entries",
    }
    return render(request, "registry/moderation/correct.html", context, status=status)
