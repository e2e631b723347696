from django.apps import AppConfig
from django.db.models.signals import post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class LegalDocumentsConfig(AppConfig):
    name = "cms.documents"
    label = "legaldocuments"
    verbose_name = _("Thư viện văn bản")

    def ready(self) -> None:
        """Make documents findable as what they are, and read their files when they are published."""
        from wagtail.documents import get_document_model

        from cms.documents import publishing, search_source
        from cms.documents.models import LegalDocumentPage
        from cms.pages.following import let_follow

        search_source.register()
        let_follow(
            "cms.documents",
            LegalDocumentPage,
            published=publishing.publish,
            hidden=publishing.follow,
            deleted=publishing.forget,
            below=publishing.follow,
        )
        file = {"sender": get_document_model()}
        post_save.connect(publishing.follow_file, dispatch_uid="cms.documents.file", **file)
        pre_delete.connect(publishing.forget_file, dispatch_uid="cms.documents.nofile", **file)
