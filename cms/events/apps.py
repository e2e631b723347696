from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventPagesConfig(AppConfig):
    name = "cms.events"
    label = "eventpages"
    verbose_name = _("Trang sự kiện")

    def ready(self) -> None:
        """Let headers follow what editors publish, move and take off."""
        from cms.events import publishing
        from cms.events.models import EventPage
        from cms.pages.following import let_follow

        let_follow(
            "cms.events",
            EventPage,
            published=publishing.follow,
            hidden=publishing.forget,
            deleted=publishing.forget,
            below=publishing.follow_below,
        )
