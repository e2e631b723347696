from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class EventPagesConfig(AppConfig):
    name = "cms.events"
    label = "eventpages"
    verbose_name = _("Trang sự kiện")

    def ready(self) -> None:
        """Let headers follow what editors publish, move and take off."""
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from cms.events import publishing
        from cms.events.models import EventPage
        from cms.pages.search_source import leave_to_another_kind

        leave_to_another_kind(EventPage)
        own = {"sender": EventPage}
        page_published.connect(publishing.follow, dispatch_uid="cms.events.publish", **own)
        page_unpublished.connect(publishing.forget, dispatch_uid="cms.events.unpublish", **own)
        post_delete.connect(publishing.forget, dispatch_uid="cms.events.delete", **own)
        page_slug_changed.connect(publishing.follow_below, dispatch_uid="cms.events.slug")
        post_page_move.connect(publishing.follow_below, dispatch_uid="cms.events.move")
        for signal in (post_save, post_delete):
            signal.connect(
                publishing.follow_restriction,
                sender=PageViewRestriction,
                dispatch_uid="cms.events.restriction",
            )
