"""Which menu of the site a page stands in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class MenuPlace(models.TextChoices):
    """The places `cms.navigation` fills."""

    NONE = "", _("Không")
    MAIN = "main", _("Đầu trang")
    CENTRE = "centre", _("Chân trang: Trung tâm")
    RIGHTS = "rights", _("Chân trang: Quyền của bạn")


class MenuMixin(models.Model):
    """A page that an editor may put into a menu."""

    menu = models.CharField(
        _("Hiện trong"), max_length=10, choices=MenuPlace.choices, blank=True, default=""
    )
    menu_label = models.CharField(
        _("Tên trong mục lục"),
        max_length=60,
        blank=True,
        help_text=_("Để trống để dùng tên trang."),
    )

    menu_panels = [
        MultiFieldPanel([FieldPanel("menu"), FieldPanel("menu_label")], heading=_("Mục lục"))
    ]

    class Meta:
        abstract = True
