"""What the library adds to Wagtail's admin: who issues documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.documents.models import Issuer


class IssuerViewSet(SnippetViewSet):
    """The list of issuers, as editors keep it."""

    model = Issuer
    icon = "group"
    menu_label = _("Cơ quan ban hành")
    list_display = ["name", "code"]
    search_fields = ["name", "name_en"]


register_snippet(IssuerViewSet)
