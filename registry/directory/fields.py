"""The fields of organisations and labs: class, tier, weight, when required (registry.md §3.1)."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from registry.common.fields import Field, FieldClass, Kind, Problem, Step, Tier
from registry.common.wording import day

COSMETIC, SUBSTANTIVE, LEGAL = FieldClass.COSMETIC, FieldClass.SUBSTANTIVE, FieldClass.LEGAL
DAYS_18_MONTHS = 548

CONTACT_HELP = _("Chỉ hiện với bên kia khi bạn chấp nhận một đề nghị kết nối.")

#: Declared once, placed by each kind into a step of its own form.
SHARED = {
    field.name: field
    for field in (
        Field("summary_en", _("Tóm tắt tiếng Anh"), weight=2, max_length=500),
        Field("name_en", _("Tên tiếng Anh"), LEGAL, weight=2, max_length=256),
        Field("image", _("Ảnh"), COSMETIC, weight=5),
        Field(
            "image_alt",
            _("Mô tả ảnh"),
            COSMETIC,
            weight=2,
            max_length=200,
            help=_("Một câu cho người không nhìn thấy ảnh."),
        ),
        Field(
            "sectors",
            _("Lĩnh vực"),
            weight=8,
            required=True,
            missing=_("Chọn ít nhất một lĩnh vực."),
            vocabulary="sector",
            multiple=True,
        ),
        Field(
            "value_chains", _("Chuỗi giá trị"), weight=3, vocabulary="value_chain", multiple=True
        ),
        Field("st_fields", _("Lĩnh vực khoa học"), weight=2, vocabulary="st_field", multiple=True),
        Field(
            "sdgs",
            _("Mục tiêu phát triển bền vững (SDG)"),
            weight=2,
            vocabulary="sdg",
            multiple=True,
        ),
        Field(
            "commune",
            _("Xã, phường"),
            weight=8,
            required=True,
            missing=_("Chọn xã, phường."),
            help=_("Gõ tên mới hoặc tên cũ."),
        ),
        Field("address", _("Địa chỉ"), weight=3, max_length=300),
        Field("website", _("Trang web"), weight=3, max_length=300),
        Field(
            "phone",
            _("Điện thoại liên hệ"),
            COSMETIC,
            Tier.OWNER,
            weight=3,
            max_length=40,
            help=CONTACT_HELP,
        ),
        Field("email", _("Email liên hệ"), COSMETIC, Tier.OWNER, weight=3, help=CONTACT_HELP),
    )
}


def shared(step: str, *names: str) -> tuple[Field, ...]:
    """Return fields that several kinds have, placed in a step."""
    return tuple(replace(SHARED[name], step=step) for name in names)


ORGANISATION_STEPS = (
    Step("ten", _("Tên và vai trò")),
    Step("gioi-thieu", _("Giới thiệu")),
    Step("linh-vuc", _("Lĩnh vực")),
    Step("noi-dat", _("Nơi đặt và liên hệ")),
)

ORGANISATION_FIELDS = (
    Field(
        "name_vi",
        _("Tên tổ chức"),
        LEGAL,
        weight=10,
        required=True,
        missing=_("Nhập tên tổ chức."),
        max_length=256,
        step="ten",
        help=_("Tên đầy đủ như trên giấy đăng ký."),
    ),
    *shared("ten", "name_en"),
    Field("short_name", _("Tên viết tắt"), LEGAL, weight=2, max_length=60, step="ten"),
    Field(
        "roles",
        _("Vai trò"),
        LEGAL,
        weight=8,
        required=True,
        missing=_("Chọn ít nhất một vai trò."),
        step="ten",
        children=(
            Field("role", _("Vai trò"), LEGAL, vocabulary="role", required=True),
            Field("since", _("Từ ngày"), LEGAL),
            Field("until", _("Đến ngày"), LEGAL),
        ),
    ),
    Field(
        "legal_form", _("Loại hình pháp lý"), LEGAL, weight=4, vocabulary="legal_form", step="ten"
    ),
    Field("ownership", _("Sở hữu"), LEGAL, weight=2, vocabulary="ownership", step="ten"),
    Field("founded_year", _("Năm thành lập"), SUBSTANTIVE, weight=3, step="ten"),
    Field(
        "summary_vi",
        _("Tóm tắt"),
        weight=10,
        required=True,
        missing=_("Nhập tóm tắt."),
        max_length=500,
        step="gioi-thieu",
        help=_("Một, hai câu cho người chưa biết tổ chức của bạn. Tối đa 500 ký tự."),
    ),
    Field(
        "description_vi",
        _("Giới thiệu"),
        weight=10,
        required=True,
        missing=_("Nhập phần giới thiệu."),
        max_length=2000,
        step="gioi-thieu",
        help=_("Bạn làm gì, cho ai, ở đâu. Không ghi số điện thoại, bí quyết."),
    ),
    *shared("gioi-thieu", "summary_en"),
    Field(
        "description_en", _("Giới thiệu tiếng Anh"), weight=2, max_length=2000, step="gioi-thieu"
    ),
    *shared("gioi-thieu", "image", "image_alt"),
    *shared("linh-vuc", "sectors", "value_chains", "st_fields", "sdgs"),
    Field(
        "looking_for",
        _("Đang tìm"),
        weight=6,
        vocabulary="looking_for",
        multiple=True,
        step="linh-vuc",
    ),
    Field("size_band", _("Quy mô"), weight=3, vocabulary="size_band", step="linh-vuc"),
    Field("stage", _("Giai đoạn khởi nghiệp"), weight=2, vocabulary="stage", step="linh-vuc"),
    *shared("noi-dat", "commune", "address", "website"),
    Field(
        "contact_person",
        _("Người liên hệ"),
        COSMETIC,
        Tier.OWNER,
        weight=2,
        max_length=120,
        step="noi-dat",
        help=CONTACT_HELP,
    ),
    *shared("noi-dat", "phone", "email"),
)

LAB_STEPS = (
    Step("ten", _("Tên")),
    Step("dich-vu", _("Dịch vụ")),
    Step("noi-dat", _("Lĩnh vực và nơi đặt")),
)

LAB_FIELDS = (
    Field(
        "name_vi",
        _("Tên phòng thí nghiệm"),
        LEGAL,
        weight=10,
        required=True,
        missing=_("Nhập tên phòng thí nghiệm."),
        max_length=256,
        step="ten",
    ),
    *shared("ten", "name_en"),
    Field(
        "summary_vi",
        _("Tóm tắt"),
        weight=10,
        required=True,
        missing=_("Nhập tóm tắt."),
        max_length=500,
        step="ten",
    ),
    *shared("ten", "summary_en"),
    Field("description_vi", _("Giới thiệu"), weight=8, max_length=2000, step="ten"),
    Field("description_en", _("Giới thiệu tiếng Anh"), weight=1, max_length=2000, step="ten"),
    *shared("ten", "image", "image_alt"),
    Field(
        "services_vi",
        _("Dịch vụ thử nghiệm"),
        weight=10,
        required=True,
        missing=_("Nhập dịch vụ thử nghiệm."),
        max_length=2000,
        step="dich-vu",
        help=_("Mỗi dòng một dịch vụ."),
    ),
    Field("methods_vi", _("Phương pháp, tiêu chuẩn"), weight=6, max_length=2000, step="dich-vu"),
    Field("open_to", _("Ai được dùng"), weight=5, step="dich-vu"),
    Field("turnaround_days", _("Thời gian trả kết quả (ngày)"), weight=3, step="dich-vu"),
    *shared(
        "noi-dat",
        "sectors",
        "value_chains",
        "st_fields",
        "commune",
        "address",
        "website",
        "phone",
        "email",
    ),
)


def organisation_problems(content: object) -> list[Problem]:
    """Return what the field declarations cannot say: role dates in order."""
    problems = []
    for role in content.roles.all():  # type: ignore[attr-defined]
        if role.since and role.until and role.until < role.since:
            message = _("Ngày kết thúc phải từ %(date)s trở đi.") % {"date": day(role.since)}
            problems.append(Problem(f"roles[{role.uid}].until", str(message)))
    return problems


ORGANISATION = Kind(
    code="organisation",
    prefix="TC",
    label=_("Tổ chức"),
    label_plural=_("Tổ chức"),
    model="directory.Organisation",
    fields=ORGANISATION_FIELDS,
    steps=ORGANISATION_STEPS,
    path="to-chuc",
    detail_template="registry/directory/organisation.html",
    life_days=DAYS_18_MONTHS,
    title_field="name_vi",
    validate=organisation_problems,
)

LAB = Kind(
    code="lab",
    prefix="TN",
    label=_("Phòng thí nghiệm"),
    label_plural=_("Phòng thí nghiệm"),
    model="directory.Lab",
    fields=LAB_FIELDS,
    steps=LAB_STEPS,
    path="phong-thi-nghiem",
    detail_template="registry/directory/lab.html",
    life_days=DAYS_18_MONTHS,
    title_field="name_vi",
    needs_owner=True,
)
