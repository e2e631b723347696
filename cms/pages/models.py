"""The home page and the standard page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock, FiguresBlock
from cms.pages.menus import MenuMixin


class HomePage(Page):
    """The front door: search, the map, live numbers, the newest offers."""

    heading = models.CharField(_("Câu mở đầu"), max_length=80)
    intro = models.TextField(_("Lời dẫn"), max_length=400)
    figures = StreamField(
        [("figures", FiguresBlock())],
        verbose_name=_("Tỉnh qua số liệu công bố"),
        blank=True,
        max_num=1,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("intro"),
        FieldPanel("figures"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.StandardPage", "news.NewsIndexPage", "eventpages.EventIndexPage"]
    template = "cms/home.html"

    class Meta:
        verbose_name = _("trang chủ")
        verbose_name_plural = _("trang chủ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and the live figures of the catalogue."""
        # Its selectors need models that are still being loaded when this module is.
        from cms.pages import home

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | home.figures()


class StandardPage(MenuMixin, Page):
    """A page of text: about, services, documents, privacy."""

    intro = models.TextField(_("Lời dẫn"), max_length=600, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)
    contents_on = models.DateField(
        _("Nội dung đúng vào ngày"),
        null=True,
        blank=True,
        help_text=_("Hiện dưới lời dẫn; đổi khi bạn đọc lại toàn trang."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("contents_on"),
        FieldPanel("body"),
    ]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]
    template = "cms/standard.html"

    class Meta:
        verbose_name = _("trang nội dung")
        verbose_name_plural = _("trang nội dung")
