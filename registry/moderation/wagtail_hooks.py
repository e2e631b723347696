"""The desk inside Wagtail's admin: addresses, menu, home panel, lists that staff keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BasePermissionPolicy

from registry.accounts.permissions import is_administrator, is_moderator
from registry.cases.models import DayOverride
from registry.moderation import desk_urls
from registry.moderation.models import CannedText
from registry.moderation.selectors import queue


@hooks.register("register_admin_urls")
def register_desk_urls() -> list[Any]:
    """Put the desk under `/quan-tri/xem-xet/`, behind Wagtail's own sign-in."""
    return [path("xem-xet/", include(desk_urls))]


class DeskMenuItem(MenuItem):
    """“Xem xét (3)”, for those who may sit at the desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the reader may sit at the desk."""
        return is_moderator(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """Return the item with what waits now; the item itself is shared by all requests."""
        waiting = queue().count()
        label = f"{self.label} ({waiting})" if waiting else self.label
        return LinkMenuItem(
            self.name, label, self.url, icon_name=self.icon_name, classname=self.classname
        )


@hooks.register("register_admin_menu_item")
def register_desk_menu_item() -> MenuItem:
    """Put the desk first in the menu."""
    return DeskMenuItem(
        gettext_lazy("Xem xét"), reverse("desk:queue"), name="desk", icon_name="tasks", order=10
    )


@hooks.register("insert_global_admin_css")
def desk_css() -> SafeString:
    """Load the desk's few rules; they hold on to Wagtail's own colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


class DeskPanel(Component):
    """What waits, what is late, what is the reader's own."""

    name = "desk"
    template_name = "registry/moderation/home_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the four numbers with the lists behind them."""
        user = parent_context["request"].user
        waiting = queue()
        address = reverse("desk:queue")
        return {
            "queue_url": address,
            "numbers": [
                (waiting.count(), _("việc chờ Trung tâm"), address, ""),
                (waiting.late().count(), _("việc quá hạn"), f"{address}?late=1", "bad"),
                (
                    waiting.filter(assignee=user).count(),
                    _("việc của tôi"),
                    f"{address}?assignee=me",
                    "",
                ),
                (
                    waiting.filter(assignee__isnull=True).count(),
                    _("việc chưa ai nhận"),
                    f"{address}?assignee=nobody",
                    "",
                ),
            ],
        }


@hooks.register("construct_homepage_panels")
def add_desk_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show the desk's numbers on the admin's first page."""
    if is_moderator(request.user):
        panels.insert(0, DeskPanel())


class RolePolicy(BasePermissionPolicy):
    """Lets a role keep a list, whatever permissions its group holds (none on registry content)."""

    def __init__(self, model: Any, holds: Callable[[Any], bool]) -> None:
        super().__init__(model)
        self.holds = holds

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether the person has the role."""
        return self.holds(user)

    def users_with_any_permission(self, actions: Any) -> Any:
        """Return the staff that hold the role."""
        staff = get_user_model().objects.filter(is_active=True)
        return staff.filter(pk__in=[user.pk for user in staff if self.holds(user)])


class CannedTextViewSet(ModelViewSet):
    """Ready answers, kept by moderators."""

    model = CannedText
    name = "canned_texts"
    url_prefix = "xem-xet/cau-mau"
    icon = "comment"
    form_fields = ["reason", "language", "text"]
    list_display = ["__str__", "reason", "language"]
    list_filter = ["reason", "language"]
    permission_policy = RolePolicy(CannedText, is_moderator)


class DayOverrideViewSet(ModelViewSet):
    """Days on which the centre works or rests against the calendar, kept by administrators."""

    model = DayOverride
    name = "day_overrides"
    url_prefix = "ngay-lam-viec"
    icon = "date"
    menu_label = gettext_lazy("Ngày làm việc")
    form_fields = ["day", "is_working", "note"]
    list_display = ["day", "is_working", "note"]
    add_to_settings_menu = True
    permission_policy = RolePolicy(DayOverride, is_administrator)


@hooks.register("register_admin_viewset")
def register_lists() -> list[ModelViewSet]:
    """Register the two lists that staff keep."""
    return [CannedTextViewSet(), DayOverrideViewSet()]
