from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "registry.directory"
    label = "directory"
    verbose_name = _("Danh bạ")

    def ready(self) -> None:
        from registry.common.fields import register_kind
        from registry.directory.fields import LAB, ORGANISATION

        register_kind(ORGANISATION)
        register_kind(LAB)

        from registry.accounts.services import account_closing
        from registry.directory import presenters, search_source
        from registry.directory.members import keep_an_owner_when_closing

        account_closing.connect(keep_an_owner_when_closing, dispatch_uid="keep an owner")

        presenters.register_presenter("organisation", presenters.organisation_context)
        presenters.register_presenter("lab", presenters.lab_context)
        search_source.register()
