"""What the centre does for people: services, and the programmes of the plan."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.pages.base import ActionMixin, WrittenPage, related_field
from cms.pages.blocks import GoalBlock, StepBlock
from cms.terms import term


class ServiceIndexPage(WrittenPage):
    """The list of services."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ServicePage"]
    template = "cms/service_index.html"

    class Meta:
        verbose_name = _("trang danh sách dịch vụ")
        verbose_name_plural = _("trang danh sách dịch vụ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and the live services."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        services = ServicePage.objects.child_of(self).live().public().defer_streamfields()
        return context | {"services": services.order_by("path")}


class ServicePage(ActionMixin, WrittenPage):
    """One service: what it is, for whom, at what fee, how to ask, how long it takes, whom to call."""

    found_by = ("who", "steps", "papers", "fee", "duration", "contact", "body")

    who = models.TextField(_("Ai dùng được"), max_length=600, blank=True)
    fee = models.CharField(_("Phí"), max_length=200, blank=True)
    duration = models.CharField(_("Bao lâu"), max_length=300, blank=True)
    papers = models.TextField(
        _("Cần chuẩn bị"), max_length=600, blank=True, help_text=_("Mỗi thứ một dòng.")
    )
    contact = models.TextField(_("Hỏi ai"), max_length=400, blank=True)
    steps = StreamField([("step", StepBlock())], verbose_name=_("Cách dùng"), blank=True)
    related = related_field(_("Văn bản, tài liệu liên quan"))

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        MultiFieldPanel(
            [
                FieldPanel("who"),
                FieldPanel("fee"),
                FieldPanel("duration"),
                FieldPanel("papers"),
                FieldPanel("contact"),
            ],
            heading=_("Thông tin chính"),
        ),
        FieldPanel("steps"),
        *ActionMixin.action_panels,
        FieldPanel("body"),
        FieldPanel("related"),
    ]
    parent_page_types = ["pages.ServiceIndexPage"]
    subpage_types: list[str] = []
    template = "cms/service_page.html"

    class Meta:
        verbose_name = _("dịch vụ")
        verbose_name_plural = _("dịch vụ")

    @property
    def paper_list(self) -> list[str]:
        """Return what to prepare, one thing each."""
        return [line.strip() for line in self.papers.splitlines() if line.strip()]


class ProgrammeIndexPage(WrittenPage):
    """The programmes that the plan is linked with."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ProgrammePage"]
    template = "cms/programme_index.html"

    class Meta:
        verbose_name = _("trang danh sách chương trình")
        verbose_name_plural = _("trang danh sách chương trình")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and the live programmes."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        programmes = ProgrammePage.objects.child_of(self).live().public().defer_streamfields()
        return context | {"programmes": programmes.order_by("path")}


class ProgrammePage(ActionMixin, WrittenPage):
    """One programme: its goals, its documents, and what takes place under it."""

    found_by = ("decision", "issuer", "lead_agency", "goals", "body")

    programme = term(
        "programme",
        _("Chương trình"),
        blank=True,
        help_text=_("Sự kiện, giải thưởng gắn chương trình này tự hiện trên trang."),
    )
    decision = models.CharField(_("Văn bản"), max_length=200, blank=True)
    issuer = models.CharField(_("Cơ quan ban hành"), max_length=200, blank=True)
    period = models.CharField(_("Giai đoạn"), max_length=100, blank=True)
    lead_agency = models.CharField(_("Cơ quan chủ trì"), max_length=200, blank=True)
    goals = StreamField([("goal", GoalBlock())], verbose_name=_("Mục tiêu"), blank=True)
    related = related_field(_("Văn bản, tài liệu liên quan"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("programme"),
        *WrittenPage.lead_panels,
        MultiFieldPanel(
            [
                FieldPanel("decision"),
                FieldPanel("issuer"),
                FieldPanel("period"),
                FieldPanel("lead_agency"),
            ],
            heading=_("Thông tin chính"),
        ),
        FieldPanel("goals"),
        FieldPanel("body"),
        FieldPanel("related"),
        *ActionMixin.action_panels,
    ]
    parent_page_types = ["pages.ProgrammeIndexPage"]
    subpage_types: list[str] = []
    template = "cms/programme_page.html"

    class Meta:
        verbose_name = _("chương trình")
        verbose_name_plural = _("chương trình")

    def clean(self) -> None:
        """Raise `ValidationError` for a second page of a programme in the same language."""
        super().clean()
        if self.programme_id is None:
            return
        twins = ProgrammePage.objects.filter(programme=self.programme_id).exclude(pk=self.pk)
        # A page that is being added gets the language of the page above it only when saved.
        if self.locale_id and twins.filter(locale=self.locale_id).exists():
            raise ValidationError({"programme": gettext("Chương trình này đã có trang.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context, and the events and awards tagged with the programme."""
        from cms.pages import tagged

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | tagged.of_programme(self.programme)
