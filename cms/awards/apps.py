from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardPagesConfig(AppConfig):
    name = "cms.awards"
    label = "awardpages"
    verbose_name = _("Trang giải thưởng")

    def ready(self) -> None:
        """Let headers follow what editors publish, move and take off."""
        from wagtail.signals import page_published

        from cms.awards import publishing
        from cms.awards.models import AwardProgrammePage, CallPage
        from cms.pages.following import let_follow

        let_follow(
            "cms.awards",
            CallPage,
            published=publishing.follow,
            hidden=publishing.forget,
            deleted=publishing.forget,
            below=publishing.follow_below,
        )
        page_published.connect(
            publishing.follow_below,
            sender=AwardProgrammePage,
            dispatch_uid="cms.awards.programme",
        )
