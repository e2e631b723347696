from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "cms.news"
    label = "news"
    verbose_name = _("Tin tức")

    def ready(self) -> None:
        """Make news findable as what it is."""
        from cms.news import publishing, search_source
        from cms.news.models import NewsPage
        from cms.pages.following import let_follow

        search_source.register()
        let_follow(
            "cms.news",
            NewsPage,
            published=publishing.follow,
            hidden=publishing.follow,
            deleted=publishing.forget,
            below=publishing.follow,
        )
