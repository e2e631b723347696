"""Enquiries of one's own: sending one, answering one, taking one back."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.accounts.consents import INTRODUCTION, PURPOSES
from registry.cases.models import Case
from registry.cases.selectors import allowed
from registry.cases.services import CaseError, Moved, NotAllowed
from registry.common.typed import whole_number
from registry.common.wording import deadline
from registry.directory.models import Entry
from registry.directory.permissions import role_of
from registry.marketplace import selectors, services
from registry.workspace import kept
from registry.workspace.access import signed_in
from registry.workspace.enquiry_forms import DeclineForm, EnquiryForm
from registry.workspace.selectors import organisations_for

PER_PAGE = 20
FORBIDDEN, CONFLICT, UNPROCESSABLE, TOO_MANY = 403, 409, 422, 429


# --- sending ----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(keeps_text=True)
def enquire(request: HttpRequest, number: str) -> HttpResponse:
    """Show and take the form of an enquiry about a public entry."""
    entry = (
        Entry.objects.public()
        .select_related("owner")
        .filter(number=number.upper().replace("-", " "))
        .first()
    )
    if entry is None:
        raise Http404
    organisations = organisations_for(request.user)
    if request.method != "POST":
        text, _lost = kept.kept(request)
        return _form(request, entry, EnquiryForm(text, organisations=organisations), bool(text))
    form = EnquiryForm(request.POST, organisations=organisations)
    if not form.is_valid():
        return _form(request, entry, form, status=UNPROCESSABLE)
    try:
        case = services.send_enquiry(
            entry,
            request.user,
            form.answers,
            consent=form.cleaned_data["consent"],
            organisation=form.chosen_organisation,
        )
    except services.TooMany as error:
        form.add_error(None, error.message)
        response = _form(request, entry, form, status=TOO_MANY)
        response["Retry-After"] = str(error.retry_after)
        return response
    except services.EnquiryRefused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _form(request, entry, form, status=UNPROCESSABLE)
    kept.forget(request)
    messages.success(
        request, _("Đã gửi. Chủ hồ sơ trả lời %(deadline)s.") % {"deadline": deadline(case.due_at)}
    )
    return redirect("workspace:enquiry", slug=selectors.number_slug(case))


def _form(
    request: HttpRequest, entry: Entry, form: EnquiryForm, was_kept: bool = False, status: int = 200
) -> HttpResponse:
    hindrance = selectors.closed_to_enquiries(entry)
    if role_of(request.user, entry):
        hindrance = _("Đây là hồ sơ của tổ chức bạn.")
    verified = EmailAddress.objects.filter(user=request.user, verified=True).exists()
    context = {
        "entry": entry,
        "title": entry.content.title,
        "form": form,
        "hindrance": hindrance,
        "unverified": not verified,
        "was_kept": was_kept,
    }
    return render(request, "registry/marketplace/enquire.html", context, status=status)


# --- reading and answering --------------------------------------------------------------------


@require_safe
@never_cache
@signed_in()
def index(request: HttpRequest) -> HttpResponse:
    """List the enquiries that came to the person's organisations, and those they sent."""
    received = Paginator(selectors.received_by(request.user), PER_PAGE)
    sent = Paginator(selectors.sent_by(request.user), PER_PAGE)
    to_us = received.get_page(request.GET.get("den"))
    from_us = sent.get_page(request.GET.get("di"))
    context = {
        "room": "enquiries",
        "received": to_us,
        "received_views": [selectors.view_of(case, "owner", full=False) for case in to_us],
        "sent": from_us,
        "sent_views": [selectors.view_of(case, "sender", full=False) for case in from_us],
    }
    return render(request, "registry/workspace/enquiries.html", context)


@require_safe
@never_cache
@signed_in()
def enquiry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one enquiry as this side may read it."""
    case, side = _mine(request, slug)
    return _page(request, case, side)


@require_POST
@never_cache
@signed_in()
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept or decline an enquiry, or take one's own back."""
    case, side = _mine(request, slug)
    expect = whole_number(request.POST.get("seq"))
    wanted = request.POST.get("action", "")
    form = DeclineForm(request.POST if wanted == "decline" else None)
    try:
        if wanted == "accept":
            consent = request.POST.get("consent") == "on"
            services.accept(case, request.user, expect=expect, consent=consent)
            messages.success(request, _("Đã kết nối. Liên hệ hai bên hiện ở đây."))
        elif wanted == "decline":
            if not form.is_valid():
                return _page(request, case, side, form=form, status=UNPROCESSABLE)
            services.decline(case, request.user, expect=expect, reason=form.cleaned_data["reason"])
            messages.success(request, _("Đã từ chối. Bên gửi đọc lý do, không biết gì thêm."))
        elif wanted == "withdraw":
            services.withdraw(case, request.user, expect=expect)
            messages.success(request, _("Đã rút đề nghị."))
        else:
            return _page(request, case, side, problem=_("Chọn việc cần làm."), status=UNPROCESSABLE)
    except Moved as error:
        return _page(request, case, side, problem=error.message, status=CONFLICT)
    except NotAllowed as error:
        return _page(request, case, side, problem=error.message, status=FORBIDDEN)
    except CaseError as error:
        return _page(request, case, side, problem=error.message, status=UNPROCESSABLE)
    return redirect("workspace:enquiry", slug=slug)


def _mine(request: HttpRequest, slug: str) -> tuple[Case, str]:
    try:
        return selectors.enquiry_of(request.user, slug)
    except Case.DoesNotExist as error:
        raise Http404 from error


def _page(
    request: HttpRequest,
    case: Case,
    side: str,
    *,
    form: DeclineForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    case = Case.objects.select_related("enquiry", "subject__owner", "opener", "assignee").get(
        pk=case.pk
    )
    may: dict[str, Any] = {item.code: True for item in allowed(case, request.user)}
    context = {
        "room": "enquiries",
        "enquiry": selectors.view_of(case, side),
        "may": may,
        "decline_form": form or DeclineForm(),
        "problem": problem,
        "consent_text": PURPOSES[INTRODUCTION].current.text,
    }
    return render(request, "registry/workspace/enquiry.html", context, status=status)
