"""What the centre's own page types share."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock
from cms.pages.blocks import RelatedBlock
from cms.pages.menus import MenuMixin
from cms.pages.previewing import ThreeWidths


class Plate(models.TextChoices):
    """The drawings that may stand beside the title of a page."""

    NONE = "", _("Không")
    BOAT = "ghe", _("Ghe")
    DELTA = "chau-tho", _("Châu thổ")
    RICE = "lua-gao", _("Lúa gạo")
    COCONUT = "dua", _("Dừa")
    FRUIT = "cay-an-qua", _("Cây ăn quả")
    FISH = "thuy-san", _("Thủy sản")
    CLAY = "vat-lieu", _("Gạch gốm")
    MACHINES = "co-khi", _("Cơ khí")
    CHIP = "ai-iot", _("AI, IoT")
    SCREEN = "so", _("Chuyển đổi số")
    SCHOOL = "giao-duc", _("Giáo dục")
    MONEY = "tai-chinh", _("Tài chính")
    ENERGY = "nang-luong", _("Năng lượng")
    STORE = "bao-quan", _("Bảo quản")
    FACTORY = "che-bien", _("Chế biến")
    LIFE = "cnsh", _("Công nghệ sinh học")
    WATER = "moi-truong", _("Môi trường")


class EntryPanel(FieldPanel):
    """A field for an entry, with the chooser named by its path (built once models are loaded)."""

    def __init__(self, field_name: str, *, chooser: str = "entry_chooser", **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)
        self.chooser = chooser

    def clone_kwargs(self) -> dict[str, Any]:
        """Return what makes another panel like this one."""
        return {**super().clone_kwargs(), "chooser": self.chooser}

    def get_form_options(self) -> dict[str, Any]:
        """Return the form's options with the chooser's own widget."""
        options: dict[str, Any] = super().get_form_options()
        viewset = import_string(f"cms.pages.choosers.{self.chooser}")
        return options | {"widgets": {self.field_name: viewset.widget_class}}


class WrittenPage(MenuMixin, ThreeWidths, Page):
    """A page with a lead, a drawing and a body, which an editor may put into a menu."""

    intro = models.TextField(_("Lời dẫn"), max_length=600, blank=True)
    plate = models.CharField(
        _("Hình vẽ"), max_length=20, choices=Plate.choices, blank=True, default=""
    )
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)

    lead_panels = [FieldPanel("intro"), FieldPanel("plate")]
    content_panels = [*Page.content_panels, *lead_panels, FieldPanel("body")]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]

    class Meta:
        abstract = True


class ActionMixin(models.Model):
    """A page that leads to one action."""

    action_label = models.CharField(_("Chữ trên nút"), max_length=60, blank=True)
    action_url = models.CharField(
        _("Nút dẫn tới"),
        max_length=300,
        blank=True,
        help_text=_("Địa chỉ trong trang này, như /ban-lam-viec/, hoặc https://…"),
    )

    action_panels = [
        MultiFieldPanel(
            [FieldPanel("action_label"), FieldPanel("action_url")], heading=_("Nút chính")
        )
    ]

    class Meta:
        abstract = True

    @property
    def action(self) -> dict[str, str] | None:
        """Return {label, url}; `None` unless both were given and the address leads somewhere."""
        # Asks models that are still being loaded when this module is.
        from cms.desk.reaching import leads_nowhere

        url = self.action_url.strip()
        local = url.startswith("/") and not url.startswith(("//", "/\\"))
        if not self.action_label or not (local or url.startswith("https://")):
            return None
        if leads_nowhere(url):
            return None
        return {"label": self.action_label, "url": url}


def related_field(label: Any) -> StreamField:
    """Return a field of documents and links."""
    return StreamField([("related", RelatedBlock())], verbose_name=label, blank=True)
