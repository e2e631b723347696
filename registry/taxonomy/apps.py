from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class TaxonomyConfig(AppConfig):
    name = "registry.taxonomy"
    label = "taxonomy"
    verbose_name = _("Danh mục")

    def ready(self) -> None:
        """Let an edit of reference data drop what this process keeps of it."""
        from registry.taxonomy.cache import forget

        for model in self.get_models():
            for signal in (post_save, post_delete):
                signal.connect(forget, sender=model, dispatch_uid=f"forget {model.__name__}")
