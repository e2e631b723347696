"""What support measures add to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from registry.support import admin

register_snippet(admin.MeasureViewSet)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Put the trial of a rule behind Wagtail's own sign-in."""
    return [path("thu-quy-tac-ho-tro/", admin.try_rule, name="support_try")]
