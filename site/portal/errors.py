"""What a visitor sees when we failed: a page that needs nothing which may have failed with it."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template import loader

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page with a code that finds the failure in the log."""
    code = secrets.token_hex(4)
    logger.error("Mã lỗi %s: %s %r", code, request.method, request.path, exc_info=True)
    # Without the request no context processor runs, so no database is asked.
    return HttpResponse(loader.get_template("500.html").render({"code": code}), status=500)
