"""The door of the workspace: who may come in, and what happens to the text of one who may not yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.directory.models import Entry
from registry.directory.permissions import entered_by_desk, may_write, role_of
from registry.workspace import kept

View = Callable[..., HttpResponseBase]


def signed_in(*, keeps_text: bool = False) -> Callable[[View], View]:
    """Ask for a log-in first; with `keeps_text` what was posted waits on the page until then."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            if keeps_text and request.method == "POST":
                kept.keep(request)
            login = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
            if request.headers.get("HX-Request"):
                return HttpResponse(headers={"HX-Redirect": login})
            return redirect(login)

        guarded.keeps_text = keeps_text  # type: ignore[attr-defined]
        return guarded

    return decorate


def entry_for(user: Any, number: str, *, writing: bool = False) -> Entry:
    """Return an entry the person may enter; raise `Http404`, or `PermissionDenied` to a viewer."""
    entry = (
        Entry.objects.select_related("owner")
        .filter(number=number.upper().replace("-", " "))
        .first()
    )
    if entry is None or not (role_of(user, entry) or entered_by_desk(user, entry)):
        raise Http404
    if writing and not may_write(user, entry):
        raise PermissionDenied(_("Bạn xem được hồ sơ này nhưng chưa có quyền sửa."))
    return entry
