from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "cms.desk"
    label = "editordesk"
    verbose_name = _("Bàn biên tập")

    def ready(self) -> None:
        """Follow what editors do with pages; name what Wagtail left without a name."""
        from cms.desk import following, roots

        following.connect()
        roots.name_fields()
