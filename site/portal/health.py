"""Whether the site can do its work, for the machine that watches it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import STATUS, Email

from registry.cases.models import Case
from search import service
from search.contracts import EngineUnavailable


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 when database and index answer, 503 otherwise; counts only, no content."""
    checks: dict[str, object] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        checks["documents"] = service.engine().count()
        checks["mail_waiting"] = Email.objects.filter(
            status__in=[STATUS.queued, STATUS.requeued]
        ).count()
        checks["cases_late"] = Case.objects.late(timezone.now()).count()
    except (DatabaseError, EngineUnavailable) as failure:
        return JsonResponse({"status": "down", "reason": type(failure).__name__}, status=503)
    return JsonResponse({"status": "ok", **checks})
