"""What pages add to Wagtail's admin: choosing entries, reading the messages of the contact form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import ModelPermissionPolicy

from cms.pages.choosers import entry_chooser, listing_chooser
from cms.pages.contact import ContactMessage


class _ReadAndNote(ModelPermissionPolicy):
    """Messages come from visitors: nobody adds one, and time deletes them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse to add; otherwise as the model's permissions say."""
        return action != "add" and bool(super().user_has_permission(user, action))


class MessageViewSet(ModelViewSet):
    """The messages, newest first; staff note what they answered."""

    model = ContactMessage
    icon = "mail"
    menu_label = _("Lời nhắn")
    menu_order = 250
    add_to_admin_menu = True
    url_prefix = "loi-nhan"
    url_namespace = "contact_messages"
    list_display = ["subject", "topic", "email", DateColumn("created_at", label=_("Nhận lúc"))]
    list_filter = ["topic", "answered_at"]
    search_fields = ["subject", "email", "text"]
    search_backend_name = None
    inspect_view_enabled = True
    copy_view_enabled = False
    permission_policy = _ReadAndNote(ContactMessage)
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("topic", read_only=True),
                FieldPanel("subject", read_only=True),
                FieldPanel("text", read_only=True),
                FieldPanel("name", read_only=True),
                FieldPanel("email", read_only=True),
                FieldPanel("created_at", read_only=True),
                FieldPanel("consent", read_only=True),
            ],
            heading=_("Lời nhắn"),
        ),
        MultiFieldPanel(
            [FieldPanel("answered_at"), FieldPanel("staff_note")], heading=_("Trả lời")
        ),
    ]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    """Offer the choosers and the list of messages."""
    return [entry_chooser, listing_chooser, MessageViewSet("contact_messages")]
