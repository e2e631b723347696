from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardPagesConfig(AppConfig):
    name = "cms.awards"
    label = "awardpages"
    verbose_name = _("Trang giải thưởng")

    def ready(self) -> None:
        """Let headers follow what editors publish, move and take off."""
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from cms.awards import publishing
        from cms.awards.models import AwardProgrammePage, CallPage
        from cms.pages.search_source import leave_to_another_kind

        leave_to_another_kind(CallPage)
        own = {"sender": CallPage}
        page_published.connect(publishing.follow, dispatch_uid="cms.awards.publish", **own)
        page_unpublished.connect(publishing.forget, dispatch_uid="cms.awards.unpublish", **own)
        post_delete.connect(publishing.forget, dispatch_uid="cms.awards.delete", **own)
        page_published.connect(
            publishing.follow_below,
            sender=AwardProgrammePage,
            dispatch_uid="cms.awards.programme",
        )
        page_slug_changed.connect(publishing.follow_below, dispatch_uid="cms.awards.slug")
        post_page_move.connect(publishing.follow_below, dispatch_uid="cms.awards.move")
        for signal in (post_save, post_delete):
            signal.connect(
                publishing.follow_restriction,
                sender=PageViewRestriction,
                dispatch_uid="cms.awards.restriction",
            )
