"""The home page, the section page and the standard page; the other page types stand beside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from cms.blocks import BodyBlock, FiguresBlock
from cms.pages.base import EntryPanel, WrittenPage
from cms.pages.contact import ContactMessage, ContactPage
from cms.pages.help import CallsPage, FAQPage, MediaKitPage, SiteMapPage
from cms.pages.offerings import ProgrammeIndexPage, ProgrammePage, ServiceIndexPage, ServicePage
from cms.pages.people import PARENTS, PartnersPage, PeoplePage
from cms.pages.previewing import ThreeWidths

__all__ = [
    "CallsPage",
    "ContactMessage",
    "ContactPage",
    "FAQPage",
    "HomeFeature",
    "HomePage",
    "MediaKitPage",
    "PartnersPage",
    "PeoplePage",
    "ProgrammeIndexPage",
    "ProgrammePage",
    "SectionPage",
    "ServiceIndexPage",
    "ServicePage",
    "SiteMapPage",
    "StandardPage",
]

#: What stands below a page of text or a section.
TEXTS = [
    "pages.StandardPage",
    "pages.PeoplePage",
    "pages.PartnersPage",
    "pages.MediaKitPage",
    "pages.FAQPage",
    "pages.ContactPage",
]


class HomePage(ThreeWidths, Page):
    """The front door: search, the map, live numbers, what editors feature, what comes next."""

    heading = models.CharField(_("Câu mở đầu"), max_length=80)
    intro = models.TextField(_("Lời dẫn"), max_length=400)
    tries = models.TextField(
        _("Từ gợi ý để tìm"),
        max_length=300,
        blank=True,
        help_text=_("Mỗi từ một dòng, nhiều nhất bốn dòng. Để trống để dùng từ có sẵn."),
    )
    figures = StreamField(
        [("figures", FiguresBlock())],
        verbose_name=_("Tỉnh qua số liệu công bố"),
        blank=True,
        max_num=1,
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("Lời giới thiệu cho ngôn ngữ chỉ có một trang"),
        blank=True,
        help_text=_("Dịch ra tiếng Khmer thì hiện ở /km/; trang tiếng Việt, tiếng Anh không hiện."),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("heading"), FieldPanel("intro"), FieldPanel("tries")],
            heading=_("Mở đầu"),
        ),
        InlinePanel(
            "features",
            label=_("Hồ sơ nêu lên"),
            heading=_("Công nghệ, nhu cầu nêu lên"),
            help_text=_("Chỗ còn trống, trang tự điền bằng hồ sơ mới xác nhận."),
            max_num=8,
        ),
        FieldPanel("figures"),
        FieldPanel("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.SectionPage",
        *TEXTS,
        "pages.ServiceIndexPage",
        "pages.ProgrammeIndexPage",
        "pages.CallsPage",
        "pages.SiteMapPage",
        "news.NewsIndexPage",
        "eventpages.EventIndexPage",
        "awardpages.AwardIndexPage",
        "legaldocuments.LegalDocumentIndexPage",
    ]
    template = "cms/home.html"
    landing_template = "cms/landing.html"

    class Meta:
        verbose_name = _("trang chủ")
        verbose_name_plural = _("trang chủ")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context and, but for a language of one page, the catalogue's live figures."""
        # Its selectors need models that are still being loaded when this module is.
        from cms.pages import home

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | (home.ways_in() if _has_one_page(request) else home.figures(self))

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the template; a language of one page has everything it says on its front page."""
        return self.landing_template if _has_one_page(request) else self.template


def _has_one_page(request: HttpRequest) -> bool:
    return getattr(request, "LANGUAGE_CODE", "") in dict(settings.LANDING_LANGUAGES)


class HomeFeature(Orderable):
    """An offer or a demand that editors put on the home page."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="features")
    entry = models.ForeignKey(
        "directory.Entry",
        verbose_name=_("Công nghệ, nhu cầu"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"kind__in": ["offer", "demand"], "is_public": True},
    )

    panels = [EntryPanel("entry", chooser="listing_chooser")]

    class Meta(Orderable.Meta):
        verbose_name = _("hồ sơ nêu lên")
        verbose_name_plural = _("hồ sơ nêu lên")

    def __str__(self) -> str:
        return str(self.entry_id)


class SectionPage(WrittenPage):
    """A page that leads to those below it."""

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types = ["pages.SectionPage", *TEXTS]
    template = "cms/section.html"

    class Meta:
        verbose_name = _("trang mục")
        verbose_name_plural = _("trang mục")


class StandardPage(WrittenPage):
    """A page of text: privacy, accessibility, what is told once."""

    contents_on = models.DateField(
        _("Nội dung đúng vào ngày"),
        null=True,
        blank=True,
        help_text=_("Hiện dưới lời dẫn; đổi khi bạn đọc lại toàn trang."),
    )

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        FieldPanel("contents_on"),
        FieldPanel("body"),
    ]
    parent_page_types = PARENTS
    subpage_types = TEXTS
    template = "cms/standard.html"

    class Meta:
        verbose_name = _("trang nội dung")
        verbose_name_plural = _("trang nội dung")
