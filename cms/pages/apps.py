from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "cms.pages"
    label = "pages"
    verbose_name = _("Trang")

    def ready(self) -> None:
        """Make pages findable, and menus and index follow what editors publish."""
        from wagtail.models import Page, PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from cms.navigation import forget_menus
        from cms.pages import search_source

        search_source.register()
        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(search_source.follow, dispatch_uid="cms.search")
            signal.connect(forget_menus, dispatch_uid="cms.menus")
        post_delete.connect(search_source.forget, sender=Page, dispatch_uid="cms.search.delete")
        post_delete.connect(forget_menus, sender=Page, dispatch_uid="cms.menus.delete")
        for signal in (post_save, post_delete):
            signal.connect(
                search_source.follow_restriction,
                sender=PageViewRestriction,
                dispatch_uid="cms.search.restriction",
            )
