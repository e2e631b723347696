"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search import tasks_admin
from search.vocabulary import admin


@hooks.register("register_admin_viewset")
def register_synonyms() -> Any:
    """Offer the groups of synonyms to those who may edit them."""
    return admin.SynonymGroupViewSet()


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Put the reports and the trial behind Wagtail's own sign-in."""
    return [
        path("bao-cao/cau-tim/", admin.missed_queries, name="search_missed"),
        path("thu-tu-dong-nghia/", admin.try_group, name="search_try_group"),
        path("bao-cao/chi-muc/", tasks_admin.tasks, name="search_tasks"),
        path("bao-cao/chi-muc/thu-lai/", tasks_admin.retry_tasks, name="search_retry_tasks"),
    ]


@hooks.register("register_reports_menu_item")
def register_missed() -> MenuItem:
    """Put the report among the reports."""
    return admin.missed_menu_item()


@hooks.register("register_reports_menu_item")
def register_tasks() -> MenuItem:
    """Put what the index has not taken yet among the reports."""
    return tasks_admin.tasks_menu_item()
