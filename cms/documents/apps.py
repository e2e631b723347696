from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class LegalDocumentsConfig(AppConfig):
    name = "cms.documents"
    label = "legaldocuments"
    verbose_name = _("Thư viện văn bản")

    def ready(self) -> None:
        """Make documents findable as what they are, and read their files when they are published."""
        from wagtail.documents import get_document_model
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from cms.documents import publishing, search_source
        from cms.documents.models import LegalDocumentPage
        from cms.pages.search_source import leave_to_another_kind

        leave_to_another_kind(LegalDocumentPage)
        search_source.register()
        own = {"sender": LegalDocumentPage}
        page_published.connect(publishing.publish, dispatch_uid="cms.documents.publish", **own)
        page_unpublished.connect(publishing.follow, dispatch_uid="cms.documents.unpublish", **own)
        post_delete.connect(publishing.forget, dispatch_uid="cms.documents.delete", **own)
        file = {"sender": get_document_model()}
        post_save.connect(publishing.follow_file, dispatch_uid="cms.documents.file", **file)
        pre_delete.connect(publishing.forget_file, dispatch_uid="cms.documents.nofile", **file)
        page_slug_changed.connect(publishing.follow, dispatch_uid="cms.documents.slug")
        post_page_move.connect(publishing.follow, dispatch_uid="cms.documents.move")
        for signal in (post_save, post_delete):
            signal.connect(
                publishing.follow_restriction,
                sender=PageViewRestriction,
                dispatch_uid="cms.documents.restriction",
            )
