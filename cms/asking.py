"""Lists that answer a question in their address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse


class AnswersQuestions:
    """A page whose context holds `problem` where nobody can answer what was asked."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; a question nobody can answer is a 400 with the reason on the page."""
        response: Any = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        if getattr(response, "context_data", None) and response.context_data.get("problem"):
            response.status_code = 400
        return response
