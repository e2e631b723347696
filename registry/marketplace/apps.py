from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketplaceConfig(AppConfig):
    name = "registry.marketplace"
    label = "marketplace"
    verbose_name = _("Thị trường công nghệ")

    def ready(self) -> None:
        from registry.common.fields import register_kind
        from registry.marketplace.fields import OFFER

        register_kind(OFFER)

        from registry.directory.presenters import register_presenter
        from registry.marketplace import search_source
        from registry.marketplace.presenters import offer_context

        register_presenter("offer", offer_context)
        search_source.register()

        # Importing registers the machine, and checks it.
        import_module("registry.marketplace.machine")

        from registry.directory.services import on_removal
        from registry.marketplace.services import close_for

        on_removal(close_for)
