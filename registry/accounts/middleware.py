"""Who may pass towards the staff pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _

from registry.accounts.adapter import STRONG_FACTORS
from registry.accounts.permissions import is_staff

STAFF_PATH = "/quan-tri/"
#: Where staff send large files.
FILES_PATH = f"{STAFF_PATH}documents/"
#: What staff without a second factor may still open: the pages where they set it up.
OPEN_PATHS = ("/tai-khoan/", "/suc-khoe/", "/static/", "/media/", "/favicon.svg")


class StaffGate:
    """Keeps others out of the admin, and staff out of everything until they have a second factor.

    Staff rights show on public pages too (unpublished entries, staff fields), so the second factor
    is asked everywhere but on the account pages, when `STAFF_MFA_REQUIRED` is set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page, a redirect to the second factor, or raise `PermissionDenied`."""
        path = request.path_info
        language = get_language_from_path(path)
        if language:
            path = path.removeprefix(f"/{language}")
        user = request.user
        if not user.is_authenticated and request.method == "POST" and path.startswith(FILES_PATH):
            # Before the body is read: nobody unknown fills the disk with what will be refused.
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if not user.is_authenticated or path.startswith(OPEN_PATHS):
            return self.get_response(request)
        if path.startswith(STAFF_PATH) and not user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        if self._lacks_factor(request):
            messages.warning(request, _("Bật xác thực hai bước để vào trang của Trung tâm."))
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse('mfa_index')}{'?' + query if query else ''}")
        return self.get_response(request)

    def _lacks_factor(self, request: HttpRequest) -> bool:
        if not settings.STAFF_MFA_REQUIRED or not is_staff(request.user):
            return False
        return not is_mfa_enabled(request.user, types=list(STRONG_FACTORS))
