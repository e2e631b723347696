from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "registry.workspace"
    label = "workspace"
    verbose_name = _("Bàn làm việc")

    def ready(self) -> None:
        # The desk corrects entries on the owner's forms, which it may not import.
        from registry.moderation.entry_forms import offer_entry_form
        from registry.workspace.forms import StepForm

        offer_entry_form(StepForm)
