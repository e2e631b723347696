import gc

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Cổng")

    def ready(self) -> None:
        """Guard what the admin exports, and keep what is loaded from being looked through for cycles."""
        from portal.exports import guard_exports

        guard_exports()
        # Every model stands by now and stays: to walk through them all again and again took a quarter
        # of a rebuild's time.
        gc.freeze()
