"""How dates, money and numbers are written, in Vietnamese and English.

Source of the rules: the project's word list (dates 05/04/2026, money 1.250.000 ₫, deadlines in full).
Everything takes and returns plain values, so mails, services and templates write alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

NBSP = "\u00a0"

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

#: From Monday on: in a sentence in Vietnamese, in English, and short for the head of a table.
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_SHORT_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Words of two or three syllables that a heading must not break in the middle.
COMPOUNDS = (
    "an toàn",
    "bàn làm việc",
    "bài toán",
    "bao bì",
    "bảo mật",
    "bảo quản",
    "bảo vệ",
    "bản đồ",
    "Bến Tre",
    "biển Đông",
    "cá nhân",
    "cá tra",
    "cảm biến",
    "cán bộ",
    "cây ăn trái",
    "chăn nuôi",
    "châu thổ",
    "chế biến",
    "chế phẩm",
    "chế tạo",
    "chỉ tiêu",
    "chiết xuất",
    "chính sách",
    "chuyên gia",
    "chuyên viên",
    "chuyển đổi số",
    "chuyển giao",
    "chuỗi giá trị",
    "công cộng",
    "công nghệ",
    "công nghiệp",
    "công ty",
    "cung cấp",
    "cung ứng",
    "danh bạ",
    "doanh nghiệp",
    "dữ liệu",
    "dược liệu",
    "du lịch",
    "dự án",
    "đại học",
    "đăng ký",
    "đào tạo",
    "đất đai",
    "đề nghị",
    "địa phương",
    "điện thoại",
    "điều khiển",
    "đóng gói",
    "đô thị",
    "đổi mới",
    "đồng bằng",
    "gạch gốm",
    "giá trị",
    "giải pháp",
    "giải thưởng",
    "giáo dục",
    "giám sát",
    "giới thiệu",
    "hệ sinh thái",
    "hệ thống",
    "hiệu quả",
    "hoạt tính",
    "hóa khí",
    "hồ sơ",
    "hợp tác xã",
    "hợp tác",
    "kết nối",
    "kết quả",
    "kế hoạch",
    "khả năng",
    "khách hàng",
    "khoa học",
    "khởi nghiệp",
    "kiểm tra",
    "kinh tế",
    "kỹ thuật",
    "lạnh sâu",
    "lĩnh vực",
    "Long Châu",
    "lúa gạo",
    "lương thực",
    "máy móc",
    "máy sấy",
    "mặt trời",
    "minh chứng",
    "minh họa",
    "môi trường",
    "mô hình",
    "mức sẵn sàng",
    "mục lục",
    "năng lượng",
    "năng suất",
    "ngân hàng",
    "nghiên cứu",
    "nguồn gốc",
    "nhà kính",
    "nhận dạng",
    "nhu cầu",
    "nông dân",
    "nông nghiệp",
    "nông sản",
    "nông thôn",
    "nước lợ",
    "nước thải",
    "nuôi trồng",
    "phân bón",
    "phân tích",
    "phân tử",
    "phần mềm",
    "phát triển",
    "phế phẩm",
    "phòng thí nghiệm",
    "phụ phẩm",
    "quan trắc",
    "quản lý",
    "quy trình",
    "quyền của bạn",
    "quyết định",
    "sản phẩm",
    "sản xuất",
    "sáng chế",
    "sáng kiến",
    "sáng tạo",
    "sầu riêng",
    "sấy khô",
    "sẵn sàng",
    "sinh học",
    "sinh khối",
    "sinh thái",
    "số hóa",
    "số liệu",
    "sở hữu trí tuệ",
    "sức khỏe",
    "tái chế",
    "tài chính",
    "tài khoản",
    "tài liệu",
    "tài nguyên",
    "tận dụng",
    "thành lập",
    "thành viên",
    "thăng hoa",
    "thân thiện",
    "thị trường",
    "thiết bị",
    "thiết kế",
    "thông minh",
    "thông tin",
    "thu hoạch",
    "thú y",
    "thủ công",
    "thủy sản",
    "thương mại",
    "thực phẩm",
    "tiết kiệm",
    "tiếp cận",
    "tiêu chuẩn",
    "tìm kiếm",
    "tinh dầu",
    "tổ chức",
    "Trà Vinh",
    "trách nhiệm",
    "trái cây",
    "triển khai",
    "trí tuệ nhân tạo",
    "trí tuệ",
    "trung tâm",
    "truy xuất",
    "truyền thống",
    "tự động hóa",
    "tự động",
    "tưới tiêu",
    "ứng dụng",
    "vai trò",
    "văn bản",
    "văn hóa",
    "vận hành",
    "vật liệu",
    "vi sinh",
    "Vĩnh Long",
    "vườn ươm",
    "xã hội",
    "xác minh",
    "xác nhận",
    "xâm nhập mặn",
    "xử lý",
    "y tế",
    "ứng phó",
)
_WORD = re.compile(r"\w+")


def _by_first_word() -> dict[str, re.Pattern[str]]:
    """One pattern for the compounds that begin alike: most words of a text begin none."""
    found: dict[str, list[str]] = {}
    for compound in sorted(COMPOUNDS, key=len, reverse=True):
        first, _space, rest = compound.partition(" ")
        found.setdefault(first.lower(), []).append(re.escape(rest))
    return {
        first: re.compile(rf" (?:{'|'.join(rests)})(?!\w)", re.IGNORECASE)
        for first, rests in found.items()
    }


_RESTS = _by_first_word()


def bind(text: str) -> str:
    """Return the text with no-break spaces inside Vietnamese compounds, for headings."""
    pieces, done = [], 0
    for word in _WORD.finditer(text):
        rest = _RESTS.get(word[0].lower())
        found = rest.match(text, word.end()) if rest and word.start() >= done else None
        if found:
            pieces += text[done : word.end()], found[0].replace(" ", NBSP)
            done = found.end()
    return "".join([*pieces, text[done:]]) if pieces else text


def _english() -> bool:
    return (translation.get_language() or "vi").startswith("en")


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value: date | datetime | None) -> str:
    """Return `24/11/2026`, in English `24 November 2026`; nothing for no date."""
    if value is None:
        return ""
    value = _local(value)
    if _english():
        return f"{value.day}{NBSP}{_MONTHS[value.month - 1]}{NBSP}{value.year}"
    return f"{value:%d/%m/}{value.year}"


def moment(value: datetime | None) -> str:
    """Return `lúc 14:30 ngày 24/11/2026`, in English `at 14:30 on 24 November 2026`."""
    if value is None:
        return ""
    local = _local(value)
    if _english():
        return f"at {local:%H:%M} on {day(local)}"
    return f"lúc {local:%H:%M} ngày{NBSP}{day(local)}"


def deadline(value: date | datetime | None) -> str:
    """Return `trước 23:59 ngày 09/12/2026`; a date without a time ends at 23:59."""
    if value is None:
        return ""
    local = _local(value)
    clock = f"{local:%H:%M}" if isinstance(local, datetime) else "23:59"
    if _english():
        return f"by {clock} on {day(local)}"
    return f"trước {clock} ngày{NBSP}{day(local)}"


def weekday(value: date) -> str:
    """Return `thứ Tư`, in English `Wednesday`."""
    return (_DAYS_EN if _english() else _DAYS)[value.weekday()]


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week as (name, short name), Monday first."""
    if _english():
        return list(zip(_DAYS_EN, _SHORT_EN, strict=True))
    return [(name[:1].upper() + name[1:], short) for name, short in zip(_DAYS, _SHORT, strict=True)]


def month(value: date) -> str:
    """Return `tháng 12/2026`, in English `December 2026`."""
    if _english():
        return f"{_MONTHS[value.month - 1]} {value.year}"
    return f"tháng {value.month}/{value.year}"


def clock(value: datetime) -> str:
    """Return `8:00`, in English `08:00`."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if _english() else f"{local.hour}:{local:%M}"


def span(starts: datetime | None, ends: datetime | None) -> str:
    """Return `8:00–11:30, thứ Tư 02/12/2026`; over several days `8:00 thứ Tư … – 17:00 thứ Sáu …`."""
    if starts is None or ends is None:
        return ""
    first, last = timezone.localtime(starts), timezone.localtime(ends)
    if first.date() == last.date():
        return f"{clock(starts)}–{clock(ends)}, {weekday(first)} {day(first)}"
    return (
        f"{clock(starts)} {weekday(first)} {day(first)} – {clock(ends)} {weekday(last)} {day(last)}"
    )


def number(value: int | float | Decimal | None, places: int = 0) -> str:
    """Return `1.250` or `12,5`, in English `1,250` or `12.5`."""
    if value is None:
        return ""
    text = f"{value:,.{places}f}"
    if _english():
        return text
    return text.translate(str.maketrans(",.", ".,"))


def money(value: int | Decimal | None) -> str:
    """Return `1.250.000 ₫` with a no-break space, in English `VND 1,250,000`."""
    if value is None:
        return ""
    return f"VND{NBSP}{number(value)}" if _english() else f"{number(value)}{NBSP}₫"


def in_active_language(texts: Iterable[Any]) -> Any:
    """Return the text (each has a `language`) in the active one, else in Vietnamese, else any; or `None`."""
    by_language = {text.language: text for text in texts}
    active = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return (
        by_language.get(active)
        or by_language.get(settings.LANGUAGE_CODE)
        or next(iter(by_language.values()), None)
    )
