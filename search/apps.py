from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def prepare_tables(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the embedded engine's unmanaged tables. Only `migrate` sends a plan; `flush` does not."""
    from search.engines.embedded import tables

    if using == DEFAULT_DB_ALIAS:
        tables.prepare(using, cleared="plan" not in kwargs)


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = _("Tìm kiếm")

    def ready(self) -> None:
        post_migrate.connect(prepare_tables, sender=self, dispatch_uid="search.prepare_tables")
