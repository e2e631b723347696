from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "cms.desk"
    label = "editordesk"
    verbose_name = _("Bàn biên tập")

    def ready(self) -> None:
        """Follow what editors do with pages."""
        from cms.desk import following

        following.connect()
