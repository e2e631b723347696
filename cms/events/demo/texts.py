"""What the invented events say. Titles get their mark when they are loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

MARK = "(minh họa)"
ORGANISER = f"Trung tâm {MARK}"
VENUE = f"Hội trường mẫu {MARK}"
FEE = "Miễn phí"
SPOKEN = "Tiếng Việt"


@dataclass(frozen=True, slots=True)
class Told:
    """One invented event; `in_days` counts from today, so that some are always to come."""

    slug: str
    title: str
    intro: str
    type: str
    in_days: int
    hours: tuple[time, time]
    audiences: tuple[str, ...]
    commune: str = ""
    mode: str = "tai_cho"
    sector: str = ""
    programme: str = ""
    days: int = 1
    status: str = "announced"
    note: str = ""
    capacity: int | None = None
    registration: bool = False
    agenda: tuple[tuple[str, str, str], ...] = ()
    text: str = ""
    speakers: tuple[tuple[str, str], ...] = field(default=())


EVENTS = (
    Told(
        slug="minh-hoa-ket-noi-bao-quan-trai-cay",
        title="Phiên kết nối cung – cầu công nghệ bảo quản trái cây",
        intro="Sáu bên nói điều họ cần, sáu nhóm trả lời bằng công nghệ đang chạy được, rồi ngồi lại từng cặp.",
        type="ket_noi",
        in_days=9,
        hours=(time(8), time(11, 30)),
        audiences=("htx_ho", "doanh_nghiep", "nghien_cuu"),
        commune="Long Châu",
        sector="cay-an-qua",
        capacity=120,
        registration=True,
        agenda=(
            ("07:30", "Đón khách", "Sảnh tầng 1"),
            ("08:00", "Mở đầu: hao hụt trái cây sau thu hoạch", ""),
            ("08:20", "Sáu nhu cầu lên sân khấu", "Mỗi bên 5 phút"),
            ("09:10", "Sáu công nghệ trả lời", "Màng phủ, kho lạnh mini, sấy lạnh, hơi nước nóng"),
            ("10:00", "Gặp riêng theo lịch hẹn", "12 bàn, mỗi lượt 15 phút"),
            ("11:15", "Chốt việc tiếp theo", ""),
        ),
        text="<p>Mỗi bên mang một việc cụ thể: loại quả, sản lượng, ngày cần. Chuyên viên ghi biên bản từng cặp để theo dõi sau phiên.</p>",
        speakers=((f"Người điều phối {MARK}", "Mở đầu và chia bàn"),),
    ),
    Told(
        slug="minh-hoa-tra-cuu-sang-che",
        title="Tập huấn tra cứu thông tin sáng chế cho doanh nghiệp nhỏ",
        intro="Hai giờ trên máy của bạn: tìm xem việc bạn định làm đã có ai bảo hộ chưa.",
        type="tap_huan",
        in_days=16,
        hours=(time(14), time(16)),
        audiences=("doanh_nghiep", "khoi_nghiep"),
        mode="truc_tuyen",
        sector="so",
        programme="tai_san_tri_tue",
        capacity=60,
        registration=True,
        text="<p>Bạn cần một máy tính có mạng và một câu mô tả điều bạn định làm.</p>",
    ),
    Told(
        slug="minh-hoa-xam-nhap-man",
        title="Hội thảo xử lý xâm nhập mặn cho vườn cây ăn trái",
        intro="Hai ngày: nghe số đo, xem cách giữ nước ngọt, đi vườn.",
        type="hoi_thao",
        in_days=24,
        days=2,
        hours=(time(8), time(16, 30)),
        audiences=("htx_ho", "nghien_cuu", "co_quan"),
        commune="An Bình",
        mode="ket_hop",
        sector="cay-an-qua",
        agenda=(
            ("08:00", "Số đo độ mặn và lịch lấy nước", ""),
            ("10:00", "Ba cách giữ nước ngọt trong vườn", ""),
            ("13:30", "Đi vườn", "Ngày thứ hai"),
        ),
    ),
    Told(
        slug="minh-hoa-tham-quan-nuoi-tom",
        title="Tham quan mô hình nuôi tôm tuần hoàn nước",
        intro="Xem một vụ nuôi không xả nước ra kênh, hỏi thẳng người làm.",
        type="tham_quan",
        in_days=12,
        hours=(time(7, 30), time(11)),
        audiences=("htx_ho", "hoc_sinh"),
        commune="Ba Tri",
        sector="thuy-san",
        status="postponed",
        note="Ao đang vào vụ thu hoạch. Ngày mới sẽ báo trên trang này.",
    ),
    Told(
        slug="minh-hoa-hackathon-du-lieu-mo",
        title="Hackathon dữ liệu mở vì nông nghiệp thông minh",
        intro="48 giờ, nhóm ba đến năm người, dữ liệu quan trắc công khai.",
        type="vong_thi",
        in_days=30,
        days=2,
        hours=(time(8), time(17)),
        audiences=("khoi_nghiep", "hoc_sinh"),
        commune="Long Châu",
        sector="ai-iot",
        programme="tri_tue_nhan_tao",
        status="cancelled",
        note="Chưa đủ số nhóm. Bạn đã đăng ký không phải làm gì.",
    ),
    Told(
        slug="minh-hoa-ngay-mo-cua-phong-thi-nghiem",
        title="Ngày mở cửa phòng thí nghiệm",
        intro="Vào xem, hỏi giá, gửi mẫu thử đầu tiên.",
        type="ngay_mo_cua",
        in_days=-18,
        hours=(time(8), time(16)),
        audiences=("moi_nguoi",),
        commune="Long Châu",
        sector="cnsh",
    ),
)
