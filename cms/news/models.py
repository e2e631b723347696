"""News: a list and its articles."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock
from cms.news.selectors import news_below
from cms.pages.menus import MenuMixin

PER_PAGE = 12


class NewsIndexPage(MenuMixin, Page):
    """The list of articles, newest first."""

    intro = models.TextField(_("Lời dẫn"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["news.NewsPage"]
    template = "cms/news_index.html"

    class Meta:
        verbose_name = _("trang danh sách tin")
        verbose_name_plural = _("trang danh sách tin")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return one page of articles; raise `Http404` past the last one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        paginator = Paginator(news_below(self), PER_PAGE)
        try:
            articles = paginator.page(request.GET.get("trang", 1))
        except InvalidPage as error:
            raise Http404 from error
        return context | {"articles": articles}


class NewsPage(Page):
    """One article."""

    date = models.DateField(_("Ngày đăng"), default=timezone.localdate, db_index=True)
    intro = models.TextField(_("Tóm tắt"), max_length=400)
    image = models.ForeignKey(
        "cms.SiteImage",
        verbose_name=_("Ảnh"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)
    source = models.CharField(_("Nguồn"), max_length=300, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("body"),
        FieldPanel("source"),
    ]
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/news_page.html"

    class Meta:
        verbose_name = _("tin")
        verbose_name_plural = _("tin")
