"""What the invented pages say. Titles and names get their mark when they are loaded."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "(minh họa)"


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person, named after the post."""

    name: str
    role: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the Centre."""

    name: str
    task: str
    people: tuple[Person, ...] = ()


PEOPLE_SLUG = "minh-hoa-co-cau-con-nguoi"
PEOPLE_TITLE = "Cơ cấu và con người"
PEOPLE_INTRO = (
    "Ai làm việc gì, hỏi ai. Tên và địa chỉ ở trang này là minh họa, không phải người có thật."
)
UNITS = (
    Unit(
        "Ban giám đốc",
        "Điều hành Trung tâm, duyệt kế hoạch năm, làm việc với các sở, xã và phường.",
        (
            Person("Giám Đốc Mẫu", "Giám đốc", "giam-doc"),
            Person("Phó Giám Đốc Mẫu", "Phó giám đốc, phụ trách kết nối công nghệ", "pho-giam-doc"),
        ),
    ),
    Unit(
        "Phòng Kết nối công nghệ",
        "Xem xét hồ sơ, chuyển đề nghị, theo dõi kết quả kết nối sau 3, 6 và 12 tháng.",
        (
            Person("Chuyên Viên Dừa Mẫu", "Chuyên viên kết nối: dừa, cây ăn trái", "ket-noi-dua"),
            Person("Chuyên Viên Lúa Mẫu", "Chuyên viên kết nối: lúa gạo, thủy sản", "ket-noi-lua"),
            Person(
                "Chuyên Viên Số Mẫu", "Chuyên viên kết nối: phần mềm, tự động hóa", "ket-noi-so"
            ),
        ),
    ),
    Unit(
        "Phòng Ươm tạo và Sự kiện",
        "Nhận nhóm vào ươm tạo, tổ chức phiên kết nối, tập huấn, giải thưởng.",
        (
            Person("Trưởng Phòng Ươm Tạo Mẫu", "Trưởng phòng", "uom-tao"),
            Person("Chuyên Viên Sự Kiện Mẫu", "Sự kiện, giải thưởng", "su-kien"),
        ),
    ),
    Unit("Phòng Hành chính – Tổng hợp", "Văn thư, tài chính, báo cáo năm."),
)

STORY_SLUG = "minh-hoa-muoi-hai-tuan-chay-thu"
STORY_TITLE = "Mười hai tuần chạy thử trước khi ký hợp đồng"
STORY_INTRO = "Một hợp tác xã tìm thấy công nghệ trong mục lục, hỏi bên giao qua Trung tâm và chỉ ký khi số đo đạt."
STORY_DAYS_AGO = 5
#: (kind of block, value): see the body of an article.
STORY_BODY: tuple[tuple[str, object], ...] = (
    (
        "text",
        "<p>Hợp tác xã mở hồ sơ của công nghệ, đọc mức sẵn sàng và minh chứng từng mức, rồi gửi đề nghị "
        "kết nối với ba câu hỏi: công suất thật, điện cần dùng, ai sửa khi máy hỏng.</p>"
        "<p>Bên giao trả lời sau bốn ngày. Chuyên viên của Trung tâm kết nối hai bên và hẹn ngày xem máy chạy.</p>",
    ),
    (
        "figures",
        {
            "figures": [
                {"value": "4", "unit": "ngày", "label": "từ lúc gửi đề nghị đến lúc có trả lời"},
                {"value": "12", "unit": "tuần", "label": "chạy thử tại cơ sở của bên nhận"},
                {"value": "3", "unit": "lần", "label": "chỉnh máy theo số đo của bên nhận"},
            ],
            "source": f"Nhật ký chạy thử {MARK}",
        },
    ),
    (
        "text",
        "<p>Hai bên viết ra trước số nào phải đạt. Mỗi tuần hợp tác xã ghi sản lượng, điện và giờ công; tuần thứ "
        "chín, số đo đạt cả ba. Hợp đồng ký ở tuần mười hai, kèm lịch bảo hành và phụ tùng.</p>",
    ),
    (
        "quote",
        {
            "text": "Chúng tôi chỉ hỏi điều máy làm được ở ruộng mình, và được cho xem tận nơi.",
            "source": f"Giám đốc hợp tác xã {MARK}",
        },
    ),
)
#: (number, what happened, where it is written).
STORY_EVIDENCE = (
    ("12 tuần", "chạy thử có nhật ký trước khi ký hợp đồng", "Nhật ký chạy thử"),
    ("3/3", "chỉ tiêu đã thỏa thuận đều đạt", "Biên bản nghiệm thu"),
)
