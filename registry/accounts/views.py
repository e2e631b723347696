"""Pages of one's own account that allauth does not have."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registry.accounts.consents import ACCOUNT, PURPOSES
from registry.accounts.forms import ProfileForm
from registry.accounts.selectors import consent_states
from registry.accounts.services import (
    StillNeeded,
    close_account,
    give_consent,
    update_profile,
    withdraw_consent,
)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change the name others read and the language."""
    user: Any = request.user
    initial = {"full_name": user.full_name, "language": user.language}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        update_profile(user, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Đã lưu."))
            return HttpResponseRedirect(reverse("accounts:profile"))
    status = 422 if form.errors else 200
    return render(request, "registry/accounts/profile.html", {"form": form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET"])
def data(request: HttpRequest) -> HttpResponse:
    """Show what the Centre keeps of this person, and every consent with its history."""
    user: Any = request.user
    context = {"states": consent_states(user), "required": ACCOUNT}
    return render(request, "registry/accounts/data.html", context)


@never_cache
@login_required
@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give or withdraw one consent."""
    user: Any = request.user
    if purpose not in PURPOSES or purpose == ACCOUNT:
        raise Http404
    if request.POST.get("answer") == "give":
        give_consent(user, purpose, get_language() or user.language)
        messages.success(request, _("Đã ghi nhận sự đồng ý của bạn."))
    elif withdraw_consent(user, purpose):
        messages.success(request, _("Đã rút lại sự đồng ý."))
    return redirect("accounts:data")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, which withdraws the consent it rests on."""
    user: Any = request.user
    if request.method == "POST":
        try:
            closed = close_account(user)
        except StillNeeded as reason:
            messages.error(request, reason.message)
            return redirect("accounts:data")
        if not closed:
            messages.error(request, _("Tài khoản nhân sự do Quản trị viên đóng."))
            return redirect("accounts:data")
        logout(request)
        messages.success(request, _("Đã đóng tài khoản."))
        return redirect("/")
    return render(request, "registry/accounts/close.html")
