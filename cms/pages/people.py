"""Who we are and with whom we work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.pages.base import WrittenPage
from cms.pages.blocks import NetworkBlock, UnitBlock

PARENTS = ["pages.HomePage", "pages.SectionPage", "pages.StandardPage"]


class PeoplePage(WrittenPage):
    """The parts of the centre and the people in each."""

    found_by = ("units", "body")

    units = StreamField([("unit", UnitBlock())], verbose_name=_("Bộ phận"), blank=True)

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        FieldPanel("units"),
        FieldPanel("body"),
    ]
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    template = "cms/people.html"

    class Meta:
        verbose_name = _("trang cơ cấu, con người")
        verbose_name_plural = _("trang cơ cấu, con người")


class PartnersPage(WrittenPage):
    """Networks in and out of the province, with what is done together."""

    found_by = ("networks", "body")

    networks = StreamField([("network", NetworkBlock())], verbose_name=_("Mạng lưới"), blank=True)

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        FieldPanel("networks"),
        FieldPanel("body"),
    ]
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    template = "cms/partners.html"

    class Meta:
        verbose_name = _("trang mạng lưới")
        verbose_name_plural = _("trang mạng lưới")
