"""News: a list in sections, and its articles; a success story is an article with evidence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock
from cms.news.forms import NewsPageForm
from cms.news.kinds import Kind
from cms.news.selectors import kinds_below, news_below, same_kind
from cms.pages.base import EntryPanel
from cms.pages.blocks import EvidenceBlock
from cms.pages.menus import MenuMixin
from cms.pages.previewing import ThreeWidths

PER_PAGE = 12
SECTION = "muc"


class NewsIndexPage(MenuMixin, ThreeWidths, Page):
    """The list of articles, newest first, whole or one section of it."""

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
        """Return one page of articles; raise `Http404` past the last one or for no known section."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        section = request.GET.get(SECTION, "")
        if section and section not in Kind.values:
            raise Http404
        paginator = Paginator(news_below(self, section), PER_PAGE)
        try:
            articles = paginator.page(request.GET.get("trang", 1))
        except InvalidPage as error:
            raise Http404 from error
        there = kinds_below(self)
        tabs = [(gettext("Mọi tin"), "", not section)] + [
            (kind.plural, f"?{SECTION}={kind.value}", kind == section)
            for kind in Kind
            if kind in there or kind == section
        ]
        return context | {
            "articles": articles,
            "section": section,
            "tabs": tabs if len(tabs) > 2 else [],
        }


class NewsPage(ThreeWidths, Page):
    """One article. A story names the entry it is about and what shows that it is true."""

    found_by = ("body", "evidence")

    kind = models.CharField(
        _("Loại tin"), max_length=12, choices=Kind.choices, default=Kind.NEWS, db_index=True
    )
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
    sector = models.ForeignKey(
        "taxonomy.Term",
        verbose_name=_("Lĩnh vực"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"vocabulary": "sector", "is_retired": False},
        help_text=_("Chọn hình vẽ khi trang không có ảnh."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)
    source = models.CharField(_("Nguồn"), max_length=300, blank=True)
    entry = models.ForeignKey(
        "directory.Entry",
        verbose_name=_("Hồ sơ trong mục lục"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_public": True},
    )
    evidence = StreamField(
        [("evidence", EvidenceBlock())], verbose_name=_("Minh chứng"), blank=True
    )
    is_demo = models.BooleanField(default=False, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("date"),
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("sector")], heading=_("Hình")),
        FieldPanel("body"),
        FieldPanel("source"),
        MultiFieldPanel(
            [EntryPanel("entry", chooser="entry_chooser"), FieldPanel("evidence")],
            heading=_("Câu chuyện thành công"),
        ),
    ]
    base_form_class = NewsPageForm
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/news_page.html"
    #: Set by the admin's form while a draft is saved, which may have gaps.
    is_only_drafted = False

    class Meta:
        verbose_name = _("tin")
        verbose_name_plural = _("tin")

    def clean(self) -> None:
        """Raise `ValidationError` for a story without evidence, once it goes to the public."""
        super().clean()
        if self.kind == Kind.STORY and not self.is_only_drafted and not self.evidence:
            raise ValidationError(
                {"evidence": gettext("Câu chuyện thành công cần ít nhất một minh chứng.")}
            )

    @property
    def share_image(self) -> Any:
        """Return the picture that stands for the article where it is shared."""
        return self.image

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context, the entry where it is public, and other articles of the kind."""
        from registry.directory.selectors import public_title

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        entry = self.entry
        name = public_title(entry) if entry else ""
        about = (
            {"number": entry.number, "name": name, "url": entry.get_absolute_url()}
            if name
            else None
        )
        return context | {"about": about, "others": same_kind(self)}
