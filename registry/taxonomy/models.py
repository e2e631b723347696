"""Reference data: administrative units with validity dates, and vocabularies of terms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _in_language(vi: str, en: str) -> str:
    return en if en and (get_language() or "vi").startswith("en") else vi


class UnitType(models.TextChoices):
    """The kinds of administrative unit, those abolished on 1 July 2025 among them."""

    PROVINCE = "tinh", _("tỉnh")
    CITY = "thanh_pho", _("thành phố")
    TOWN = "thi_xa", _("thị xã")
    DISTRICT = "huyen", _("huyện")
    URBAN_DISTRICT = "quan", _("quận")
    COMMUNE = "xa", _("xã")
    WARD = "phuong", _("phường")
    TOWNSHIP = "thi_tran", _("thị trấn")


COMMUNE_TYPES = (UnitType.COMMUNE, UnitType.WARD, UnitType.TOWNSHIP)
DISTRICT_TYPES = (UnitType.CITY, UnitType.TOWN, UnitType.DISTRICT, UnitType.URBAN_DISTRICT)


class AdminUnit(models.Model):
    """A province, district or commune during the days it was valid.

    Codes repeat between the lists before and after 1 July 2025, so a unit is (code, data version).
    """

    code = models.CharField(_("Mã"), max_length=10)
    data_version = models.CharField(_("Phiên bản danh mục"), max_length=20)
    type = models.CharField(_("Loại"), max_length=10, choices=UnitType.choices)
    name_vi = models.CharField(_("Tên"), max_length=100)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=100)
    full_name_vi = models.CharField(_("Tên đầy đủ"), max_length=120)
    full_name_en = models.CharField(_("Tên đầy đủ tiếng Anh"), max_length=120)
    slug = models.SlugField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField(_("Có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("Có hiệu lực đến"), null=True, blank=True)
    decree = models.CharField(_("Văn bản"), max_length=200, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        through="Succession",
        through_fields=("new", "old"),
        symmetrical=False,
        related_name="successors",
    )
    aliases = models.JSONField(_("Tên gọi khác"), default=list, blank=True)
    lat = models.FloatField(_("Vĩ độ"), null=True, blank=True)
    lon = models.FloatField(_("Kinh độ"), null=True, blank=True)
    area_km2 = models.FloatField(_("Diện tích (km²)"), null=True, blank=True)

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        ordering = ["code", "data_version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "data_version"], name="taxonomy_unit_code_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(valid_to__isnull=True),
                name="taxonomy_unit_code_current",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name_vi

    @property
    def is_current(self) -> bool:
        """Whether the unit still exists."""
        return self.valid_to is None

    @property
    def label(self) -> str:
        """The full name in the active language: “Xã An Bình”, “An Binh Commune”."""
        return _in_language(self.full_name_vi, self.full_name_en)

    @property
    def name(self) -> str:
        """The bare name in the active language: “An Bình”, “An Binh”."""
        return _in_language(self.name_vi, self.name_en)


class Succession(models.Model):
    """Which unit followed which; a split unit names one successor as its default."""

    class Kind(models.TextChoices):
        """How much of the old unit went over."""

        WHOLE = "whole", _("toàn bộ")
        PART = "part", _("một phần")

    old = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="succeeded_by")
    new = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="formed_from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.WHOLE)
    is_default = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("kế thừa địa giới")
        verbose_name_plural = _("kế thừa địa giới")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="taxonomy_succession_pair")
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class Vocabulary(models.Model):
    """A list of terms, known by its code everywhere (`sector`, `trl`, …)."""

    code = models.CharField(_("Mã"), max_length=40, primary_key=True)
    name_vi = models.CharField(_("Tên"), max_length=150)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=150)
    source = models.CharField(_("Nguồn"), max_length=300, blank=True)
    licence = models.CharField(_("Giấy phép"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("danh mục")
        verbose_name_plural = _("danh mục")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_vi

    @property
    def label(self) -> str:
        """The name in the active language."""
        return _in_language(self.name_vi, self.name_en)


class Term(models.Model):
    """One value of a vocabulary. A term that falls out of use is retired, never deleted."""

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="terms")
    code = models.CharField(_("Mã"), max_length=60)
    label_vi = models.CharField(_("Nhãn"), max_length=300)
    label_en = models.CharField(_("Nhãn tiếng Anh"), max_length=300, blank=True)
    broader = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("Mục rộng hơn"),
    )
    scope_note = models.TextField(_("Giải thích"), blank=True)
    order = models.PositiveIntegerField(_("Thứ tự"), default=0)
    legal_basis = models.CharField(_("Căn cứ"), max_length=200, blank=True)
    valid_from = models.DateField(_("Có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("Có hiệu lực đến"), null=True, blank=True)
    is_retired = models.BooleanField(_("Thôi dùng"), default=False)
    #: {scheme: [codes]}, e.g. {"vsic": ["01"], "ford": ["2.11"]}
    exact_match = models.JSONField(_("Mã tương ứng"), default=dict, blank=True)
    synonyms = models.JSONField(_("Từ đồng nghĩa"), default=list, blank=True)

    class Meta:
        verbose_name = _("mục từ")
        verbose_name_plural = _("mục từ")
        ordering = ["vocabulary_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "code"], name="taxonomy_term_vocabulary_code"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the active language; Vietnamese where English is missing."""
        return _in_language(self.label_vi, self.label_en)
