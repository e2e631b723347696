"""Awards and contests: the list, the recurring award, and the round of one year.

The page is the truth for what editors write; its header in `registry.competitions` for what operates.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
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
from cms.awards.blocks import CategoryBlock, DateBlock, PrizeBlock
from cms.awards.forms import CallPageForm
from cms.blocks import BodyBlock
from cms.events.blocks import MaterialBlock
from cms.pages.base import EntryPanel
from cms.pages.menus import MenuMixin
from cms.pages.previewing import ThreeWidths
from cms.terms import term, terms
from registry.common.offers import offered

FIRST_YEAR, LAST_YEAR = 1990, 2100


class Kind(models.TextChoices):
    """Who judges makes the difference: a council (award) or a jury (contest)."""

    AWARD = "giai_thuong", pgettext_lazy("loại giải", "Giải thưởng")
    CONTEST = "cuoc_thi", pgettext_lazy("loại giải", "Cuộc thi")


class Status(models.TextChoices):
    """What an editor says of a call; the rest its dates say."""

    PLANNED = "planned", _("Theo các ngày đã báo")
    CANCELLED = "cancelled", _("Hủy")


def _entry(label: Any, *kinds: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "directory.Entry",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_public": True, "kind__in": list(kinds)},
        **options,
    )


class AwardIndexPage(AnswersQuestions, MenuMixin, ThreeWidths, Page):
    """The list of awards: calls by year, and the hall of winners."""

    intro = models.TextField(_("Lời dẫn"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    promote_panels = [*MenuMixin.menu_panels, *Page.promote_panels]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["awardpages.AwardProgrammePage"]
    template = "cms/award_index.html"

    class Meta:
        verbose_name = _("trang danh sách giải thưởng")
        verbose_name_plural = _("trang danh sách giải thưởng")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the calls or the hall of winners asked for; see `cms.awards.screen`."""
        from cms.awards import screen

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | screen.build(request.GET, self.get_url(request) or "", self)


class AwardProgrammePage(ThreeWidths, Page):
    """An award or contest that comes back: its purpose, organiser and rounds."""

    kind = models.CharField(
        pgettext_lazy("giải", "Loại"), max_length=12, choices=Kind.choices, default=Kind.AWARD
    )
    intro = models.TextField(_("Tóm tắt"), max_length=400)
    organiser = _entry(
        _("Bên tổ chức"),
        "organisation",
        help_text=_("Chọn trong danh bạ, hoặc viết tên ở ô dưới."),
    )
    organiser_name = models.CharField(_("Bên tổ chức chưa có hồ sơ"), max_length=255, blank=True)
    programmes = terms("programme", _("Thuộc chương trình"))
    sector = term(
        "sector", _("Lĩnh vực"), blank=True, help_text=_("Chọn hình vẽ khi trang không có ảnh.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("Mục đích, thể lệ chung"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("sector"),
                FieldPanel("programmes", widget=CheckboxSelectMultiple),
            ],
            heading=_("Loại và chương trình"),
        ),
        MultiFieldPanel(
            [EntryPanel("organiser"), FieldPanel("organiser_name")], heading=_("Bên tổ chức")
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["awardpages.AwardIndexPage"]
    subpage_types = ["awardpages.CallPage"]
    template = "cms/award_programme.html"

    class Meta:
        verbose_name = _("giải thưởng, cuộc thi")
        verbose_name_plural = _("giải thưởng, cuộc thi")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the award with its rounds and all its winners."""
        from cms.awards import detail

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | detail.of_award(self)


class CallPage(ThreeWidths, Page):
    """The round of one year, in one language. Its translations share the header, a copy gets its own."""

    call = models.ForeignKey(
        "competitions.Call", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    year = models.PositiveSmallIntegerField(
        _("Năm"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    intro = models.TextField(_("Tóm tắt"), max_length=400)
    status = models.CharField(
        _("Tình hình"), max_length=10, choices=Status.choices, default=Status.PLANNED
    )
    status_note = models.TextField(
        _("Điều người nộp cần biết"),
        max_length=500,
        blank=True,
        help_text=_("Bắt buộc khi hủy: vì sao, và bây giờ người nộp làm gì."),
    )
    opens_at = models.DateTimeField(_("Nhận hồ sơ từ"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("Hạn nộp"), null=True, blank=True, help_text=_("Giờ Việt Nam.")
    )
    results_at = models.DateTimeField(
        _("Công bố kết quả"),
        null=True,
        blank=True,
        help_text=_("Kết quả bạn nhập ở dưới chỉ hiện từ lúc này."),
    )
    awarded_at = models.DateTimeField(_("Trao giải"), null=True, blank=True)
    awarded_place = models.CharField(_("Nơi trao giải"), max_length=300, blank=True)
    more_dates = StreamField(
        [("date", DateBlock())], verbose_name=_("Ngày cần nhớ khác"), blank=True
    )
    eligibility = models.TextField(_("Ai được tham dự"), max_length=800, blank=True)
    categories = StreamField(
        [("category", CategoryBlock())], verbose_name=_("Hạng mục"), blank=True
    )
    prizes = StreamField([("prize", PrizeBlock())], verbose_name=_("Cơ cấu giải"), blank=True)
    entry_how = models.TextField(_("Cách nộp hồ sơ"), max_length=1000, blank=True)
    entry_url = models.URLField(_("Địa chỉ nộp trực tuyến"), max_length=500, blank=True)
    entry_email = models.EmailField(_("Email nhận hồ sơ"), blank=True)
    entry_phone = models.CharField(_("Điện thoại hỏi đáp"), max_length=60, blank=True)
    entry_address = models.CharField(_("Nơi nhận hồ sơ giấy"), max_length=300, blank=True)
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
    body = StreamField(BodyBlock(), verbose_name=_("Thể lệ"), blank=True)
    documents = StreamField([("material", MaterialBlock())], verbose_name=_("Tài liệu"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("year"),
                FieldPanel("opens_at"),
                FieldPanel("closes_at"),
                FieldPanel("results_at"),
                FieldPanel("awarded_at"),
                FieldPanel("awarded_place"),
                FieldPanel("status"),
                FieldPanel("status_note"),
            ],
            heading=_("Lúc nào"),
        ),
        FieldPanel("eligibility"),
        FieldPanel("categories"),
        FieldPanel("prizes"),
        MultiFieldPanel(
            [
                FieldPanel("entry_how"),
                FieldPanel("entry_url"),
                FieldPanel("entry_email"),
                FieldPanel("entry_phone"),
                FieldPanel("entry_address"),
            ],
            heading=_("Nộp hồ sơ"),
        ),
        FieldPanel("body"),
        FieldPanel("documents"),
        InlinePanel(
            "judges",
            label=_("Người chấm"),
            heading=_("Ban giám khảo, hội đồng xét tặng"),
            help_text=_("Tên chỉ hiện khi đã ghi ngày người đó đồng ý công khai."),
        ),
        InlinePanel(
            "winners",
            label=pgettext_lazy("kết quả", "Giải"),
            heading=_("Kết quả"),
            help_text=_("Hiện từ lúc công bố kết quả. Hồ sơ chọn ở đây hiện tên và liên kết."),
        ),
        FieldPanel("more_dates"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Ảnh")),
    ]
    base_form_class = CallPageForm
    parent_page_types = ["awardpages.AwardProgrammePage"]
    subpage_types: list[str] = []
    template = "cms/award_call.html"
    #: Set by the admin's form while a draft is saved, which may have gaps.
    is_only_drafted = False

    class Meta:
        verbose_name = _("đợt nhận hồ sơ")
        verbose_name_plural = _("đợt nhận hồ sơ")

    @property
    def award(self) -> AwardProgrammePage:
        """The recurring award it is a round of: the page above it."""
        award: AwardProgrammePage = self.get_parent().specific
        return award

    @property
    def header(self) -> Any:
        """Its own header; `None` on a page never saved, or on a draft that still names another's."""
        source = self.alias_of.specific if self.alias_of_id else self
        call = source.call if source.call_id else None
        return call if call and call.uid == source.translation_key else None

    def agreed_judges(self) -> list[CallJudge]:
        """Return the judges who have agreed to be named, as the record of their consent says."""
        today = timezone.localdate()
        return [row for row in self.judges.all() if row.agreed_on and row.agreed_on <= today]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, pointing at the header of its own translation key, whatever a revision says."""
        if not self.alias_of_id:
            self.call_id = offered("competitions.open")(self.translation_key)
        super().save(*args, **kwargs)

    def begin_anew(self, user: Any = None) -> None:
        """Make a copy the draft of a new round: a year later, without results and consents."""
        if self.live:
            self.unpublish(user=user)
        draft = self.get_latest_revision_as_object()
        for page in (self, draft):
            page._move_on()
        self.save()
        draft.slug, draft.live = self.slug, False
        draft.save_revision(user=user)

    def _move_on(self) -> None:
        old = self.year
        self.is_only_drafted = True
        self.year = max(old + 1, timezone.localdate().year)
        for name in ("opens_at", "closes_at", "results_at", "awarded_at"):
            setattr(self, name, later(getattr(self, name), self.year - old))
        self.title = _renamed(self.title, old, self.year)
        self.draft_title = _renamed(self.draft_title, old, self.year)
        self.intro = _renamed(self.intro, old, self.year)
        slug = _renamed(self.slug, old, self.year)
        if Page._slug_is_available(slug, self.get_parent(), self):
            self.slug = slug
        self.status, self.status_note = Status.PLANNED, ""
        self.more_dates = []
        self.winners.set([])
        judges = list(self.judges.all())
        for judge in judges:
            judge.agreed_on, judge.agreed_how = None, ""
        self.judges.set(judges)

    def clean(self) -> None:
        """Raise `ValidationError` for dates that do not fit; once published, also for what is missing."""
        super().clean()
        errors: dict[str, str] = {}
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            errors["closes_at"] = gettext("Hạn nộp phải sau ngày bắt đầu nhận hồ sơ.")
        if self.closes_at and self.results_at and self.results_at < self.closes_at:
            errors["results_at"] = gettext("Kết quả công bố sau hạn nộp.")
        if self.awarded_at and self.results_at and self.awarded_at < self.results_at:
            errors["awarded_at"] = gettext("Trao giải từ ngày công bố kết quả trở đi.")
        if not self.is_only_drafted:
            errors |= self._missing()
        if errors:
            raise ValidationError(errors)

    def _missing(self) -> dict[str, str]:
        missing: dict[str, str] = {}
        over = self.results_at is not None and self.results_at <= timezone.now()
        # Of a round long past only the results may be known.
        if not over and not self.opens_at:
            missing["opens_at"] = gettext("Nhập ngày bắt đầu nhận hồ sơ.")
        if not over and not self.closes_at:
            missing["closes_at"] = gettext("Nhập hạn nộp.")
        if self.status == Status.CANCELLED and not self.status_note.strip():
            missing["status_note"] = gettext("Viết điều người nộp cần biết khi hủy.")
        if self.image_id and not self.image_alt.strip():
            missing["image_alt"] = gettext("Viết chữ thay ảnh.")
        return missing

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the call as its header has it; in a preview, as the draft would make it."""
        from cms.awards import detail

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preview = bool(getattr(request, "is_preview", False))
        return context | detail.of_call(self, preview=preview)

    def structured_data(self) -> dict[str, Any] | None:
        """Return the round as schema.org data; `None` where there is nothing fitting to say."""
        from cms.awards import detail

        return detail.structured(self)

    @property
    def share_plate(self) -> str:
        """The drawing of a shared link: that of its sector."""
        sector = self.award.sector
        return str(sector.code) if sector else ""


class CallJudge(Orderable):
    """Who judges; named in public only with a recorded consent."""

    page = ParentalKey(CallPage, on_delete=models.CASCADE, related_name="judges")
    name = models.CharField(_("Họ tên"), max_length=160)
    role = models.CharField(_("Chức danh, vai trò"), max_length=300, blank=True)
    organisation = _entry(_("Tổ chức trong danh bạ"), "organisation", "lab")
    agreed_on = models.DateField(_("Ngày đồng ý công khai tên"), null=True, blank=True)
    agreed_how = models.CharField(
        _("Đồng ý bằng cách nào"),
        max_length=200,
        blank=True,
        help_text=_("Công văn, email, biên bản. Không hiện trên trang."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("role"),
        EntryPanel("organisation"),
        FieldPanel("agreed_on"),
        FieldPanel("agreed_how"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("người chấm")
        verbose_name_plural = _("người chấm")

    def __str__(self) -> str:
        return self.name


class CallWinner(Orderable):
    """One line of the results."""

    page = ParentalKey(CallPage, on_delete=models.CASCADE, related_name="winners")
    prize = models.CharField(pgettext_lazy("kết quả", "Giải"), max_length=160)
    category = models.CharField(_("Hạng mục"), max_length=200, blank=True)
    entry = _entry(_("Tổ chức đạt giải"), "organisation", "lab")
    name = models.CharField(
        _("Người, nhóm đạt giải"),
        max_length=300,
        blank=True,
        help_text=_("Cho người, nhóm, hoặc tổ chức chưa có hồ sơ."),
    )
    offer = _entry(_("Công nghệ đạt giải"), "offer")
    work = models.CharField(_("Tên công trình chưa có hồ sơ"), max_length=300, blank=True)
    note = models.TextField(_("Vì sao được chọn"), max_length=400, blank=True)

    panels = [
        FieldPanel("prize"),
        FieldPanel("category"),
        EntryPanel("entry"),
        FieldPanel("name"),
        EntryPanel("offer", chooser="listing_chooser"),
        FieldPanel("work"),
        FieldPanel("note"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("người, đơn vị đạt giải")
        verbose_name_plural = _("người, đơn vị đạt giải")

    def __str__(self) -> str:
        return self.prize

    def clean(self) -> None:
        """Raise `ValidationError` where nobody is named."""
        super().clean()
        if not (self.entry_id or self.offer_id or self.name.strip()):
            raise ValidationError(
                {"name": gettext("Chọn tổ chức, công nghệ đạt giải hoặc viết tên người đạt giải.")}
            )


def later(moment: datetime | None, by: int) -> datetime | None:
    """Return the same day and hour some years later; 29 February becomes the 28th."""
    if moment is None:
        return None
    local = timezone.localtime(moment)
    try:
        return local.replace(year=local.year + by)
    except ValueError:
        return local.replace(year=local.year + by, day=28)


def _renamed(text: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), text)
