"""Whether the site can do its work, for the machine that watches it."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import STATUS, Email

from registry.cases.models import Case
from search import outbox, service
from search.contracts import EngineUnavailable


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 when the site can answer, 503 otherwise; counts only, no content.

    `degraded` while the embedded engine answers for one that is away.
    """
    checks: dict[str, object] = {}
    status = "ok"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        checks["documents"] = service.engine().count()
        guard = service.outside()
        if guard is not None:
            checks["engine"] = "away" if guard.away else "ok"
            checks["index_waiting"] = outbox.waiting(settings.SEARCH_ENGINE).count()
            status = "degraded" if guard.away else "ok"
        checks["mail_waiting"] = Email.objects.filter(
            status__in=[STATUS.queued, STATUS.requeued]
        ).count()
        checks["cases_late"] = Case.objects.late(timezone.now()).count()
    except (DatabaseError, EngineUnavailable) as failure:
        return JsonResponse({"status": "down", "reason": type(failure).__name__}, status=503)
    return JsonResponse({"status": status, **checks})
