from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CachingConfig(AppConfig):
    name = "cms.caching"
    label = "pagecache"
    verbose_name = _("Trang giữ sẵn")

    def ready(self) -> None:
        """Let kept pages follow what editors and services change."""
        from cms.caching import following

        following.connect()
