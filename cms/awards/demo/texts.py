"""What the invented awards say. Titles get their mark when they are loaded."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "(minh họa)"
ORGANISER = f"Trung tâm {MARK}"
EMAIL = "nhan-ho-so@giai-thuong.example"
PLACE = f"Hội trường mẫu {MARK}, phường Long Châu"


@dataclass(frozen=True, slots=True)
class Round:
    """One round; days count from today, so that one is always open."""

    years_ago: int
    intro: str
    opens: int
    closes: int
    results: int
    awarded: int
    #: (prize, category, sector of the entry, why); empty while there is no result.
    winners: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One award or contest with its rounds."""

    slug: str
    title: str
    call: str
    kind: str
    intro: str
    purpose: str
    sector: str
    programme: str
    eligibility: str
    categories: tuple[tuple[str, str], ...]
    prizes: tuple[tuple[str, int, str], ...]
    how: str
    judges: tuple[tuple[str, str], ...]
    rounds: tuple[Round, ...]


AWARDS = (
    Told(
        slug="minh-hoa-doi-moi-sang-tao-chau-tho",
        title="Giải thưởng Đổi mới sáng tạo châu thổ",
        call="Giải thưởng Đổi mới sáng tạo châu thổ",
        kind="giai_thuong",
        intro="Vinh danh công nghệ đang chạy được trong xưởng, vườn, ao của tỉnh và người làm ra nó.",
        purpose="<p>Hội đồng xét điều đã đo được: sản lượng, chi phí, lượng nước, lượng phát thải trước và sau khi áp dụng. "
        "Hồ sơ cần ít nhất một nơi đã dùng từ sáu tháng trở lên.</p>",
        sector="che-bien",
        programme="nang_suat",
        eligibility="Doanh nghiệp, hợp tác xã, viện, trường và hộ sản xuất có công nghệ đang áp dụng trong tỉnh Vĩnh Long. "
        "Mỗi đơn vị nộp nhiều nhất hai hồ sơ.",
        categories=(
            ("Sản xuất và chế biến", "Giảm hao hụt, kéo dài thời gian giữ, tăng giá trị nông sản."),
            ("Nước và môi trường", "Xử lý nước thải, giữ nước ngọt, tận dụng phụ phẩm."),
            ("Chuyển đổi số trong sản xuất", "Cảm biến, truy xuất nguồn gốc, tự động hóa."),
        ),
        prizes=(
            ("Giải nhất", 1, "50.000.000 ₫ và một năm giới thiệu tại các phiên kết nối"),
            ("Giải nhì", 2, "30.000.000 ₫"),
            ("Giải ba", 3, "15.000.000 ₫"),
        ),
        how="Gửi một tệp PDF không quá 15 trang: việc cần giải quyết, cách làm, số đo trước và sau, nơi đang áp dụng.",
        judges=(
            ("Chủ tịch Hội đồng", "Đại diện cơ quan quản lý"),
            ("Ủy viên phản biện", "Chuyên gia công nghệ sau thu hoạch"),
            ("Ủy viên", "Đại diện hiệp hội doanh nghiệp"),
        ),
        rounds=(
            Round(
                years_ago=1,
                intro="Ba hạng mục, 41 hồ sơ minh họa, sáu công nghệ được trao giải.",
                opens=-420,
                closes=-360,
                results=-330,
                awarded=-322,
                winners=(
                    (
                        "Giải nhất",
                        "Sản xuất và chế biến",
                        "bao-quan",
                        "Có số đo trước và sau ở hai nơi áp dụng.",
                    ),
                    (
                        "Giải nhì",
                        "Sản xuất và chế biến",
                        "che-bien",
                        "Hợp với cơ sở nhỏ, hoàn vốn nhanh.",
                    ),
                    (
                        "Giải ba",
                        "Sản xuất và chế biến",
                        "dua",
                        "Người dùng tự vận hành được sau một buổi hướng dẫn.",
                    ),
                    (
                        "Giải nhì",
                        "Nước và môi trường",
                        "moi-truong",
                        "Chi phí vận hành thấp, nơi áp dụng xác nhận bằng sổ theo dõi.",
                    ),
                    ("Giải ba", "Nước và môi trường", "thuy-san", "Đã chạy trọn một mùa vụ."),
                    (
                        "Giải ba",
                        "Chuyển đổi số trong sản xuất",
                        "so",
                        "Hồ sơ rõ, số liệu kiểm chứng được.",
                    ),
                ),
            ),
            Round(
                years_ago=0,
                intro="Đợt năm nay nhận hồ sơ ở ba hạng mục; ưu tiên công nghệ tiết kiệm nước và năng lượng.",
                opens=-24,
                closes=27,
                results=68,
                awarded=75,
            ),
        ),
    ),
    Told(
        slug="minh-hoa-y-tuong-khoi-nghiep-nong-san",
        title="Cuộc thi Ý tưởng khởi nghiệp từ nông sản",
        call="Cuộc thi Ý tưởng khởi nghiệp từ nông sản",
        kind="cuoc_thi",
        intro="Nhóm trẻ đưa một ý tưởng từ dừa, lúa, trái cây, thủy sản tới sản phẩm thử trong mười hai tuần.",
        purpose="<p>Cuộc thi có ba vòng: bản mô tả một trang, tập huấn ba ngày, trình bày mười phút với sản phẩm thử. "
        "Nhóm vào vòng cuối có người cố vấn đi cùng.</p>",
        sector="dua",
        programme="khoi_nghiep",
        eligibility="Nhóm từ hai đến năm người, ít nhất một người học tập, làm việc hoặc sinh sống tại tỉnh Vĩnh Long.",
        categories=(
            ("Sinh viên, học sinh", "Nhóm đang học tại các trường."),
            ("Nhóm khởi nghiệp", "Nhóm đã có sản phẩm thử hoặc khách hàng đầu tiên."),
        ),
        prizes=(
            ("Giải nhất", 2, "20.000.000 ₫ và sáu tháng ươm tạo"),
            ("Giải bình chọn", 1, "5.000.000 ₫"),
        ),
        how="Gửi bản mô tả một trang và đường dẫn đoạn phim không quá hai phút.",
        judges=(
            ("Trưởng Ban giám khảo", "Người điều hành vườn ươm"),
            ("Giám khảo", "Chủ cơ sở chế biến"),
        ),
        rounds=(
            Round(
                years_ago=1,
                intro="Hai mươi ba nhóm dự thi, năm nhóm trình bày ở vòng cuối.",
                opens=-330,
                closes=-280,
                results=-240,
                awarded=-240,
                winners=(
                    (
                        "Giải nhất",
                        "Sinh viên, học sinh",
                        "",
                        "Nhóm sinh viên Vỏ Dừa|Chậu ươm tự hủy từ mụn dừa",
                    ),
                    (
                        "Giải nhất",
                        "Nhóm khởi nghiệp",
                        "cay-an-qua",
                        "Có khách hàng đặt thử ngay sau vòng cuối.",
                    ),
                    (
                        "Giải bình chọn",
                        "Sinh viên, học sinh",
                        "",
                        "Nhóm sinh viên Phù Sa|Bộ đo độ mặn bỏ túi cho nhà vườn",
                    ),
                ),
            ),
            Round(
                years_ago=0,
                intro="Ban giám khảo đang đọc hồ sơ của các nhóm; kết quả có trong tháng tới.",
                opens=-70,
                closes=-9,
                results=24,
                awarded=24,
            ),
        ),
    ),
    Told(
        slug="minh-hoa-tai-san-tri-tue",
        title="Giải thưởng Sáng chế và giải pháp hữu ích",
        call="Giải thưởng Sáng chế và giải pháp hữu ích",
        kind="giai_thuong",
        intro="Dành cho người có đơn hoặc văn bằng bảo hộ đang được dùng trong sản xuất tại tỉnh.",
        purpose="<p>Giải khuyến khích tra cứu trước khi làm, nộp đơn sớm và đưa văn bằng vào sản xuất.</p>",
        sector="co-khi",
        programme="tai_san_tri_tue",
        eligibility="Tác giả hoặc chủ văn bằng bảo hộ sáng chế, giải pháp hữu ích; người nộp đơn đã có thông báo chấp nhận đơn hợp lệ.",
        categories=(("Văn bằng đang áp dụng", ""), ("Đơn đã được chấp nhận", "")),
        prizes=(("Giải chính", 2, "40.000.000 ₫"),),
        how="Hồ sơ gồm bản sao văn bằng hoặc thông báo, bản mô tả nơi áp dụng và xác nhận của nơi đó.",
        judges=(("Chủ tịch Hội đồng", "Chuyên gia sở hữu trí tuệ"),),
        rounds=(
            Round(
                years_ago=0,
                intro="Đợt đầu của giải; hướng dẫn viết hồ sơ có tại buổi tập huấn tra cứu sáng chế.",
                opens=21,
                closes=82,
                results=120,
                awarded=127,
            ),
        ),
    ),
)
