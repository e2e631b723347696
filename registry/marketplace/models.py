"""Technology offers: what is for transfer, how ready, on what terms (marketplace.md §3.4)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from registry.directory.models import Content, InlineChild
from registry.directory.models.organisation import (
    commune_field,
    image_field,
    term_field,
    terms_field,
)


class TechnologyOffer(Content):
    """A technology offered for transfer by an organisation."""

    entry = models.OneToOneField("directory.Entry", on_delete=models.CASCADE, related_name="offer")

    title_vi = models.CharField(_("tên công nghệ"), max_length=256, blank=True)
    title_en = models.CharField(_("tên tiếng Anh"), max_length=256, blank=True)
    teaser_vi = models.CharField(_("tóm tắt công khai"), max_length=500, blank=True)
    teaser_en = models.CharField(_("tóm tắt tiếng Anh"), max_length=500, blank=True)
    problem_vi = models.TextField(_("vấn đề cần giải quyết"), max_length=1000, blank=True)
    how_it_works_vi = models.TextField(_("cách hoạt động"), max_length=4000, blank=True)
    alternative_vi = models.CharField(_("so với"), max_length=200, blank=True)
    advantages_vi = models.TextField(_("ưu điểm"), max_length=2000, blank=True)
    economics_basis_vi = models.CharField(_("cơ sở của số liệu"), max_length=300, blank=True)
    confidential_vi = models.TextField(_("phần bảo mật"), max_length=4000, blank=True)
    trl = models.PositiveSmallIntegerField(
        _("mức sẵn sàng công nghệ (TRL)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    sectors = terms_field(_("lĩnh vực"))
    value_chains = terms_field(_("chuỗi giá trị"))
    st_fields = terms_field(_("lĩnh vực khoa học"))
    sdgs = terms_field(_("mục tiêu phát triển bền vững (SDG)"))
    objects_of_transfer = terms_field(_("đối tượng chuyển giao"))
    forms = terms_field(_("hình thức chuyển giao"))
    methods = terms_field(_("phương thức chuyển giao"))
    rights = terms_field(_("quyền"))
    cooperation = terms_field(_("hình thức hợp tác"))
    funding_origin = term_field(_("nguồn kinh phí"))
    task_code = models.CharField(_("mã số nhiệm vụ"), max_length=60, blank=True)
    ip_status = term_field(_("tình trạng sở hữu trí tuệ"))
    price_type = term_field(_("loại giá"))
    price_low = models.PositiveBigIntegerField(_("giá từ (đồng)"), null=True, blank=True)
    price_high = models.PositiveBigIntegerField(_("giá đến (đồng)"), null=True, blank=True)
    territory = models.CharField(_("phạm vi lãnh thổ"), max_length=200, blank=True)
    support_vi = models.TextField(_("hỗ trợ sau chuyển giao"), max_length=1000, blank=True)
    site_conditions_vi = models.TextField(_("điều kiện nơi lắp đặt"), max_length=1000, blank=True)
    commune = commune_field()
    open_for_enquiry = models.BooleanField(_("nhận đề nghị kết nối"), default=True)
    image = image_field()
    image_alt = models.CharField(_("mô tả ảnh"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("công nghệ chào chuyển giao")
        verbose_name_plural = _("công nghệ chào chuyển giao")

    def __str__(self) -> str:
        return self.title_vi


class TrlEvidence(InlineChild):
    """What proves one level of readiness."""

    offer = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="evidence")
    level = models.PositiveSmallIntegerField(
        _("mức"), validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    text_vi = models.CharField(_("minh chứng"), max_length=400, blank=True)

    class Meta(InlineChild.Meta):
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")

    def __str__(self) -> str:
        return f"TRL {self.level}"


class EconomicRow(InlineChild):
    """One line of the comparison with a named alternative."""

    offer = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="economics")
    indicator_vi = models.CharField(_("chỉ tiêu"), max_length=120, blank=True)
    ours = models.CharField(_("công nghệ này"), max_length=80, blank=True)
    theirs = models.CharField(_("cách đang dùng"), max_length=80, blank=True)
    difference = models.CharField(_("chênh lệch"), max_length=80, blank=True)

    class Meta(InlineChild.Meta):
        verbose_name = _("chỉ tiêu kinh tế")
        verbose_name_plural = _("chỉ tiêu kinh tế")

    def __str__(self) -> str:
        return self.indicator_vi


class IpItem(InlineChild):
    """One right of intellectual property; its number is public once granted or published."""

    offer = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="ip_items")
    type = term_field(_("loại"))
    status = term_field(_("tình trạng"))
    number = models.CharField(_("số"), max_length=60, blank=True)
    office = models.CharField(_("cơ quan"), max_length=120, blank=True)
    filed_on = models.DateField(_("ngày nộp đơn"), null=True, blank=True)
    expires_on = models.DateField(_("ngày hết hạn"), null=True, blank=True)

    class Meta(InlineChild.Meta):
        verbose_name = _("quyền sở hữu trí tuệ")
        verbose_name_plural = _("quyền sở hữu trí tuệ")

    def __str__(self) -> str:
        return str(self.type or "")


from registry.marketplace.models_enquiry import Enquiry  # noqa: E402, F401 - found by Django here
