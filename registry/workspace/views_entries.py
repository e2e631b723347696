"""One entry as its owner sees it: where it stands, who acts next, and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registry.cases.selectors import allowed
from registry.cases.services import CaseError
from registry.common.ratelimit import hit, retry_after
from registry.common.typed import whole_number
from registry.directory import drafts
from registry.directory.disclosure import ANYONE
from registry.directory.models import Entry
from registry.directory.permissions import may_write
from registry.directory.presenters import detail_context
from registry.directory.selectors import completeness, draft_of, latest_revision_id
from registry.directory.services import DirectoryError, confirm, hold, show
from registry.moderation.selectors import case_sentence, latest_review, listing_state
from registry.moderation.services import EDITABLE, Incomplete, withdraw
from registry.workspace import selectors, services
from registry.workspace.access import entry_for, signed_in

UNPROCESSABLE, CONFLICT = 422, 409
#: Every submission writes to the whole desk.
HOUR, SUBMITTED_AT_MOST = 3600, 60


@require_safe
@never_cache
@signed_in()
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """Show one entry."""
    return _overview(request, entry_for(request.user, number))


def _overview(request: HttpRequest, entry: Entry, *, refused: bool = False) -> HttpResponse:
    content = draft_of(entry)
    case = latest_review(entry)
    writes = may_write(request.user, entry)
    open_case = case if case is not None and case.is_open else None
    to_mend = selectors.to_mend(content, entry)
    companion = selectors.waits_with(entry, request.user)
    context = {
        "room": "entries",
        "entry": entry,
        "title": selectors.title_of(entry),
        "state": listing_state(entry),
        "request_made": selectors.last_request(case),
        "case": open_case,
        "may_write": writes,
        "may_edit": writes and entry.lifecycle in EDITABLE,
        "may_submit": writes
        and entry.lifecycle in EDITABLE
        and selectors.is_unsent(entry, open_case),
        "may_withdraw": open_case is not None
        and any(item.code == "withdraw" for item in allowed(open_case, request.user)),
        "may_confirm": writes and entry.was_public and entry.lifecycle in selectors.CONFIRMABLE,
        "may_discard": writes and drafts.may_discard(entry),
        "may_clone": writes and entry.lifecycle in drafts.CLONEABLE,
        "revision": latest_revision_id(entry),
        "companion": companion,
        "companion_revision": latest_revision_id(companion) if companion else 0,
        "companion_lacks": selectors.to_mend(draft_of(companion), companion) if companion else [],
        "to_mend": to_mend,
        "refused": refused,
        "steps": selectors.steps_of(content, entry),
        "complete": completeness(content),
        "course": selectors.course_of(entry),
        "owned": selectors.listed(entry.owned.order_by("-updated_at", "-pk")[:20]),
        "recognitions": selectors.recognitions_of(entry),
        "holds_recognitions": entry.kind in selectors.RECOGNISED,
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "registry/workspace/entry.html", context, status=status)


@require_safe
@never_cache
@signed_in()
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Show the draft as the public would see it, through the public template and `disclose`."""
    entry = entry_for(request.user, number)
    context = detail_context(entry, draft_of(entry), ANYONE, preview=True)
    edits = may_write(request.user, entry) and entry.lifecycle in EDITABLE
    first = entry.kind_info.steps[0].code
    context |= {
        "back_url": selectors.entry_url(entry),
        "edit_url": selectors.step_url(entry, first) if edits else "",
    }
    return render(request, "registry/workspace/preview.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Send the draft for review, with its organisation when that is still unsent and wanted."""
    entry = entry_for(request.user, number, writing=True)
    if request.method != "POST":
        return redirect(selectors.entry_url(entry))
    if not hit(f"submit:{request.user.pk}", SUBMITTED_AT_MOST, HOUR):
        wait = _("Quá nhiều yêu cầu; thử lại sau %(seconds)s giây.")
        messages.error(request, wait % {"seconds": retry_after(HOUR)})
        return redirect(selectors.entry_url(entry))
    sent = [(entry, whole_number(request.POST.get("latest_revision")))]
    companion = selectors.waits_with(entry, request.user)
    if companion is not None and request.POST.get("together"):
        sent.insert(0, (companion, whole_number(request.POST.get("companion_revision"))))
    try:
        cases = services.submit_together(sent, request.user)
    except Incomplete:
        return _overview(request, entry_for(request.user, number), refused=True)
    except (DirectoryError, CaseError) as error:
        messages.error(request, error.message)
        return redirect(selectors.entry_url(entry))
    case = cases[-1]
    if case is None:
        messages.success(request, _("Đã đăng; phần sửa này không cần xem xét."))
    else:
        messages.success(request, f"{_('Đã gửi.')} {case_sentence(case)}")
    return redirect(selectors.entry_url(entry))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def withdraw_entry(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, then take a submission back."""
    entry = entry_for(request.user, number, writing=True)
    case = latest_review(entry)
    if case is None or not case.is_open:
        messages.info(request, _("Hồ sơ này không còn chờ xem xét."))
        return redirect(selectors.entry_url(entry))
    if request.method == "POST":
        try:
            withdraw(case, request.user, expect=whole_number(request.POST.get("seq")))
        except CaseError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã rút. Phần bạn viết vẫn còn trong bản nháp."))
        return redirect(selectors.entry_url(entry))
    return _ask(
        request,
        entry,
        title=_("Rút “%(title)s”?") % {"title": selectors.title_of(entry)},
        text=_("Bản đang hiển thị giữ nguyên; phần bạn viết vẫn còn trong bản nháp.")
        if entry.is_public
        else _("Phần bạn viết vẫn còn trong bản nháp."),
        action=_("Rút"),
        hidden={"seq": case.seq},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, then delete a draft that was never sent."""
    entry = entry_for(request.user, number, writing=True)
    title = selectors.title_of(entry)
    if request.method == "POST":
        try:
            drafts.discard_draft(entry, request.user)
        except DirectoryError as error:
            messages.error(request, error.message)
            return redirect(selectors.entry_url(entry))
        messages.success(request, _("Đã xóa bản nháp “%(title)s”.") % {"title": title})
        return redirect("workspace:entries")
    return _ask(
        request,
        entry,
        title=_("Xóa bản nháp “%(title)s”?") % {"title": title},
        text=_("Không khôi phục được."),
        action=_("Xóa bản nháp"),
    )


def _ask(
    request: HttpRequest,
    entry: Entry,
    *,
    title: str,
    text: str,
    action: str,
    hidden: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "room": "entries",
        "entry": entry,
        "title": title,
        "text": text,
        "action": action,
        "hidden": hidden or {},
        "back_url": selectors.entry_url(entry),
    }
    return render(request, "registry/workspace/ask.html", context)


def _simple(change: Callable[[Entry, Any], Any], done: str) -> Callable[..., HttpResponse]:
    """Return a view that makes one change of the header and says so."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in()
    def view(request: HttpRequest, number: str) -> HttpResponse:
        entry = entry_for(request.user, number, writing=True)
        if request.method == "POST":
            try:
                changed = change(entry, request.user)
            except DirectoryError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, _(done))
                return redirect(selectors.entry_url(changed))
        return redirect(selectors.entry_url(entry))

    return view


hold_entry = _simple(hold, gettext_noop("Đã tạm ẩn. Chỉ nhóm của bạn thấy."))
show_entry = _simple(show, gettext_noop("Hồ sơ đang hiển thị lại."))
confirm_entry = _simple(confirm, gettext_noop("Đã xác nhận còn đúng."))
clone_entry = _simple(drafts.clone_entry, gettext_noop("Đã tạo bản sao; bạn sửa rồi gửi lại."))
