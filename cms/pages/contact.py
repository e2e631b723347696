"""Writing to the centre: the page with its form, and the messages that were received."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cms.pages.base import WrittenPage
from cms.pages.people import PARENTS

#: Days a message is kept; the page and the privacy notice say so.
KEPT_DAYS = 180


class ContactMessage(models.Model):
    """One message from the contact form; deleted after `KEPT_DAYS` (cms.pages.messages)."""

    class Topic(models.TextChoices):
        ENTRY = "entry", _("Hồ sơ, tài khoản")
        SERVICE = "service", _("Dịch vụ của Trung tâm")
        EVENT = "event", _("Sự kiện, giải thưởng")
        DATA = "data", _("Dữ liệu cá nhân")
        ACCESS = "access", _("Chỗ khó dùng trên trang")
        PRESS = "press", _("Báo chí, hợp tác")
        OTHER = "other", _("Việc khác")

    topic = models.CharField(_("Về việc gì"), max_length=10, choices=Topic.choices)
    subject = models.CharField(_("Tiêu đề"), max_length=160)
    text = models.TextField(_("Lời nhắn"), max_length=4000)
    name = models.CharField(_("Họ tên"), max_length=120, blank=True)
    email = models.EmailField(_("Email"), max_length=254)
    language = models.CharField(_("Ngôn ngữ"), max_length=10, default="vi")
    consent = models.TextField(_("Lời đồng ý"))
    created_at = models.DateTimeField(_("Nhận lúc"), default=timezone.now, db_index=True)
    answered_at = models.DateTimeField(_("Trả lời lúc"), null=True, blank=True)
    staff_note = models.TextField(_("Ghi chú của Trung tâm"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("lời nhắn")
        verbose_name_plural = _("lời nhắn")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        """Return the number one may quote: `LN 0012`."""
        return f"LN {self.pk:04d}"


class ContactPage(WrittenPage):
    """Where to ask, and a form that reaches the centre."""

    found_by = ("address", "hours", "body")

    address = models.TextField(pgettext_lazy("nơi làm việc", "Địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("Điện thoại"), max_length=60, blank=True)
    email = models.EmailField(_("Email công khai"), blank=True)
    hours = models.CharField(_("Giờ làm việc"), max_length=200, blank=True)
    notify = models.EmailField(
        _("Báo lời nhắn mới tới"),
        blank=True,
        help_text=_("Không hiện trên trang. Để trống thì lời nhắn chỉ nằm trong trang quản trị."),
    )
    answer_within = models.CharField(_("Trả lời trong bao lâu"), max_length=120, blank=True)

    content_panels = [
        *Page.content_panels,
        *WrittenPage.lead_panels,
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("hours"),
                FieldPanel("answer_within"),
                FieldPanel("notify"),
            ],
            heading=_("Liên hệ trực tiếp"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    template = "cms/contact.html"

    class Meta:
        verbose_name = _("trang liên hệ")
        verbose_name_plural = _("trang liên hệ")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the form: 302 when received, 400 for mistakes, 429 in a flood, never from a cache."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        response = self._answer(request)
        add_never_cache_headers(response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # The form and the service need models that are still being loaded when this module is.
        from cms.pages import messages
        from cms.pages.contact_form import ContactForm

        form = ContactForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            wait = messages.too_many(request)
            if wait:
                response = render(request, "429.html", {"retry_after": wait}, status=429)
                response["Retry-After"] = str(wait)
                return response
            message = messages.receive(self, form.cleaned_data)
            return redirect(f"{self.get_url(request)}?{messages.receipt(message)}")
        context = self.get_context(request) | {
            "form": form,
            "received": messages.read_receipt(request.GET),
            "kept_days": KEPT_DAYS,
        }
        status = 400 if form.is_bound else 200
        return render(request, self.get_template(request), context, status=status)
