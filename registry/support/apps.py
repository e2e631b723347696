from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "registry.support"
    label = "support"
    verbose_name = _("Biện pháp hỗ trợ")

    def ready(self) -> None:
        """Make measures findable, and follow what editors publish."""
        from django.db.models.signals import post_delete, pre_save
        from wagtail.signals import published, unpublished

        from registry.support import search_source, services
        from registry.support.models import SupportMeasure

        search_source.register()
        pre_save.connect(services.identify, sender=SupportMeasure, dispatch_uid="support.identify")
        for signal in (published, unpublished, post_delete):
            signal.connect(services.follow, sender=SupportMeasure, dispatch_uid="support.follow")
