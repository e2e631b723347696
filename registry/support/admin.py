"""Measures in Wagtail's admin: drafts, preview, publication, and a trial of the rule as the form has it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from registry.support import selectors, wording
from registry.support.editing import RuleField
from registry.support.forms import Questions
from registry.support.models import SupportMeasure
from registry.support.rules import judge, parse

EDIT = ("support.add_supportmeasure", "support.change_supportmeasure")
#: Before the names of the trial's questions, which stand in the form of a measure.
TRIAL = "thu"


class MeasureForm(WagtailAdminModelForm):
    """The form of a measure; the rule is checked for drafts too."""

    rule = RuleField(label=gettext_lazy("Điều kiện"), required=False)


_words = ObjectList(
    [
        FieldPanel("title_vi"),
        FieldPanel("summary_vi"),
        FieldPanel("benefit_vi"),
        FieldPanel("max_amount"),
        FieldPanel("who_vi"),
        FieldPanel("also_vi"),
        InlinePanel(
            "papers",
            heading=gettext_lazy("Giấy tờ"),
            label=gettext_lazy("Giấy tờ"),
            panels=[
                FieldPanel("name_vi"),
                FieldPanel("required"),
                FieldPanel("note_vi"),
                FieldPanel("name_en"),
                FieldPanel("note_en"),
            ],
        ),
        MultiFieldPanel(
            [
                FieldPanel("authority_vi"),
                FieldPanel("contact"),
                FieldPanel("duration_vi"),
                FieldPanel("procedure_url"),
                PageChooserPanel("service", "pages.ServicePage"),
            ],
            heading=gettext_lazy("Cơ quan trả lời"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("source_text"),
                PageChooserPanel("document", "legaldocuments.LegalDocumentPage"),
                FieldPanel("article"),
                FieldPanel("checked_on"),
                FieldPanel("valid_from"),
                FieldPanel("valid_to"),
            ],
            heading=gettext_lazy("Nguồn và thời gian"),
        ),
        FieldPanel("staff_note"),
        PublishingPanel(),
    ],
    heading=gettext_lazy("Nội dung"),
)
_rule = ObjectList(
    [
        FieldPanel("rule"),
        HelpPanel(
            heading=gettext_lazy("Thử quy tắc"), template="registry/support/admin/try_panel.html"
        ),
    ],
    heading=gettext_lazy("Ai phù hợp"),
)
_english = ObjectList(
    [
        FieldPanel("title_en"),
        FieldPanel("summary_en"),
        FieldPanel("benefit_en"),
        FieldPanel("who_en"),
        FieldPanel("also_en"),
        FieldPanel("duration_en"),
        FieldPanel("authority_en"),
    ],
    heading=gettext_lazy("Tiếng Anh"),
)


class CreateMeasure(CreateView):
    """The form for a new measure, saved by the editor's own press alone.

    An autosave under way while the editor presses “publish” would make the same measure twice.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Have Wagtail's own setup done, without the autosave."""
        super().setup(request, *args, **kwargs)
        self.autosave_enabled = False


class MeasureViewSet(SnippetViewSet):
    """The list of measures and their forms."""

    model = SupportMeasure
    add_view_class = CreateMeasure
    icon = "tick-inverse"
    menu_label = gettext_lazy("Biện pháp hỗ trợ")
    menu_order = 305
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("source_text", label=gettext_lazy("Văn bản")),
        DateColumn("checked_on", label=gettext_lazy("Đối chiếu")),
        LiveStatusTagColumn(),
    ]
    list_filter = ["live", "valid_to"]
    search_fields = ["title_vi", "number", "source_text"]
    search_backend_name = None
    edit_handler = TabbedInterface([_words, _rule, _english], base_form_class=MeasureForm)


class _Rule(forms.Form):
    rule = RuleField(required=False)


def try_rule(request: HttpRequest) -> HttpResponse:
    """What a rule says of given answers, as the form has both; nothing is saved."""
    if not any(request.user.has_perm(name) for name in EDIT):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form, questions = _Rule(request.POST), Questions(request.POST, prefix=TRIAL)
    title = _("Thử quy tắc")
    context: dict[str, Any] = {
        "page_title": title,
        "header_title": title,
        "form": form,
        "questions": questions,
    }
    status = 400
    if form.is_valid() and not questions.errors:
        status = 200
        answers = questions.answers
        judged = judge(parse(form.cleaned_data["rule"]), answers)
        context |= {
            "known": selectors.known_of(answers),
            "group": wording.group(judged.verdict),
            "tone": wording.TONES[judged.verdict],
            "lines": wording.explained(judged, answers),
        }
    return render(request, "registry/support/admin/try.html", context, status=status)
