"""Synonyms and fruitless questions in the admin: edit, try in place, and make the one of the other."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import ModelForm, modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet

from search import forms, text
from search.contracts import InvalidQuery
from search.vocabulary import missed, services
from search.vocabulary.models import MAX_TERM_CHARS, SynonymGroup

EDIT = ("search.add_synonymgroup", "search.change_synonymgroup")
REPORT = "search.view_missedquery"
#: Where a group's form says what it would find.
_TRY = "search/admin/try_panel.html"


class AddSynonymGroup(CreateView):
    """The form of a new group; `?tu=` is its first word, as the report of questions passes it."""

    def get_initial_form_instance(self) -> SynonymGroup:
        """Return a group that begins with the word asked for."""
        asked = " ".join(text.clean(self.request.GET.get("tu", "")).split())
        return SynonymGroup(terms=f"{asked[:MAX_TERM_CHARS]}\n" if asked else "")


class SynonymGroupViewSet(ModelViewSet):
    """The list of groups and their forms."""

    model = SynonymGroup
    name = "synonyms"
    url_prefix = "tu-dong-nghia"
    icon = "group"
    menu_label = gettext_lazy("Từ đồng nghĩa")
    menu_order = 310
    add_to_admin_menu = True
    add_view_class = AddSynonymGroup
    copy_view_enabled = False
    add_to_reference_index = False
    list_filter = ["rule", "active"]
    search_fields = ["terms", "note"]
    search_backend_name = None
    list_display = [
        "__str__",
        Column("rule", label=gettext_lazy("Quy tắc"), accessor="get_rule_display"),
        Column("note", label=gettext_lazy("Ghi chú")),
        BooleanColumn("active", label=gettext_lazy("Đang dùng"), accessor="active"),
        DateColumn("changed", label=gettext_lazy("Sửa lúc"), accessor="changed"),
    ]
    panels = [
        FieldPanel("terms"),
        FieldPanel("rule"),
        FieldPanel("active"),
        FieldPanel("note"),
        HelpPanel(heading=gettext_lazy("Nhóm này tìm thấy gì?"), template=_TRY),
    ]


class MissedMenuItem(MenuItem):
    """“Câu tìm ít kết quả”, for those who may read the counts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the reader may see the report."""
        return bool(request.user.has_perm(REPORT))


def missed_menu_item() -> MenuItem:
    """Return the report's place in the menu of reports."""
    return MissedMenuItem(
        gettext_lazy("Câu tìm ít kết quả"),
        reverse("search_missed"),
        name="search-missed",
        icon_name="search",
        order=1100,
    )


@require_safe
def missed_queries(request: HttpRequest) -> HttpResponse:
    """The questions of the last 90 days that found too little, each a click from a new group."""
    if not request.user.has_perm(REPORT):
        raise PermissionDenied
    return render(
        request,
        "search/admin/missed.html",
        {
            "rows": missed.report(),
            "days": missed.KEPT_DAYS,
            "may_add": request.user.has_perm(EDIT[0]),
            "page_title": _("Câu tìm ít kết quả"),
            "header_title": _("Câu tìm ít kết quả"),
        },
    )


def _form() -> type[ModelForm[SynonymGroup]]:
    return modelform_factory(SynonymGroup, fields=["terms", "rule", "note"])


def try_group(request: HttpRequest) -> HttpResponse:
    """What a question would find with the group as the form has it, saved or not."""
    if not any(request.user.has_perm(name) for name in EDIT):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = _form()(request.POST, instance=_tried(request.POST.get("group", "")))
    title = _("Nhóm này tìm thấy gì?")
    context: dict[str, Any] = {"form": form, "page_title": title, "header_title": title}
    status = 400
    if form.is_valid():
        group = form.instance
        group.active = True
        try:
            asked = forms.readable(request.POST.get("try") or "") or group.forms[0]
            language = "en" if (get_language() or "vi").startswith("en") else "vi"
            context |= {"trial": services.try_out(group, asked, language), "group": group}
            status = 200
        except InvalidQuery as problem:
            context["problem"] = problem.message
    return render(request, "search/admin/try.html", context, status=status)


def _tried(identity: str) -> SynonymGroup:
    known = identity.isascii() and identity.isdigit() and len(identity) < 10
    found = SynonymGroup.objects.filter(pk=int(identity)).first() if known else None
    return found or SynonymGroup()
