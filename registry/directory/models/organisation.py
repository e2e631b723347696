"""Organisations: one entry, several roles with dates."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField

from registry.directory.models.base import Content, InlineChild

TERM = "taxonomy.Term"


def term_field(label: Any) -> models.ForeignKey:  # type: ignore[type-arg]
    """Return a foreign key to a term; terms are retired, never deleted, so SET_NULL is a formality."""
    return models.ForeignKey(
        TERM,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


def terms_field(label: Any) -> ParentalManyToManyField:
    """Return a many-to-many to terms that drafts keep (W9)."""
    return ParentalManyToManyField(TERM, verbose_name=label, blank=True, related_name="+")


def commune_field() -> models.ForeignKey:  # type: ignore[type-arg]
    """Return a foreign key to a commune of today."""
    return models.ForeignKey(
        "taxonomy.AdminUnit",
        verbose_name=_("xã, phường"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


def image_field() -> models.ForeignKey:  # type: ignore[type-arg]
    """Return a foreign key to a picture of the entry."""
    return models.ForeignKey(
        "directory.EntryImage",
        verbose_name=_("ảnh"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Organisation(Content):
    """An enterprise, cooperative, institute, incubator, agency … (registry.md §3.1)."""

    name_vi = models.CharField(_("tên tổ chức"), max_length=256, blank=True)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=256, blank=True)
    short_name = models.CharField(_("tên viết tắt"), max_length=60, blank=True)
    summary_vi = models.CharField(_("tóm tắt"), max_length=500, blank=True)
    summary_en = models.CharField(_("tóm tắt tiếng Anh"), max_length=500, blank=True)
    description_vi = models.TextField(_("giới thiệu"), max_length=2000, blank=True)
    description_en = models.TextField(_("giới thiệu tiếng Anh"), max_length=2000, blank=True)
    legal_form = term_field(_("loại hình pháp lý"))
    ownership = term_field(_("sở hữu"))
    size_band = term_field(_("quy mô"))
    stage = term_field(_("giai đoạn"))
    founded_year = models.PositiveSmallIntegerField(_("năm thành lập"), null=True, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    commune = commune_field()
    website = models.URLField(_("trang web"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại liên hệ"), max_length=40, blank=True)
    email = models.EmailField(_("email liên hệ"), blank=True)
    contact_person = models.CharField(_("người liên hệ"), max_length=120, blank=True)
    sectors = terms_field(_("lĩnh vực"))
    value_chains = terms_field(_("chuỗi giá trị"))
    st_fields = terms_field(_("lĩnh vực khoa học"))
    sdgs = terms_field(_("mục tiêu phát triển bền vững (SDG)"))
    looking_for = terms_field(_("đang tìm"))
    image = image_field()
    image_alt = models.CharField(_("mô tả ảnh"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")

    def __str__(self) -> str:
        return self.name_vi


class OrganisationRole(InlineChild):
    """What the organisation is, from when to when."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    role = term_field(_("vai trò"))
    since = models.DateField(_("từ"), null=True, blank=True)
    until = models.DateField(_("đến"), null=True, blank=True)

    class Meta(InlineChild.Meta):
        verbose_name = _("vai trò")
        verbose_name_plural = _("vai trò")

    def __str__(self) -> str:
        return str(self.role or "")
