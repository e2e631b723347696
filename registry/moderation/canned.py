"""Reason codes (registry.md §3.3, words.md §3) and the ready answers the desk begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, Any] = {
    "incomplete": _("Thiếu thông tin"),
    "not_owner": _("Không phải chủ hồ sơ"),
    "outside_scope": _("Ngoài phạm vi"),
    "advertising": _("Quảng cáo"),
    "unverifiable": _("Không kiểm chứng được"),
    "confidential": _("Lộ thông tin bảo mật"),
    "prohibited": _("Cấm chuyển giao"),
    "restricted": _("Hạn chế chuyển giao"),
    "personal_data": _("Lộ dữ liệu cá nhân"),
    "duplicate": _("Hồ sơ trùng"),
    "language": _("Ngôn ngữ chưa đạt"),
    "other": _("Khác"),
}
REASON_CHOICES = tuple(REASONS.items())

#: (reason, Vietnamese, English). What a new installation starts with; moderators rewrite them.
FIRST_TEXTS = (
    (
        "incomplete",
        "Bạn bổ sung số liệu và nơi đã đo ở phần giới thiệu, để người đọc biết kết quả đạt được trong điều kiện nào.",
        "Add figures and where they were measured to the description, so that readers know under which conditions the result was reached.",
    ),
    (
        "incomplete",
        "Phần vai trò chưa có ngày bắt đầu. Bạn ghi ngày theo giấy đăng ký hoặc quyết định thành lập.",
        "The role has no start date. Give the date on the registration or founding decision.",
    ),
    (
        "not_owner",
        "Trung tâm chưa thấy bạn thuộc tổ chức này. Bạn gửi từ địa chỉ email của tổ chức hoặc nhờ người đại diện mời bạn.",
        "We could not see that you belong to this organisation. Send from its e-mail domain, or ask its representative to invite you.",
    ),
    (
        "outside_scope",
        "Danh bạ nhận tổ chức và công nghệ khoa học, đổi mới sáng tạo. Sản phẩm, dịch vụ thông thường đăng ở Không gian thương hiệu của tỉnh.",
        "The directory takes science, technology and innovation. Ordinary goods and services belong in the province's brand space.",
    ),
    (
        "advertising",
        "Bạn bỏ các câu so sánh nhất và lời mời mua; giữ lại điều công nghệ làm được và số đo.",
        "Take out superlatives and calls to buy; keep what the technology does and its measurements.",
    ),
    (
        "unverifiable",
        "Số liệu này chưa có nguồn. Bạn ghi nơi đo, năm đo hoặc tải minh chứng lên.",
        "This figure has no source. Say where and when it was measured, or upload evidence.",
    ),
    (
        "confidential",
        "Phần công khai đang ghi chi tiết thuộc bí quyết. Bạn chuyển đoạn đó vào phần bảo mật.",
        "The public part gives away know-how. Move that passage to the confidential part.",
    ),
    (
        "prohibited",
        "Công nghệ này thuộc danh mục cấm chuyển giao nên Trung tâm không đăng được.",
        "This technology is on the list of technologies that may not be transferred, so we cannot list it.",
    ),
    (
        "restricted",
        "Công nghệ này thuộc danh mục hạn chế chuyển giao. Bạn gửi kèm giấy phép trước khi đăng.",
        "This technology may be transferred only with a permit. Send the permit before it is listed.",
    ),
    (
        "personal_data",
        "Phần công khai đang có tên, số điện thoại hoặc số định danh cá nhân. Bạn bỏ đi; mục liên hệ đã có ô riêng.",
        "The public part shows a name, telephone or personal number. Take it out; contacts have their own fields.",
    ),
    (
        "duplicate",
        "Tổ chức hoặc công nghệ này đã có hồ sơ. Bạn nhận quản lý hồ sơ đã có thay vì tạo mới.",
        "This organisation or technology has an entry already. Take that one over instead of creating another.",
    ),
    (
        "language",
        "Bạn viết lại bằng tiếng Việt có dấu, câu đủ ý, không viết tắt lần đầu.",
        "Rewrite in full sentences and expand abbreviations at first use.",
    ),
)


def load_first_texts(**kwargs: Any) -> None:
    """Write the first ready answers where there are none yet (after `migrate`)."""
    model = apps.get_model("moderation", "CannedText")
    if model.objects.exists():
        return
    rows = []
    for reason, vi, en in FIRST_TEXTS:
        rows.append(model(reason=reason, language="vi", text=vi))
        rows.append(model(reason=reason, language="en", text=en))
    model.objects.bulk_create(rows)
