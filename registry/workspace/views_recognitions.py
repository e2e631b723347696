"""Certificates an owner states; the Centre confirms them before anyone sees them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.common.ratelimit import hit, retry_after
from registry.directory.models import Entry
from registry.directory.permissions import may_write
from registry.directory.services import DirectoryError
from registry.moderation.services import claim_recognition
from registry.workspace import selectors
from registry.workspace.access import entry_for, signed_in
from registry.workspace.forms import RecognitionForm

UNPROCESSABLE, TOO_MANY = 422, 429
#: Every certificate stated is work at the desk.
HOUR, PER_HOUR = 3600, 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def recognitions(request: HttpRequest, number: str) -> HttpResponse:
    """List the certificates of an organisation or laboratory; take one more."""
    entry = entry_for(request.user, number, writing=request.method == "POST")
    if entry.kind not in selectors.RECOGNISED:
        raise Http404
    form = RecognitionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, entry, form)
    if not form.is_valid():
        return _page(request, entry, form, UNPROCESSABLE)
    if not hit(f"claim:{entry.pk}", PER_HOUR, HOUR):
        seconds = retry_after(HOUR)
        form.add_error(
            None, _("Quá nhiều yêu cầu; thử lại sau %(seconds)s giây.") % {"seconds": seconds}
        )
        response = _page(request, entry, form, TOO_MANY)
        response["Retry-After"] = str(seconds)
        return response
    try:
        claim_recognition(entry, request.user, form.recognition())
    except DirectoryError as error:
        form.add_error(None, error.message)
        return _page(request, entry, form, UNPROCESSABLE)
    messages.success(request, _("Đã gửi. Trung tâm xác nhận rồi mới hiển thị."))
    return redirect("workspace:recognitions", number=entry.number_slug)


def _page(
    request: HttpRequest, entry: Entry, form: RecognitionForm, status: int = 200
) -> HttpResponse:
    context = {
        "room": "entries",
        "entry": entry,
        "title": selectors.title_of(entry),
        "recognitions": selectors.recognitions_of(entry),
        "may_write": may_write(request.user, entry),
        "form": form,
    }
    return render(request, "registry/workspace/recognitions.html", context, status=status)
