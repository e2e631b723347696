"""What the invented measures say."""

from __future__ import annotations

from typing import Any

MARK = "(minh họa)"
MARK_EN = "(sample)"
HERE = {"fact": "place", "is": "in", "of": ["xa", "phuong"]}
SMALL = {"fact": "size", "is": "in", "of": ["sieu_nho", "nho", "vua"]}


def _measure(seed: str, title: tuple[str, str], **item: Any) -> dict[str, Any]:
    """Return a measure whose every claim says that it is a sample."""
    return {
        "seed": f"minh-hoa-{seed}",
        "publish": True,
        "is_demo": True,
        "rule": item["rule"],
        "papers": item["papers"],
        "values": {
            "title_vi": f"{title[0]} {MARK}",
            "title_en": f"{title[1]} {MARK_EN}",
            "authority_vi": f"Trung tâm {MARK}",
            "authority_en": f"The Centre {MARK_EN}",
            "contact": "ho-tro@trung-tam.example",
            "source_text": f"Văn bản mẫu {MARK}",
            **item["values"],
        },
    }


MEASURES = [
    _measure(
        "voucher",
        ("Phiếu hỗ trợ đổi mới sáng tạo", "Innovation voucher"),
        rule={
            "all": [
                {"fact": "applicant", "is": "in", "of": ["doanh_nghiep", "htx", "hkd"]},
                HERE,
                SMALL,
            ]
        },
        values={
            "summary_vi": "Phiếu trả một phần tiền thử nghiệm, thiết kế, tư vấn công nghệ.",
            "summary_en": "A voucher pays part of testing, design or technology advice.",
            "benefit_vi": "Một phiếu mỗi năm, trả một nửa chi phí dịch vụ.",
            "benefit_en": "One voucher a year that pays half of the service.",
            "max_amount": 50_000_000,
            "who_vi": "Doanh nghiệp nhỏ và vừa, hợp tác xã, hộ kinh doanh trong tỉnh.",
            "who_en": "Small and medium enterprises, cooperatives and household businesses of the province.",
            "also_vi": "Nơi làm dịch vụ có tên trong danh bạ",
            "also_en": "The provider stands in the directory",
            "duration_vi": "10 ngày làm việc, không thu phí",
            "duration_en": "10 working days, no fee",
        },
        papers=[
            {
                "name_vi": "Đơn theo mẫu",
                "name_en": "Request form",
                "note_vi": "Hai trang, ký tên.",
                "note_en": "Two pages, signed.",
            },
            {"name_vi": "Báo giá của nơi làm dịch vụ", "name_en": "Quotation of the provider"},
            {"name_vi": "Giấy đăng ký kinh doanh", "name_en": "Business registration"},
            {
                "name_vi": "Ảnh sản phẩm đang làm",
                "name_en": "Pictures of the product",
                "required": False,
            },
        ],
    ),
    _measure(
        "uom-tao",
        ("Ươm tạo nhóm khởi nghiệp sáu tháng", "Six months of incubation"),
        rule={
            "all": [
                {"fact": "stage", "is": "in", "of": ["y_tuong", "mvp", "hat_giong"]},
                {
                    "any": [
                        {"fact": "applicant", "is": "in", "of": ["ca_nhan"]},
                        {"fact": "age", "is": "at_most", "of": 5},
                    ]
                },
            ]
        },
        values={
            "summary_vi": "Chỗ làm việc, người cố vấn và phòng thử nghiệm trong sáu tháng.",
            "summary_en": "A place to work, a mentor and a laboratory for six months.",
            "benefit_vi": "Chỗ làm việc, người cố vấn mỗi tuần, tiền thử nghiệm.",
            "benefit_en": "A place to work, a mentor every week, money for tests.",
            "max_amount": 80_000_000,
            "who_vi": "Nhóm chưa thành lập doanh nghiệp, hoặc doanh nghiệp không quá năm năm.",
            "who_en": "Teams without an enterprise yet, or enterprises of no more than five years.",
            "duration_vi": "Xét ba đợt mỗi năm",
            "duration_en": "Three rounds a year",
        },
        papers=[
            {"name_vi": "Bản mô tả một trang", "name_en": "Description on one page"},
            {"name_vi": "Danh sách thành viên", "name_en": "List of members"},
            {
                "name_vi": "Đoạn phim giới thiệu",
                "name_en": "Short film",
                "required": False,
            },
        ],
    ),
    _measure(
        "dang-ky-sang-che",
        ("Hỗ trợ tiền đăng ký sáng chế", "Help with the fees of a patent"),
        rule={
            "all": [
                HERE,
                {"fact": "result", "is": "in", "of": ["tu_dau_tu", "nhiem_vu"]},
                {"none": [{"fact": "result", "is": "in", "of": ["sang_che"]}]},
            ]
        },
        values={
            "summary_vi": "Trả lệ phí nộp đơn và tiền soạn đơn cho sáng chế đầu tiên.",
            "summary_en": "Pays the filing fee and the drafting of a first patent.",
            "benefit_vi": "Lệ phí nộp đơn và tiền soạn đơn.",
            "benefit_en": "The filing fee and the drafting.",
            "max_amount": 30_000_000,
            "who_vi": "Người có kết quả nghiên cứu mà chưa có bằng độc quyền.",
            "who_en": "Who has a research result and no patent yet.",
        },
        papers=[
            {"name_vi": "Đơn theo mẫu", "name_en": "Request form"},
            {"name_vi": "Bản mô tả kết quả", "name_en": "Description of the result"},
        ],
    ),
    _measure(
        "doi-moi-may",
        ("Vay ưu đãi để đổi mới máy chế biến", "Preferential loan for processing machines"),
        rule={
            "all": [
                {"fact": "sector", "is": "in", "of": ["dua", "cay-an-qua", "lua-gao", "thuy-san"]},
                {"fact": "applicant", "is": "not_in", "of": ["ca_nhan", "khac"]},
                {"fact": "age", "is": "at_least", "of": 2},
            ]
        },
        values={
            "summary_vi": "Vay lãi suất thấp để thay máy cũ bằng máy tiết kiệm điện, nước.",
            "summary_en": "A cheap loan to replace old machines by ones that save power and water.",
            "benefit_vi": "Vay tới bảy phần mười giá máy trong năm năm.",
            "benefit_en": "A loan of up to seven tenths of the price for five years.",
            "max_amount": 2_000_000_000,
            "who_vi": "Cơ sở chế biến dừa, trái cây, lúa gạo, thủy sản đã hoạt động từ hai năm.",
            "who_en": "Processors of coconut, fruit, rice and seafood in business for two years.",
            "also_vi": "Khả năng trả nợ\nMáy mua mới, có chỉ số tiêu thụ điện",
            "also_en": "Ability to repay\nNew machines with a figure of power use",
        },
        papers=[
            {"name_vi": "Phương án đầu tư", "name_en": "Plan of investment"},
            {"name_vi": "Báo cáo tài chính hai năm", "name_en": "Accounts of two years"},
            {"name_vi": "Báo giá máy", "name_en": "Quotation of the machine"},
        ],
    ),
]
