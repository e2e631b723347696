from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Cổng")

    def ready(self) -> None:
        """Guard what the admin exports."""
        from portal.exports import guard_exports

        guard_exports()
