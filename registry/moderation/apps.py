from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "registry.moderation"
    label = "moderation"
    verbose_name = _("Xem xét")

    def ready(self) -> None:
        # Importing registers the machines, and checks them.
        import_module("registry.moderation.machine")
        canned = import_module("registry.moderation.canned")
        post_migrate.connect(canned.load_first_texts, sender=self)
