"""Pages that help a visitor on: questions, open calls, the site map, what the press may use."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.pages.base import WrittenPage, related_field
from cms.pages.blocks import QuestionGroupBlock
from cms.pages.people import PARENTS


class FAQPage(WrittenPage):
    """Questions and answers in groups."""

    found_by = ("groups",)

    groups = StreamField(
        [("group", QuestionGroupBlock())], verbose_name=_("Câu hỏi theo nhóm"), blank=True
    )

    content_panels = [*Page.content_panels, *WrittenPage.lead_panels, FieldPanel("groups")]
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    template = "cms/faq.html"

    class Meta:
        verbose_name = _("trang hỏi đáp")
        verbose_name_plural = _("trang hỏi đáp")

    def structured_data(self) -> dict[str, Any] | None:
        """Return the questions as schema.org `FAQPage`; `None` where there are none."""
        questions = [
            {
                "@type": "Question",
                "name": item["question"],
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": " ".join(strip_tags(item["answer"].source.replace("<", " <")).split()),
                },
            }
            for group in self.groups
            for item in group.value["questions"]
        ]
        if not questions:
            return None
        return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": questions}


class CallsPage(WrittenPage):
    """What one may apply for now, of every award and contest."""

    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    template = "cms/calls.html"

    class Meta:
        verbose_name = _("trang đợt nhận hồ sơ")
        verbose_name_plural = _("trang đợt nhận hồ sơ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and the calls."""
        from cms.pages import tagged

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"calls": tagged.open_calls()}


class SiteMapPage(WrittenPage):
    """Every public page, as a list to read."""

    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    template = "cms/site_map.html"

    class Meta:
        verbose_name = _("trang sơ đồ")
        verbose_name_plural = _("trang sơ đồ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context, the branches of the page tree, and the rooms."""
        from cms import navigation
        from cms.pages.selectors import branches

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"branches": branches(self), "rooms": navigation.everywhere()}


class MediaKitPage(WrittenPage):
    """What the press may use: the mark, a few sentences, whom to ask."""

    found_by = ("boilerplate_short", "boilerplate_long", "terms", "contact", "body")

    boilerplate_short = models.TextField(_("Giới thiệu ngắn"), max_length=400, blank=True)
    boilerplate_long = RichTextField(_("Giới thiệu dài"), features=["bold", "italic"], blank=True)
    terms = models.TextField(_("Cách dùng dấu hiệu"), max_length=600, blank=True)
    contact = models.TextField(_("Hỏi ai"), max_length=400, blank=True)
    related = related_field(_("Tệp, liên kết thêm"))

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        FieldPanel("boilerplate_short"),
        FieldPanel("boilerplate_long"),
        FieldPanel("terms"),
        FieldPanel("contact"),
        FieldPanel("related"),
        FieldPanel("body"),
    ]
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    template = "cms/media_kit.html"

    class Meta:
        verbose_name = _("trang tư liệu truyền thông")
        verbose_name_plural = _("trang tư liệu truyền thông")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and the drawings one may take."""
        from cms.pages.marks import MARKS

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"marks": MARKS}
