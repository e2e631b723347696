"""Support measures: what is given, to whom, by which papers, from which text; and the rule that sorts them."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, Orderable, PreviewableMixin, RevisionMixin

from registry.support.rules import Group, RuleError, parse

MAX_SLUG = 80


def anybody() -> dict[str, Any]:
    """Return the rule that asks nothing."""
    return {"all": []}


def new_uid() -> str:
    """Return a short identity for a paper; it survives every publish, as a primary key does not (W10)."""
    return secrets.token_hex(4)


def written(owner: Any, stem: str) -> str:
    """Return `stem_en` in English when filled, else `stem_vi`."""
    english = str(getattr(owner, f"{stem}_en"))
    if english and (get_language() or "vi").startswith("en"):
        return english
    return str(getattr(owner, f"{stem}_vi"))


def foreign(owner: Any, stem: str) -> str:
    """Return `vi` where `written` gives Vietnamese on a page of another language, else nothing."""
    spoken = (get_language() or "vi").startswith("vi")
    return "" if spoken or getattr(owner, f"{stem}_en") else "vi"


class MeasureQuerySet(models.QuerySet["SupportMeasure"]):
    def public(self) -> MeasureQuerySet:
        """Return the published measures, those of other times too."""
        return self.filter(live=True)

    def applying(self) -> MeasureQuerySet:
        """Return the published measures that apply today."""
        today = timezone.localdate()
        return self.public().filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=today),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=today),
        )


class SupportMeasure(DraftStateMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One measure, written by editors in drafts; what is empty is not known and shown as nothing."""

    live = models.BooleanField(default=False, editable=False)
    #: `HT 0003`, given with the slug by `services.identify` when it is first saved.
    number = models.CharField(_("Số"), max_length=20, unique=True, editable=False)
    slug = models.SlugField(_("tên trên địa chỉ"), max_length=MAX_SLUG, editable=False)
    title_vi = models.CharField(_("Tên biện pháp"), max_length=200)
    title_en = models.CharField(_("Tên tiếng Anh"), max_length=200, blank=True)
    summary_vi = models.CharField(
        _("Tóm tắt"), max_length=400, help_text=_("Một, hai câu: được gì, khi nào cần đến.")
    )
    summary_en = models.CharField(_("Tóm tắt tiếng Anh"), max_length=400, blank=True)
    benefit_vi = models.TextField(
        _("Được gì"),
        max_length=1500,
        help_text=_("Không rõ mức thì ghi “theo văn bản”; không ước đoán."),
    )
    benefit_en = models.TextField(_("Được gì, tiếng Anh"), max_length=1500, blank=True)
    max_amount = models.PositiveBigIntegerField(
        _("Mức cao nhất (đồng)"),
        null=True,
        blank=True,
        help_text=_("Để trống khi văn bản không ghi."),
    )
    who_vi = models.TextField(_("Dành cho ai"), max_length=1500)
    who_en = models.TextField(_("Dành cho ai, tiếng Anh"), max_length=1500, blank=True)
    also_vi = models.TextField(
        _("Cơ quan còn xét"),
        max_length=1500,
        blank=True,
        help_text=_("Điều mà tám câu hỏi không hỏi được. Mỗi điều một dòng."),
    )
    also_en = models.TextField(_("Cơ quan còn xét, tiếng Anh"), max_length=1500, blank=True)
    duration_vi = models.CharField(_("Bao lâu, phí"), max_length=300, blank=True)
    duration_en = models.CharField(_("Bao lâu, phí, tiếng Anh"), max_length=300, blank=True)
    authority_vi = models.CharField(_("Cơ quan trả lời"), max_length=200)
    authority_en = models.CharField(_("Cơ quan trả lời, tiếng Anh"), max_length=200, blank=True)
    contact = models.TextField(_("Hỏi ai"), max_length=400, blank=True)
    rule = models.JSONField(_("Điều kiện"), default=anybody, blank=True)
    document = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Văn bản trong thư viện"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    source_text = models.CharField(
        _("Văn bản"),
        max_length=200,
        help_text=_("Số và tên ngắn, ví dụ: Nghị định 268/2025/NĐ-CP."),
    )
    article = models.CharField(_("Điều, khoản"), max_length=100, blank=True)
    checked_on = models.DateField(
        _("Đối chiếu văn bản ngày"),
        null=True,
        blank=True,
        help_text=_(
            "Ngày có người đọc lại văn bản đang có hiệu lực. Để trống thì trang nói chưa đối chiếu."
        ),
    )
    procedure_url = models.URLField(_("Thủ tục hành chính"), max_length=500, blank=True)
    service = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Dịch vụ của Trung tâm"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    valid_from = models.DateField(_("Áp dụng từ"), null=True, blank=True)
    valid_to = models.DateField(_("Áp dụng đến hết"), null=True, blank=True)
    staff_note = models.TextField(
        _("Ghi chú nội bộ"), max_length=2000, blank=True, help_text=_("Không hiện cho người đọc.")
    )
    is_demo = models.BooleanField(_("minh họa"), default=False, editable=False)
    #: Where the first text came from; empty for what editors write themselves.
    seed = models.CharField(max_length=60, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="support_measure")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("biện pháp hỗ trợ")
        verbose_name_plural = _("biện pháp hỗ trợ")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.title_vi}".strip()

    @property
    def revisions(self) -> Any:
        return self._revisions

    def clean(self) -> None:
        """Raise `ValidationError` for days out of order or a rule that cannot be read."""
        from registry.support import facts, wording

        super().clean()
        errors = {}
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            errors["valid_to"] = gettext("Ngày cuối phải từ ngày đầu trở đi.")
        if self.checked_on and self.checked_on > timezone.localdate():
            errors["checked_on"] = gettext("Ngày đối chiếu không thể ở tương lai.")
        try:
            parse(self.rule, facts.allowed)
        except RuleError as error:
            errors["rule"] = wording.problem(error)
        if errors:
            raise ValidationError(errors)

    # --- in the active language

    @property
    def title(self) -> str:
        """The name."""
        return written(self, "title")

    @property
    def summary(self) -> str:
        """What it is, in a sentence or two."""
        return written(self, "summary")

    @property
    def benefit(self) -> str:
        """What is given."""
        return written(self, "benefit")

    @property
    def who(self) -> str:
        """Whom it is for."""
        return written(self, "who")

    @property
    def also(self) -> list[str]:
        """What the authority looks at beyond the questions, line by line."""
        return [line.strip() for line in written(self, "also").splitlines() if line.strip()]

    @property
    def duration(self) -> str:
        """How long it takes and what it costs."""
        return written(self, "duration")

    @property
    def authority(self) -> str:
        """Who answers."""
        return written(self, "authority")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has words in."""
        return ("vi", "en") if self.title_en else ("vi",)

    @property
    def benefit_language(self) -> str:
        """`vi` where a page of another language has to show the benefit in Vietnamese."""
        return foreign(self, "benefit")

    @property
    def who_language(self) -> str:
        """`vi` where a page of another language has to show whom it is for in Vietnamese."""
        return foreign(self, "who")

    # --- the rule and the address

    @property
    def tree(self) -> Group | None:
        """The rule as `rules` reads it; `None` for one that this version cannot read."""
        try:
            return parse(self.rule)
        except RuleError:
            return None

    @property
    def number_slug(self) -> str:
        """The number as it stands in an address: `ht-0003`."""
        return self.number.lower().replace(" ", "-")

    def get_absolute_url(self) -> str:
        return reverse(
            "support:measure",
            kwargs={"slug": self.slug or "bien-phap", "number": self.number_slug or "ht-0"},
        )

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "registry/support/measure.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Return what the public page shows, of the draft."""
        from registry.support import selectors

        return {"card": selectors.card(self), "request": request}


class Paper(Orderable):
    """One paper of a measure's dossier."""

    measure = ParentalKey(SupportMeasure, on_delete=models.CASCADE, related_name="papers")
    uid = models.CharField(max_length=16, default=new_uid, editable=False)
    name_vi = models.CharField(_("Giấy tờ"), max_length=300)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=300, blank=True)
    note_vi = models.CharField(
        _("Nói thêm"), max_length=300, blank=True, help_text=_("Lấy ở đâu, cần gì trong đó.")
    )
    note_en = models.CharField(_("Nói thêm, tiếng Anh"), max_length=300, blank=True)
    required = models.BooleanField(_("Bắt buộc"), default=True)

    class Meta(Orderable.Meta):
        verbose_name = _("giấy tờ")
        verbose_name_plural = _("giấy tờ")

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> str:
        """Its plain name in the active language."""
        return written(self, "name")

    @property
    def note(self) -> str:
        """Where to get it, in the active language."""
        return written(self, "note")
