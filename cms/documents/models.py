"""The document library: the list, and the page of one legal document.

What the Centre does not know of a document stays empty and is shown as nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from cms.asking import AnswersQuestions
from cms.blocks import BodyBlock
from cms.documents.forms import LegalDocumentForm
from cms.pages.menus import MenuMixin
from cms.pages.previewing import ThreeWidths
from cms.terms import terms


class DocumentType(models.TextChoices):
    """What kind of document it is, as its symbol says."""

    LAW = "luat", _("Luật")
    RESOLUTION = "nghi_quyet", _("Nghị quyết")
    DECREE = "nghi_dinh", _("Nghị định")
    DECISION = "quyet_dinh", _("Quyết định")
    CIRCULAR = "thong_tu", _("Thông tư")
    DIRECTIVE = "chi_thi", _("Chỉ thị")
    PLAN = "ke_hoach", _("Kế hoạch")
    PROPOSAL = "to_trinh", _("Tờ trình")
    GUIDE = "huong_dan", _("Hướng dẫn")
    OTHER = "khac", _("Văn bản khác")


class Status(models.TextChoices):
    """What was found when somebody last looked; empty when nobody did."""

    UNKNOWN = "", _("Chưa kiểm tra")
    IN_FORCE = "con", _("Còn hiệu lực")
    PARTLY = "mot_phan", _("Hết hiệu lực một phần")
    REPLACED = "thay_the", _("Bị thay thế")
    REPEALED = "bai_bo", _("Bị bãi bỏ")


class RelationKind(models.TextChoices):
    """What a document does to another."""

    AMENDS = "sua_doi", _("Sửa đổi, bổ sung")
    REPLACES = "thay_the", _("Thay thế")
    GUIDES = "huong_dan", _("Quy định chi tiết, hướng dẫn")
    BASED_ON = "can_cu", _("Căn cứ vào")


class Issuer(models.Model):
    """Who issues documents."""

    code = models.SlugField(_("Mã"), max_length=60, unique=True)
    name = models.CharField(_("Tên"), max_length=200)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("Thứ tự"), default=100)

    panels = [
        FieldPanel("name"),
        FieldPanel("name_en"),
        FieldPanel("code"),
        FieldPanel("order"),
    ]

    class Meta:
        verbose_name = _("cơ quan ban hành")
        verbose_name_plural = _("cơ quan ban hành")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language; Vietnamese where English is missing."""
        from cms.documents.selectors import in_language

        return in_language(self.name, self.name_en)


class FileText(models.Model):
    """The text read from a file, kept by what the file holds and so read once."""

    class State(models.TextChoices):
        TEXT = "text", _("Đọc được chữ")
        PART = "part", _("Đọc được một phần")
        SCAN = "scan", _("Bản chụp, không có chữ để tìm")
        BROKEN = "broken", _("Không đọc được tệp")
        FOREIGN = "foreign", _("Không phải tệp PDF")

    document = models.OneToOneField(
        "wagtaildocs.Document", on_delete=models.CASCADE, related_name="legal_text"
    )
    file_hash = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices)
    pages = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state}"


class LegalDocumentIndexPage(AnswersQuestions, MenuMixin, ThreeWidths, Page):
    """The library: a list with filters."""

    intro = models.TextField(_("Lời dẫn"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung dưới danh sách"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["legaldocuments.LegalDocumentPage"]
    template = "cms/document_index.html"

    class Meta:
        verbose_name = _("thư viện văn bản")
        verbose_name_plural = _("thư viện văn bản")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the list asked for; see `cms.documents.screen`."""
        from cms.documents import screen

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | screen.build(self, request.GET, self.get_url(request) or "")


class LegalDocumentPage(ThreeWidths, Page):
    """One document: what it is, whether it still counts, and what it means for a reader."""

    number = models.CharField(_("Số, ký hiệu"), max_length=60)
    document_type = models.CharField(_("Loại"), max_length=12, choices=DocumentType.choices)
    issuer = models.ForeignKey(
        Issuer,
        verbose_name=_("Cơ quan ban hành"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )
    signed_on = models.DateField(_("Ngày ban hành"), null=True, blank=True)
    effective_on = models.DateField(_("Có hiệu lực từ"), null=True, blank=True)
    expires_on = models.DateField(_("Hết hiệu lực từ"), null=True, blank=True)
    status = models.CharField(
        _("Hiệu lực"), max_length=10, choices=Status.choices, blank=True, default=""
    )
    status_checked_on = models.DateField(
        _("Kiểm tra hiệu lực ngày"),
        null=True,
        blank=True,
        help_text=_("Bắt buộc khi ghi hiệu lực: người đọc cần biết thông tin này cũ hay mới."),
    )
    topics = terms("document_topic", _("Chủ đề"))
    programmes = terms("programme", _("Thuộc chương trình"))
    file = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("Tệp toàn văn"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Tệp PDF. Khi đăng, trang đọc chữ trong tệp để tìm được."),
    )
    intro = models.TextField(_("Tóm tắt"), max_length=600, blank=True)
    who_benefits = models.TextField(_("Ai được lợi"), max_length=1500, blank=True)
    what_to_do = models.TextField(_("Làm gì"), max_length=2000, blank=True)
    dossier = models.TextField(
        _("Hồ sơ"), max_length=2000, blank=True, help_text=_("Mỗi giấy tờ một dòng.")
    )
    deadline = models.TextField(_("Thời hạn"), max_length=1000, blank=True)
    procedure_url = models.URLField(_("Thủ tục hành chính"), max_length=500, blank=True)
    change_note = models.TextField(
        _("Có gì mới"),
        max_length=1500,
        blank=True,
        help_text=_("Văn bản này đổi điều gì, hoặc người đọc cần lưu ý gì khi dùng."),
    )
    source = models.CharField(_("Nguồn"), max_length=300)
    source_url = models.URLField(_("Địa chỉ nguồn"), max_length=500, blank=True)

    content_panels = [
        FieldPanel("title", heading=_("Trích yếu")),
        MultiFieldPanel(
            [
                FieldPanel("number"),
                FieldPanel("document_type"),
                FieldPanel("issuer"),
                FieldPanel("signed_on"),
                FieldPanel("effective_on"),
                FieldPanel("expires_on"),
                FieldPanel("status"),
                FieldPanel("status_checked_on"),
            ],
            heading=_("Văn bản"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("intro"),
                FieldPanel("who_benefits"),
                FieldPanel("what_to_do"),
                FieldPanel("dossier"),
                FieldPanel("deadline"),
                FieldPanel("procedure_url"),
            ],
            heading=_("Nói dễ hiểu"),
        ),
        InlinePanel("relations", label=_("Liên quan"), heading=_("Văn bản liên quan")),
        FieldPanel("change_note"),
        FieldPanel("file"),
        MultiFieldPanel(
            [
                FieldPanel("topics", widget=CheckboxSelectMultiple),
                FieldPanel("programmes", widget=CheckboxSelectMultiple),
            ],
            heading=_("Chủ đề"),
        ),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("source_url")], heading=_("Nguồn")),
    ]
    base_form_class = LegalDocumentForm
    parent_page_types = ["legaldocuments.LegalDocumentIndexPage"]
    subpage_types: list[str] = []
    template = "cms/document_page.html"
    #: Set by the admin's form while a draft is saved, which may have gaps.
    is_only_drafted = False

    class Meta:
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")

    def clean(self) -> None:
        """Raise `ValidationError` for days that do not fit, or a status without its day."""
        super().clean()
        errors: dict[str, str] = {}
        if self.signed_on and self.effective_on and self.effective_on < self.signed_on:
            errors["effective_on"] = gettext("Ngày có hiệu lực phải từ ngày ban hành trở đi.")
        begins = self.effective_on or self.signed_on
        if begins and self.expires_on and self.expires_on <= begins:
            errors["expires_on"] = gettext("Ngày hết hiệu lực phải sau ngày có hiệu lực.")
        if self.status and not self.status_checked_on and not self.is_only_drafted:
            errors["status_checked_on"] = gettext("Nhập ngày kiểm tra hiệu lực.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the document as readers see it; see `cms.documents.detail`."""
        from cms.documents import detail

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | detail.build(self, request)

    def structured_data(self) -> dict[str, Any]:
        """Return the document as schema.org `Legislation`; only what is known."""
        from cms.documents import detail

        return detail.structured(self)


class LegalRelation(Orderable):
    """What this document does to another one, in the library or not."""

    page = ParentalKey(LegalDocumentPage, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("Quan hệ"), max_length=10, choices=RelationKind.choices)
    target = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Văn bản trong thư viện"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    target_text = models.CharField(_("Văn bản chưa có trong thư viện"), max_length=300, blank=True)

    panels = [
        FieldPanel("kind"),
        PageChooserPanel("target", "legaldocuments.LegalDocumentPage"),
        FieldPanel("target_text"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("văn bản liên quan")
        verbose_name_plural = _("văn bản liên quan")

    def __str__(self) -> str:
        return self.get_kind_display()

    def clean(self) -> None:
        """Raise `ValidationError` unless exactly one other document is named."""
        super().clean()
        if bool(self.target_id) == bool(self.target_text.strip()):
            raise ValidationError({"target": gettext("Chọn một văn bản, hoặc viết tên văn bản.")})
        if self.target_id and self.target_id == self.page_id:
            raise ValidationError({"target": gettext("Văn bản không liên quan với chính nó.")})
