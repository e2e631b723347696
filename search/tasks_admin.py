"""What the engine outside the database has not taken yet, in the admin: why, and “Thử lại”."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem

from search import outbox, sources
from search.models import IndexTask

READ = "search.view_indextask"
RETRY = "search.change_indextask"
PAGE_SIZE = 50


class TasksMenuItem(MenuItem):
    """“Việc đưa vào chỉ mục”, for those who may read the tasks."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the reader may see the page."""
        return bool(request.user.has_perm(READ))


def tasks_menu_item() -> MenuItem:
    """Return the page's place in the menu of reports."""
    return TasksMenuItem(
        gettext_lazy("Việc đưa vào chỉ mục"),
        reverse("search_tasks"),
        name="search-tasks",
        icon_name="history",
        order=1110,
    )


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks given up, then those that failed and wait, then the rest in the order written."""
    if not request.user.has_perm(READ):
        raise PermissionDenied
    waiting = _open().order_by("-dead", "-attempts", "id")
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("p"))
    kinds = {source.kind: source.label for source in sources.sources()}
    return render(
        request,
        "search/admin/tasks.html",
        {
            "page": page,
            "rows": [(task, kinds.get(task.kind, task.kind)) for task in page],
            "dead": _open().filter(dead=True).count(),
            "oldest": _open().order_by("id").first(),
            "embedded": settings.SEARCH_ENGINE == "embedded",
            "may_retry": request.user.has_perm(RETRY),
            "tries": outbox.TRIES,
            "page_title": _("Việc đưa vào chỉ mục"),
            "header_title": _("Việc đưa vào chỉ mục"),
        },
    )


@require_POST
def retry_tasks(request: HttpRequest) -> HttpResponseBase:
    """Let one task (`task`), or every one that was given up, be tried again at once."""
    if not request.user.has_perm(RETRY):
        raise PermissionDenied
    chosen = request.POST.get("task", "")
    if not chosen:
        found = _open().filter(dead=True)
    elif chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        found = _open().filter(pk=int(chosen))
    else:
        found = _open().none()
    count = outbox.try_again(found)
    if count:
        done = ngettext(
            "{count} việc sẽ được thử lại ngay.", "{count} việc sẽ được thử lại ngay.", count
        )
        messages.success(request, done.format(count=count))
    else:
        messages.info(request, _("Không còn việc nào như vậy; có thể đã xong."))
    return redirect("search_tasks")


def _open() -> QuerySet[IndexTask]:
    return IndexTask.objects.filter(done_at__isnull=True)
