"""Every entry as staff see it: list, page, hiding, archiving, members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import registry as log_registry

from registry.directory import services as directory
from registry.directory.members import may_invite
from registry.directory.models import Entry
from registry.directory.permissions import may_review, role_of
from registry.directory.selectors import members_of
from registry.directory.services import DirectoryError
from registry.moderation import services
from registry.moderation.access import at_the_desk
from registry.moderation.dossier import numbers_of
from registry.moderation.filters import EntryFilter
from registry.moderation.forms import EnterForm, InviteForm, ReasonForm
from registry.moderation.selectors import DESK_KINDS, listing_state

PER_PAGE = 30
LOGGED = 20


def entry_by_slug(number: str) -> Entry:
    """Return an entry of any lifecycle by the number in the address; raise `Http404`."""
    entries = Entry.objects.select_related("owner")
    return get_object_or_404(entries, number=number.upper().replace("-", " "))


@at_the_desk
@require_GET
def list_entries(request: HttpRequest) -> HttpResponse:
    """List entries of every lifecycle; an unknown filter value empties the list (400)."""
    entries = Entry.objects.select_related("owner").order_by("-updated_at", "-pk")
    filters = EntryFilter(request.GET or None, queryset=entries, request=request)
    bad = filters.is_bound and not filters.is_valid()
    page = Paginator(filters.qs, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "filters": filters,
        "page": page,
        "header_title": _("Mọi hồ sơ"),
        "header_icon": "folder-open-inverse",
        "breadcrumbs_items": _trail((reverse("desk:entries"), _("Mọi hồ sơ"))),
        "tab": "entries",
    }
    return render(request, "registry/moderation/entries.html", context, status=400 if bad else 200)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    first = {"url": reverse("desk:queue"), "label": _("Xem xét")}
    return [first, *({"url": url, "label": label} for url, label in steps)]


@at_the_desk
@require_GET
def show_entry(request: HttpRequest, number: str) -> HttpResponse:
    """Show what the desk keeps about one entry."""
    return entry_page(request, entry_by_slug(number))


def entry_page(request: HttpRequest, entry: Entry, status: int = 200, **forms: Any) -> HttpResponse:
    """Return the page of an entry; `forms` are those that came back with mistakes."""
    organisation = entry.organisation_entry
    title = entry.working_title or entry.number
    context = {
        "entry": entry,
        "title": title,
        "state": listing_state(entry),
        "own": bool(role_of(request.user, entry)),
        "may_decide": may_review(request.user, entry),
        "numbers": numbers_of(organisation),
        "members": members_of(entry),
        "invitations": organisation.invitations.filter(accepted_at__isnull=True),
        "recognitions": entry.recognitions.order_by("-created_at"),
        "cases": entry.cases.filter(kind__in=DESK_KINDS).order_by("-created_at", "-pk")[:30],
        "log": log_registry.get_logs_for_instance(entry).select_related("user")[:LOGGED],
        "owned": entry.owned.order_by("kind", "pk")[:50],
        "reason_form": ReasonForm(),
        "invite_form": InviteForm() if may_invite(request.user, organisation) else None,
        "by_desk": organisation.source == Entry.Source.STAFF,
        "header_title": title,
        "header_icon": "folder-open-inverse",
        "breadcrumbs_items": _trail((reverse("desk:entries"), _("Mọi hồ sơ")), ("", entry.number)),
        "tab": "entries",
        **forms,
    }
    return render(request, "registry/moderation/entry.html", context, status=status)


@at_the_desk
@require_POST
def change_lifecycle(request: HttpRequest, number: str, change: str) -> HttpResponse:
    """Hide, show again or archive an entry of someone else's, with a reason that is logged."""
    entry = entry_by_slug(number)
    form = ReasonForm(request.POST)
    if not may_review(request.user, entry):
        messages.error(request, _("Hồ sơ này của tổ chức bạn thuộc về."))
        return entry_page(request, entry, status=403)
    if not form.is_valid():
        return entry_page(request, entry, status=400, reason_form=form)
    reason = form.cleaned_data["reason"]
    changes: dict[str, tuple[Callable[..., Entry], str]] = {
        "tam-an": (directory.hold, _("Đã tạm ẩn.")),
        "hien-lai": (directory.show, _("Đã hiện lại.")),
        "luu-tru": (directory.archive, _("Đã lưu trữ.")),
    }
    service, done = changes[change]
    try:
        service(entry, request.user, reason=reason)
    except DirectoryError as error:
        messages.error(request, error.message)
        return entry_page(request, entry_by_slug(number), status=409)
    messages.success(request, done)
    return redirect("desk:entry", number=number)


@at_the_desk
def enter_organisation(request: HttpRequest) -> HttpResponse:
    """Begin an organisation on its behalf; its steps are filled in the workspace."""
    form = EnterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entry = directory.create_entry(
            "organisation", request.user, title=form.cleaned_data["title"], on_behalf=True
        )
        messages.success(
            request,
            _("Đã tạo %(number)s. Điền các bước rồi gửi; một người khác duyệt.")
            % {"number": entry.number},
        )
        step = entry.kind_info.steps[0].code
        return redirect("workspace:step", number=entry.number_slug, step=step)
    context = {
        "form": form,
        "header_title": _("Nhập thay tổ chức"),
        "header_icon": "plus",
        "breadcrumbs_items": _trail(("", _("Nhập thay tổ chức"))),
        "tab": "enter",
    }
    status = 400 if form.is_bound else 200
    return render(request, "registry/moderation/enter.html", context, status=status)


@at_the_desk
@require_POST
def invite_owner(request: HttpRequest, number: str) -> HttpResponse:
    """Invite the first owner of an organisation the Centre entered."""
    entry = entry_by_slug(number)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return entry_page(request, entry, status=400, invite_form=form)
    try:
        services.invite_first_owner(entry, request.user, email=form.cleaned_data["email"])
    except directory.Forbidden as error:
        messages.error(request, error.message)
        return entry_page(request, entry, status=403)
    except DirectoryError as error:
        messages.error(request, error.message)
        return entry_page(request, entry, status=400, invite_form=form)
    messages.success(request, _("Đã gửi lời mời."))
    return redirect("desk:entry", number=number)
