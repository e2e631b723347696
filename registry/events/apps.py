from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "registry.events"
    label = "events"
    verbose_name = _("Sự kiện")

    def ready(self) -> None:
        """Make events findable, and offer their services to the pages that tell of them."""
        from registry.common.offers import offer
        from registry.events import search_source, services

        search_source.register()
        offer("events.open", services.open_event)
        offer("events.publish", services.publish_event)
        offer("events.withdraw", services.withdraw)
