from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompetitionsConfig(AppConfig):
    name = "registry.competitions"
    label = "competitions"
    verbose_name = _("Giải thưởng, cuộc thi")

    def ready(self) -> None:
        """Make calls findable, and offer their services to the pages that tell of them."""
        from registry.common.offers import offer
        from registry.competitions import search_source, services

        search_source.register()
        offer("competitions.open", services.open_call)
        offer("competitions.publish", services.publish_call)
        offer("competitions.withdraw", services.withdraw)
