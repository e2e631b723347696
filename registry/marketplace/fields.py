"""The fields of a technology offer (marketplace.md §3.4)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.common.fields import Field, FieldClass, Kind, Problem, Step, Tier
from registry.directory.fields import shared

COSMETIC, SUBSTANTIVE, LEGAL = FieldClass.COSMETIC, FieldClass.SUBSTANTIVE, FieldClass.LEGAL
MIN_DESCRIPTION = 200
EVIDENCE_FROM_TRL = 7
#: IP statuses whose number is published by the office anyway.
PUBLISHED_IP = {"da_cong_bo", "da_cap_bang", "het_hieu_luc"}

OFFER_STEPS = (
    Step("gioi-thieu", _("Giới thiệu")),
    Step("linh-vuc", _("Lĩnh vực")),
    Step("muc-san-sang", _("Mức sẵn sàng")),
    Step("hieu-qua", _("Hiệu quả")),
    Step("chuyen-giao", _("Chuyển giao")),
)


def ip_number_tier(item: Any) -> Tier:
    """Return who may read the number of an IP item: anyone once granted or published."""
    status = item.status.code if item.status_id and item.status else ""
    return Tier.PUBLIC if status in PUBLISHED_IP else Tier.NDA


OFFER_FIELDS = (
    Field(
        "title_vi",
        _("Tên công nghệ"),
        weight=10,
        required=True,
        missing=_("Nhập tên công nghệ."),
        max_length=256,
        step="gioi-thieu",
        help=_("Nói công nghệ làm được gì, không dùng tên công ty."),
    ),
    Field("title_en", _("Tên tiếng Anh"), weight=2, max_length=256, step="gioi-thieu"),
    Field(
        "teaser_vi",
        _("Tóm tắt công khai"),
        weight=8,
        required=True,
        missing=_("Nhập tóm tắt công khai."),
        max_length=500,
        step="gioi-thieu",
        help=_("Viết cho người chưa biết công nghệ này. Không ghi bí quyết, số điện thoại."),
    ),
    Field("teaser_en", _("Tóm tắt tiếng Anh"), weight=2, max_length=500, step="gioi-thieu"),
    Field(
        "problem_vi",
        _("Vấn đề cần giải quyết"),
        weight=6,
        required=True,
        missing=_("Nhập vấn đề cần giải quyết."),
        max_length=1000,
        step="gioi-thieu",
    ),
    Field(
        "how_it_works_vi",
        _("Cách hoạt động"),
        weight=8,
        required=True,
        missing=_("Nhập cách hoạt động."),
        min_length=MIN_DESCRIPTION,
        max_length=4000,
        step="gioi-thieu",
        help=_("Ít nhất 200 ký tự. Không ghi bí quyết."),
    ),
    *shared("gioi-thieu", "image", "image_alt"),
    *shared("linh-vuc", "sectors", "value_chains", "st_fields", "sdgs"),
    Field(
        "trl",
        _("Mức sẵn sàng công nghệ (TRL)"),
        weight=8,
        required=True,
        missing=_("Chọn mức sẵn sàng."),
        step="muc-san-sang",
        help=_("Chọn mức cao nhất mà bạn có minh chứng."),
    ),
    Field(
        "evidence",
        _("Minh chứng cho từng mức"),
        weight=6,
        step="muc-san-sang",
        children=(
            Field("level", _("Mức"), required=True),
            Field("text_vi", _("Minh chứng"), required=True, max_length=400),
        ),
    ),
    Field(
        "ip_status",
        _("Tình trạng sở hữu trí tuệ"),
        LEGAL,
        weight=5,
        required=True,
        missing=_("Chọn tình trạng sở hữu trí tuệ."),
        vocabulary="ip_status",
        step="muc-san-sang",
    ),
    Field(
        "ip_items",
        _("Quyền sở hữu trí tuệ"),
        LEGAL,
        weight=3,
        step="muc-san-sang",
        children=(
            Field("type", _("Loại"), LEGAL, vocabulary="ip_type", required=True),
            Field("status", _("Tình trạng"), LEGAL, vocabulary="ip_status"),
            Field("number", _("Số"), LEGAL, max_length=60, tier_of=ip_number_tier),
            Field("office", _("Cơ quan"), LEGAL, max_length=120),
            Field("filed_on", _("Ngày nộp đơn"), LEGAL),
            Field("expires_on", _("Ngày hết hạn"), LEGAL),
        ),
    ),
    Field(
        "advantages_vi",
        _("Ưu điểm"),
        weight=6,
        required=True,
        missing=_("Nhập ưu điểm."),
        max_length=2000,
        step="hieu-qua",
    ),
    Field(
        "alternative_vi",
        _("So với"),
        weight=2,
        max_length=200,
        step="hieu-qua",
        help=_("Cách làm mà người mua đang dùng, ví dụ: sấy than đá vỉ tĩnh."),
    ),
    Field(
        "economics",
        _("Hiệu quả kinh tế"),
        weight=6,
        step="hieu-qua",
        children=(
            Field("indicator_vi", _("Chỉ tiêu"), required=True, max_length=120),
            Field("ours", _("Công nghệ này"), max_length=80),
            Field("theirs", _("Cách đang dùng"), max_length=80),
            Field("difference", _("Chênh lệch"), max_length=80),
        ),
    ),
    Field(
        "economics_basis_vi",
        _("Cơ sở của số liệu"),
        weight=2,
        max_length=300,
        step="hieu-qua",
        help=_("Tính trên đơn vị nào, đo ở đâu, khi nào."),
    ),
    Field(
        "confidential_vi",
        _("Phần bảo mật"),
        LEGAL,
        Tier.NDA,
        max_length=4000,
        step="hieu-qua",
        help=_("Không hiện với người ngoài nhóm của bạn và Trung tâm, không vào tìm kiếm."),
    ),
    Field(
        "objects_of_transfer",
        _("Đối tượng chuyển giao"),
        LEGAL,
        weight=5,
        required=True,
        missing=_("Chọn ít nhất một đối tượng chuyển giao."),
        vocabulary="transfer_object",
        multiple=True,
        step="chuyen-giao",
    ),
    Field(
        "forms",
        _("Hình thức chuyển giao"),
        LEGAL,
        weight=5,
        required=True,
        missing=_("Chọn ít nhất một hình thức chuyển giao."),
        vocabulary="transfer_form",
        multiple=True,
        step="chuyen-giao",
    ),
    Field(
        "methods",
        _("Phương thức chuyển giao"),
        weight=3,
        required=True,
        missing=_("Chọn ít nhất một phương thức chuyển giao."),
        vocabulary="transfer_method",
        multiple=True,
        step="chuyen-giao",
    ),
    Field(
        "rights",
        _("Quyền"),
        LEGAL,
        weight=2,
        vocabulary="transfer_right",
        multiple=True,
        step="chuyen-giao",
    ),
    Field(
        "cooperation",
        _("Hình thức hợp tác"),
        weight=3,
        vocabulary="cooperation",
        multiple=True,
        step="chuyen-giao",
    ),
    Field("territory", _("Phạm vi lãnh thổ"), LEGAL, weight=1, max_length=200, step="chuyen-giao"),
    Field(
        "price_type",
        _("Giá"),
        weight=4,
        required=True,
        missing=_("Chọn loại giá."),
        vocabulary="price_type",
        step="chuyen-giao",
    ),
    Field(
        "price_low",
        _("Giá từ (đồng)"),
        tier=Tier.REGISTERED,
        weight=1,
        step="chuyen-giao",
        help=_("Khoảng giá chỉ hiện với người đã đăng nhập."),
    ),
    Field("price_high", _("Giá đến (đồng)"), tier=Tier.REGISTERED, weight=1, step="chuyen-giao"),
    Field(
        "funding_origin",
        _("Nguồn kinh phí"),
        LEGAL,
        weight=2,
        vocabulary="funding_origin",
        step="chuyen-giao",
    ),
    Field("task_code", _("Mã số nhiệm vụ"), LEGAL, max_length=60, step="chuyen-giao"),
    Field("support_vi", _("Hỗ trợ sau chuyển giao"), weight=3, max_length=1000, step="chuyen-giao"),
    Field(
        "site_conditions_vi",
        _("Điều kiện nơi lắp đặt"),
        weight=2,
        max_length=1000,
        step="chuyen-giao",
    ),
    *shared("chuyen-giao", "commune"),
    Field("open_for_enquiry", _("Nhận đề nghị kết nối"), COSMETIC, step="chuyen-giao"),
)


def offer_problems(content: Any) -> list[Problem]:
    """Return what the field declarations cannot say (marketplace.md §3.4, validation)."""
    problems = []
    if content.trl and content.trl >= EVIDENCE_FROM_TRL and not content.evidence.all():
        problems.append(Problem("evidence", str(_("Từ TRL 7, ghi ít nhất một minh chứng."))))
    if content.price_low and content.price_high and content.price_low > content.price_high:
        problems.append(Problem("price_high", str(_("Giá đến phải từ giá thấp nhất trở lên."))))
    owner = content.entry.owner
    if owner is not None and content.title_vi.strip().casefold() == owner.working_title.casefold():
        problems.append(Problem("title_vi", str(_("Tên công nghệ phải khác tên tổ chức."))))
    return problems


OFFER = Kind(
    code="offer",
    prefix="CN",
    label=_("Công nghệ chào chuyển giao"),
    label_plural=_("Công nghệ"),
    model="marketplace.TechnologyOffer",
    fields=OFFER_FIELDS,
    steps=OFFER_STEPS,
    path="cong-nghe",
    detail_template="registry/marketplace/offer.html",
    life_days=365,
    title_field="title_vi",
    needs_owner=True,
    validate=offer_problems,
)
