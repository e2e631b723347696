"""Events: the list, and the page that tells of one.

The page is the truth for what editors write; its header in `registry.events` for what operates.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from cms.asking import AnswersQuestions
from cms.blocks import BodyBlock
from cms.events.blocks import MaterialBlock, SessionBlock
from cms.events.forms import EventPageForm
from cms.pages.menus import MenuMixin
from cms.pages.previewing import ThreeWidths
from cms.terms import term, terms
from registry.common.offers import offered

#: A copy begins a year later, on the same day of the week.
A_YEAR = timedelta(weeks=52)


class Status(models.TextChoices):
    """What an editor says of an event; that it is over, the clock says."""

    ANNOUNCED = "announced", _("Diễn ra như đã báo")
    POSTPONED = "postponed", _("Dời ngày")
    CANCELLED = "cancelled", _("Hủy")


class Mode(models.TextChoices):
    """How people take part."""

    ON_SITE = "tai_cho", _("Tại chỗ")
    ONLINE = "truc_tuyen", _("Trực tuyến")
    BOTH = "ket_hop", _("Tại chỗ và trực tuyến")


def _organisation(label: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "directory.Entry",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "organisation", "is_public": True},
        **options,
    )


class EventIndexPage(AnswersQuestions, MenuMixin, ThreeWidths, Page):
    """The list of events: to come, past, or a month at a glance."""

    intro = models.TextField(_("Lời dẫn"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["eventpages.EventPage"]
    template = "cms/event_index.html"

    class Meta:
        verbose_name = _("trang danh sách sự kiện")
        verbose_name_plural = _("trang danh sách sự kiện")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the list or the month asked for; see `cms.events.screen`."""
        from cms.events import screen

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | screen.build(request.GET, self.get_url(request) or "")


class EventPage(ThreeWidths, Page):
    """One event, in one language. Its translations share the header, a copy gets its own."""

    event = models.ForeignKey(
        "events.Event", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(
        _("Tình hình"), max_length=10, choices=Status.choices, default=Status.ANNOUNCED
    )
    status_note = models.TextField(
        _("Điều người dự cần biết"),
        max_length=500,
        blank=True,
        help_text=_("Bắt buộc khi dời ngày hoặc hủy: vì sao, và bây giờ người dự làm gì."),
    )
    starts_at = models.DateTimeField(_("Bắt đầu"), null=True, blank=True)
    ends_at = models.DateTimeField(
        _("Kết thúc"),
        null=True,
        blank=True,
        help_text=_("Giờ Việt Nam. Chỉ để trống hai ô này khi dời ngày mà chưa có ngày mới."),
    )
    mode = models.CharField(
        pgettext_lazy("sự kiện", "Hình thức"),
        max_length=10,
        choices=Mode.choices,
        default=Mode.ON_SITE,
    )
    venue = models.CharField(_("Nơi diễn ra"), max_length=300, blank=True)
    commune = models.ForeignKey(
        "taxonomy.AdminUnit",
        verbose_name=_("Xã, phường"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"valid_to__isnull": True, "type__in": ["xa", "phuong"]},
    )
    online_url = models.URLField(
        _("Liên kết dự trực tuyến"),
        max_length=500,
        blank=True,
        help_text=_("Ai xem trang cũng thấy."),
    )
    event_type = term("event_type", _("Loại sự kiện"))
    sector = term(
        "sector", _("Lĩnh vực"), blank=True, help_text=_("Chọn hình vẽ khi trang không có ảnh.")
    )
    audiences = terms("audience", _("Ai nên đến"))
    audience = models.CharField(_("Ai nên đến, nói rõ hơn"), max_length=300, blank=True)
    programmes = terms("programme", _("Thuộc chương trình"))
    intro = models.TextField(_("Tóm tắt"), max_length=400)
    image = models.ForeignKey(
        "cms.SiteImage",
        verbose_name=_("Ảnh"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("Chữ thay ảnh"),
        max_length=300,
        blank=True,
        help_text=_("Nói điều người xem thấy, cho người không nhìn thấy ảnh."),
    )
    agenda = StreamField(
        [("session", SessionBlock())], verbose_name=_("Chương trình trong ngày"), blank=True
    )
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)
    materials = StreamField([("material", MaterialBlock())], verbose_name=_("Tài liệu"), blank=True)
    organiser = _organisation(
        _("Bên tổ chức"), help_text=_("Chọn trong danh bạ, hoặc viết tên ở ô dưới.")
    )
    organiser_name = models.CharField(_("Bên tổ chức chưa có hồ sơ"), max_length=255, blank=True)
    registration_url = models.URLField(_("Địa chỉ đăng ký tham dự"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(_("Số chỗ"), null=True, blank=True)
    fee = models.CharField(_("Phí"), max_length=200, blank=True)
    spoken = models.CharField(_("Ngôn ngữ"), max_length=200, blank=True)
    accessibility = models.TextField(_("Khả năng tiếp cận"), max_length=600, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("starts_at"),
                FieldPanel("ends_at"),
                FieldPanel("status"),
                FieldPanel("status_note"),
            ],
            heading=_("Lúc nào"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("mode"),
                FieldPanel("venue"),
                FieldPanel("commune"),
                FieldPanel("online_url"),
            ],
            heading=_("Ở đâu"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("event_type"),
                FieldPanel("audiences", widget=CheckboxSelectMultiple),
                FieldPanel("audience"),
                FieldPanel("sector"),
                FieldPanel("programmes", widget=CheckboxSelectMultiple),
            ],
            heading=_("Loại và người dự"),
        ),
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("organiser_name")], heading=_("Bên tổ chức")
        ),
        MultiFieldPanel(
            [
                FieldPanel("registration_url"),
                FieldPanel("capacity"),
                FieldPanel("fee"),
                FieldPanel("spoken"),
                FieldPanel("accessibility"),
            ],
            heading=_("Tham dự"),
        ),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Ảnh")),
        FieldPanel("agenda"),
        InlinePanel("speakers", label=_("Diễn giả"), heading=_("Diễn giả")),
        FieldPanel("body"),
        FieldPanel("materials"),
    ]
    base_form_class = EventPageForm
    parent_page_types = ["eventpages.EventIndexPage"]
    subpage_types: list[str] = []
    template = "cms/event_page.html"
    #: Set by the admin's form while a draft is saved, which may have gaps.
    is_only_drafted = False

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")

    @property
    def header(self) -> Any:
        """Its own header; `None` on a page never saved, or on a draft that still names another's."""
        source = self.alias_of.specific if self.alias_of_id else self
        event = source.event if source.event_id else None
        return event if event and event.uid == source.translation_key else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, pointing at the header of its own translation key, whatever a revision says."""
        if not self.alias_of_id:
            self.event_id = offered("events.open")(self.translation_key)
        super().save(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Page:
        """Copy; a new event (not a translation) begins a year later and is neither put off nor cancelled."""
        if kwargs.get("reset_translation_key", True):
            kwargs["update_attrs"] = self.anew() | (kwargs.get("update_attrs") or {})
        return super().copy(*args, **kwargs)

    def anew(self) -> dict[str, Any]:
        """Return what a new event made from this one begins with, field by field."""
        latest = self.get_latest_revision_as_object()
        starts, ends = latest.starts_at, latest.ends_at
        if starts is not None and ends is not None:
            shift = A_YEAR
            while starts + shift <= timezone.now():
                shift += A_YEAR
            starts, ends = starts + shift, ends + shift
        return {
            "starts_at": starts,
            "ends_at": ends,
            "status": Status.ANNOUNCED,
            "status_note": "",
            "registration_url": "",
        }

    def clean(self) -> None:
        """Raise `ValidationError` for times that do not fit; once published, also for what is missing."""
        super().clean()
        errors: dict[str, str] = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = gettext("Giờ kết thúc phải sau giờ bắt đầu.")
        if not self.is_only_drafted:
            errors |= self._missing()
        if errors:
            raise ValidationError(errors)

    def _missing(self) -> dict[str, str]:
        missing: dict[str, str] = {}
        no_day_yet = self.status == Status.POSTPONED and not (self.starts_at or self.ends_at)
        if not no_day_yet and not self.starts_at:
            missing["starts_at"] = gettext("Nhập ngày, giờ bắt đầu.")
        if not no_day_yet and not self.ends_at:
            missing["ends_at"] = gettext("Nhập ngày, giờ kết thúc.")
        if self.status != Status.ANNOUNCED and not self.status_note.strip():
            missing["status_note"] = gettext("Viết điều người dự cần biết khi dời ngày hoặc hủy.")
        if self.mode != Mode.ONLINE and not self.venue.strip() and self.commune_id is None:
            missing["venue"] = gettext("Nhập nơi diễn ra, hoặc chọn hình thức trực tuyến.")
        if self.mode != Mode.ON_SITE and not self.online_url:
            missing["online_url"] = gettext("Nhập liên kết dự trực tuyến.")
        if self.image_id and not self.image_alt.strip():
            missing["image_alt"] = gettext("Viết chữ thay ảnh.")
        return missing

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the event as its header has it; in a preview, as the draft would make it."""
        from cms.events import detail

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preview = bool(getattr(request, "is_preview", False))
        return context | detail.build(self, request, preview=preview)


class EventSpeaker(Orderable):
    """Who speaks, with the organisation behind them where the catalogue has it."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(_("Họ tên"), max_length=160)
    role = models.CharField(_("Chức danh, chủ đề"), max_length=300, blank=True)
    organisation = _organisation(_("Tổ chức trong danh bạ"))

    panels = [FieldPanel("name"), FieldPanel("role"), FieldPanel("organisation")]

    class Meta(Orderable.Meta):
        verbose_name = _("diễn giả")
        verbose_name_plural = _("diễn giả")

    def __str__(self) -> str:
        return self.name
