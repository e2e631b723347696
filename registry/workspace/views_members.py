"""The people of an organisation: inviting, answering an invitation, changing roles, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.common.ratelimit import hit
from registry.directory import members
from registry.directory.models import Entry, Invitation, Membership
from registry.directory.permissions import may_manage
from registry.directory.selectors import members_of
from registry.directory.services import DirectoryError, Forbidden
from registry.workspace import selectors, services
from registry.workspace.access import entry_for, signed_in
from registry.workspace.forms import InvitationForm

UNPROCESSABLE = 422
INVITATIONS_PER_DAY = 30
DAY = 24 * 3600


@require_safe
@never_cache
@signed_in()
def index(request: HttpRequest) -> HttpResponse:
    """Show the organisations whose members one may see; go straight to the only one."""
    organisations = selectors.organisations_for(request.user)
    if len(organisations) == 1:
        return redirect("workspace:members_of", number=organisations[0].number_slug)
    context = {"room": "members", "organisations": organisations}
    return render(request, "registry/workspace/members_index.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def of_organisation(request: HttpRequest, number: str) -> HttpResponse:
    """List the members and open invitations; an owner invites by e-mail."""
    entry = _organisation(request, number)
    form = InvitationForm(request.POST or None)
    if request.method != "POST":
        return _page(request, entry, form)
    if not may_manage(request.user, entry):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, entry, form, UNPROCESSABLE)
    if not hit(f"invite:{request.user.pk}", INVITATIONS_PER_DAY, DAY):
        form.add_error(None, _("Hôm nay bạn đã mời nhiều người; ngày mai mời tiếp."))
        return _page(request, entry, form, 429)
    try:
        invitation = services.invite_member(
            entry,
            request.user,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
        )
    except Forbidden:
        raise
    except DirectoryError as error:
        form.add_error(error.field or None, error.message)
        return _page(request, entry, form, UNPROCESSABLE)
    messages.success(request, _("Đã gửi lời mời tới %(email)s.") % {"email": invitation.email})
    return redirect("workspace:members_of", number=entry.number_slug)


def _organisation(request: HttpRequest, number: str) -> Entry:
    entry = entry_for(request.user, number)
    if entry.owner_id:
        raise Http404
    return entry


def _page(
    request: HttpRequest, entry: Entry, form: InvitationForm, status: int = 200
) -> HttpResponse:
    context = {
        "room": "members",
        "entry": entry,
        "members": members_of(entry),
        "invitations": entry.invitations.filter(accepted_at__isnull=True).order_by("-pk"),
        "manages": may_manage(request.user, entry),
        "roles": Membership.Role.choices,
        "form": form,
    }
    return render(request, "registry/workspace/members.html", context, status=status)


@require_POST
@signed_in()
def uninvite(request: HttpRequest, number: str, invitation: int) -> HttpResponse:
    """Take an open invitation back."""
    entry = _organisation(request, number)
    if not may_manage(request.user, entry):
        raise PermissionDenied
    found = entry.invitations.filter(pk=invitation).first()
    if found is None:
        raise Http404
    try:
        members.revoke(entry, request.user, found)
    except DirectoryError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Đã thu hồi lời mời tới %(email)s.") % {"email": found.email})
    return redirect("workspace:members_of", number=entry.number_slug)


@require_POST
@signed_in()
def change_role(request: HttpRequest, number: str, member: int) -> HttpResponse:
    """Give a member another role."""
    entry, membership = _membership(request, number, member)
    try:
        members.change_role(entry, request.user, membership, request.POST.get("role", ""))
    except Forbidden as error:
        raise PermissionDenied from error
    except DirectoryError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Đã đổi quyền."))
    return redirect("workspace:members_of", number=entry.number_slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def remove(request: HttpRequest, number: str, member: int) -> HttpResponse:
    """Ask, then take a member out, or let one leave."""
    entry, membership = _membership(request, number, member)
    myself = membership.user_id == request.user.pk
    if not (myself or may_manage(request.user, entry)):
        raise PermissionDenied
    name, title = membership.user.get_full_name(), selectors.title_of(entry)
    if request.method != "POST":
        question = _("Rời “%(title)s”?") if myself else _("Bỏ %(name)s khỏi “%(title)s”?")
        context = {
            "room": "members",
            "title": question % {"title": title, "name": name},
            "text": _("Muốn vào lại thì cần lời mời mới."),
            "action": _("Rời tổ chức") if myself else _("Bỏ thành viên"),
            "hidden": {},
            "back_url": selectors.members_url(entry),
        }
        return render(request, "registry/workspace/ask.html", context)
    try:
        members.remove(entry, request.user, membership)
    except DirectoryError as error:
        messages.error(request, error.message)
        return redirect("workspace:members_of", number=entry.number_slug)
    if myself:
        messages.success(request, _("Bạn đã rời “%(title)s”.") % {"title": title})
        return redirect("workspace:home")
    messages.success(request, _("Đã bỏ %(name)s.") % {"name": name})
    return redirect("workspace:members_of", number=entry.number_slug)


def _membership(request: HttpRequest, number: str, member: int) -> tuple[Entry, Membership]:
    entry = _organisation(request, number)
    membership = entry.memberships.select_related("user").filter(pk=member).first()
    if membership is None:
        raise Http404
    return entry, membership


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever it is for, and take the answer."""
    found = (
        Invitation.objects.select_related("entry", "invited_by")
        .filter(token=token, accepted_at__isnull=True)
        .first()
    )
    if request.method == "POST":
        try:
            membership = members.accept(token, request.user)
        except DirectoryError as error:
            status = 403 if isinstance(error, Forbidden) else 410
            return _invitation_page(request, None, error.message, status)
        title = selectors.title_of(membership.entry)
        messages.success(request, _("Bạn đã nhận quản lý “%(title)s”.") % {"title": title})
        return redirect("workspace:home")
    if found is None or found.expires_at < timezone.now():
        return _invitation_page(request, None, _("Liên kết đã hết hạn. Nhận liên kết mới."), 410)
    if found.email.casefold() != request.user.email.casefold():
        return _invitation_page(
            request, None, _("Lời mời này dành cho một địa chỉ email khác."), 403
        )
    return _invitation_page(request, found, "", 200)


def _invitation_page(
    request: HttpRequest, found: Invitation | None, problem: str, status: int
) -> HttpResponse:
    context = {"room": "members", "invitation": found, "problem": problem}
    return render(request, "registry/workspace/invitation.html", context, status=status)
