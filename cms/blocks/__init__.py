"""Building blocks of pages. Each shows nothing, rather than break, when a part of it is gone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from cms.blocks.films import VideoBlock
from cms.blocks.guidance import ActionBlock, ContactBlock, QuestionsBlock, StepsBlock
from cms.blocks.live import LiveBlock
from cms.blocks.pictures import GalleryBlock, PictureBlock

#: What an editor may use inside a text; headings stay below those of the page.
TEXT_FEATURES = [
    "h3",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "document-link",
    "superscript",
    "subscript",
]


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Lời trích"))
    source = blocks.CharBlock(label=_("Của ai, ở đâu"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Trích dẫn")
        template = "cms/blocks/quote.html"


class LinkBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Tên"), max_length=200)
    page = blocks.PageChooserBlock(label=_("Trang"), required=False)
    url = blocks.URLBlock(label=_("hoặc địa chỉ"), required=False)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=200)

    class Meta:
        icon = "link"
        label = _("Liên kết")


class LinksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Tên danh sách"), required=False, max_length=200)
    links = blocks.ListBlock(LinkBlock(), label=_("Liên kết"))

    class Meta:
        icon = "list-ul"
        label = _("Danh sách liên kết")
        template = "cms/blocks/links.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Tài liệu"), required=False)
    note = blocks.CharBlock(label=_("Ghi chú"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Tài liệu tải về")
        template = "cms/blocks/document.html"


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Loại"),
        choices=[("", _("Tốt, cần biết")), ("n", _("Trung tính")), ("br", _("Hạn, cần chú ý"))],
        required=False,
        default="",
    )
    title = blocks.CharBlock(label=_("Tên"), required=False, max_length=200)
    text = blocks.RichTextBlock(label=_("Nội dung"), features=["bold", "italic", "link", "ul"])

    class Meta:
        icon = "warning"
        label = _("Khung lưu ý")
        template = "cms/blocks/callout.html"


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("Số"), max_length=20)
    unit = blocks.CharBlock(label=_("Đơn vị nhỏ sau số"), required=False, max_length=10)
    label = blocks.CharBlock(label=_("Nghĩa là"), max_length=120)

    class Meta:
        icon = "order"
        label = _("Số liệu")


class FiguresBlock(blocks.StructBlock):
    figures = blocks.ListBlock(FigureBlock(), label=_("Số liệu"))
    source = blocks.CharBlock(label=_("Nguồn"), max_length=300)

    class Meta:
        icon = "order"
        label = _("Số liệu có nguồn")
        template = "cms/blocks/figures.html"


class LegalDocumentBlock(blocks.StructBlock):
    number = blocks.CharBlock(label=_("Số, ký hiệu"), max_length=60)
    date = blocks.DateBlock(label=_("Ngày ban hành"), required=False)
    issuer = blocks.CharBlock(label=_("Cơ quan ban hành"), max_length=160)
    title = blocks.TextBlock(label=_("Trích yếu"))
    source = blocks.CharBlock(label=_("Nguồn"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("Văn bản")


class LegalDocumentsBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("Tên bảng"), max_length=200)
    documents = blocks.ListBlock(LegalDocumentBlock(), label=_("Văn bản"))

    class Meta:
        icon = "list-ol"
        label = _("Bảng văn bản")
        template = "cms/blocks/legal_documents.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page or an article."""

    heading = blocks.CharBlock(
        label=_("Tên mục"), max_length=160, icon="title", template="cms/blocks/heading.html"
    )
    text = blocks.RichTextBlock(
        label=_("Đoạn văn"), features=TEXT_FEATURES, template="cms/blocks/text.html"
    )
    picture = PictureBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    live = LiveBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
    contact = ContactBlock()
    action = ActionBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    links = LinksBlock()
    document = DocumentBlock()
    table = TableBlock(
        label=_("Bảng"),
        template="cms/blocks/table.html",
        table_options={"contextMenu": True, "renderer": "text"},
    )
    figures = FiguresBlock()
    legal_documents = LegalDocumentsBlock()
