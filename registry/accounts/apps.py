from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "registry.accounts"
    label = "accounts"
    verbose_name = _("Tài khoản")

    def ready(self) -> None:
        """Keep the rules about groups wherever a group is changed; let the admin speak as its user."""
        from django.contrib.auth.models import Group

        from registry.accounts.admin_language import follow_language
        from registry.accounts.guards import follow_staff, refuse_closed
        from registry.accounts.models import User

        for through in (Group.permissions.through, User.user_permissions.through):
            m2m_changed.connect(refuse_closed, sender=through, dispatch_uid=f"{through} closed")
        m2m_changed.connect(follow_staff, sender=User.groups.through, dispatch_uid="staff flag")
        post_save.connect(follow_language, sender=User, dispatch_uid="admin language")
