"""Laboratories that belong to an organisation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.directory.models.base import Content
from registry.directory.models.organisation import commune_field, image_field, terms_field


class Lab(Content):
    """A laboratory and what it measures for others (registry.md §3.1)."""

    class OpenTo(models.TextChoices):
        INTERNAL = "internal", _("Chỉ nội bộ")
        PROVINCE = "province", _("Tổ chức trong tỉnh")
        ANYONE = "anyone", _("Mọi tổ chức, cá nhân")

    name_vi = models.CharField(_("tên phòng thí nghiệm"), max_length=256, blank=True)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=256, blank=True)
    summary_vi = models.CharField(_("tóm tắt"), max_length=500, blank=True)
    summary_en = models.CharField(_("tóm tắt tiếng Anh"), max_length=500, blank=True)
    description_vi = models.TextField(_("giới thiệu"), max_length=2000, blank=True)
    description_en = models.TextField(_("giới thiệu tiếng Anh"), max_length=2000, blank=True)
    services_vi = models.TextField(_("dịch vụ thử nghiệm"), max_length=2000, blank=True)
    methods_vi = models.TextField(_("phương pháp, tiêu chuẩn"), max_length=2000, blank=True)
    open_to = models.CharField(_("ai được dùng"), max_length=10, choices=OpenTo.choices, blank=True)
    turnaround_days = models.PositiveSmallIntegerField(
        _("thời gian trả kết quả (ngày)"), null=True, blank=True
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    commune = commune_field()
    website = models.URLField(_("trang web"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại liên hệ"), max_length=40, blank=True)
    email = models.EmailField(_("email liên hệ"), blank=True)
    sectors = terms_field(_("lĩnh vực"))
    value_chains = terms_field(_("chuỗi giá trị"))
    st_fields = terms_field(_("lĩnh vực khoa học"))
    image = image_field()
    image_alt = models.CharField(_("mô tả ảnh"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("phòng thí nghiệm")
        verbose_name_plural = _("phòng thí nghiệm")

    def __str__(self) -> str:
        return self.name_vi
