from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "cms.news"
    label = "news"
    verbose_name = _("Tin tức")

    def ready(self) -> None:
        """Make news findable as what it is."""
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from cms.news import publishing, search_source
        from cms.news.models import NewsPage
        from cms.pages.search_source import leave_to_another_kind

        leave_to_another_kind(NewsPage)
        search_source.register()
        own = {"sender": NewsPage}
        page_published.connect(publishing.follow, dispatch_uid="cms.news.publish", **own)
        page_unpublished.connect(publishing.follow, dispatch_uid="cms.news.unpublish", **own)
        post_delete.connect(publishing.forget, dispatch_uid="cms.news.delete", **own)
        page_slug_changed.connect(publishing.follow, dispatch_uid="cms.news.slug")
        post_page_move.connect(publishing.follow, dispatch_uid="cms.news.move")
        for signal in (post_save, post_delete):
            signal.connect(
                publishing.follow_restriction,
                sender=PageViewRestriction,
                dispatch_uid="cms.news.restriction",
            )
