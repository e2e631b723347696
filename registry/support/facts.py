"""What rules may ask about an applicant: eight facts, each a question of the page and a field of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.directory.models import Recognition
from registry.support.rules import NUMERIC, Is
from registry.taxonomy import selectors as taxonomy

#: The value of a list of which the applicant has nothing.
NOTHING = "khong"


class Shape(StrEnum):
    """How a fact is answered."""

    ONE = "one"
    MANY = "many"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule may ask. `code` stands in stored rules, `parameter` in addresses: never change them."""

    code: str
    parameter: str
    label: Any
    question: Any
    shape: Shape
    choices: Callable[[], dict[str, Any]] = dict
    help: Any = ""

    @property
    def comparisons(self) -> tuple[Is, ...]:
        """The comparisons that make sense for it."""
        return NUMERIC if self.shape == Shape.NUMBER else (Is.IN, Is.NOT_IN)


APPLICANTS = {
    "doanh_nghiep": _("Doanh nghiệp"),
    "htx": _("Hợp tác xã, tổ hợp tác"),
    "hkd": _("Hộ kinh doanh"),
    "ca_nhan": _("Cá nhân, nhóm chưa đăng ký"),
    "khcn": _("Viện, trường, tổ chức KH&CN"),
    "khac": _("Cơ quan, hội, tổ chức khác"),
}
PLACES = {
    "xa": _("Xã của tỉnh Vĩnh Long"),
    "phuong": _("Phường của tỉnh Vĩnh Long"),
    "ngoai_tinh": _("Ngoài tỉnh Vĩnh Long"),
}
#: What the certificates of the registry are called in one line of a form.
CERTIFICATES = {
    Recognition.Type.ST_ENTERPRISE.value: _("Giấy chứng nhận doanh nghiệp KH&CN"),
    Recognition.Type.STARTUP.value: _("Công nhận doanh nghiệp khởi nghiệp sáng tạo"),
    Recognition.Type.HIGH_TECH.value: _("Giấy chứng nhận doanh nghiệp công nghệ cao"),
    Recognition.Type.ST_ORGANISATION.value: _("Giấy chứng nhận hoạt động KH&CN"),
    Recognition.Type.INNOVATION_CENTRE.value: _("Công nhận trung tâm đổi mới sáng tạo"),
    NOTHING: _("Chưa có giấy nào ở trên"),
}
RESULTS = {
    "sang_che": _("Bằng độc quyền sáng chế, giải pháp hữu ích"),
    "sang_kien": _("Giấy chứng nhận sáng kiến"),
    "tu_dau_tu": _("Kết quả nghiên cứu tự bỏ vốn làm ra"),
    "nhiem_vu": _("Kết quả nhiệm vụ KH&CN đã nghiệm thu"),
    "quyen_khac": _("Kiểu dáng, mạch tích hợp, phần mềm, giống mới đã được bảo hộ"),
    "nhan_hieu": _("Nhãn hiệu, chỉ dẫn địa lý đã được bảo hộ"),
    "mua_cong_nghe": _("Hợp đồng chuyển giao công nghệ đã đăng ký"),
    NOTHING: _("Chưa có kết quả nào ở trên"),
}


def _stages() -> dict[str, Any]:
    return {
        **taxonomy.term_labels("stage"),
        NOTHING: pgettext_lazy("giai đoạn", "Không phải khởi nghiệp sáng tạo"),
    }


def _sectors() -> dict[str, Any]:
    below = taxonomy.parents("sector")
    return {
        code: label for code, label in taxonomy.term_labels("sector").items() if code not in below
    }


APPLICANT, PLACE, AGE, SIZE = "applicant", "place", "age", "size"
STAGE, SECTOR, CERTIFICATE, RESULT = "stage", "sector", "certificate", "result"

FACTS: dict[str, Fact] = {
    fact.code: fact
    for fact in (
        Fact(APPLICANT, "la", _("Loại hình"), _("Bạn là ai?"), Shape.ONE, lambda: APPLICANTS),
        Fact(
            PLACE,
            "noi-dat",
            _("Nơi đặt"),
            _("Trụ sở hoặc nơi làm ở đâu?"),
            Shape.ONE,
            lambda: PLACES,
        ),
        Fact(
            AGE,
            "nam",
            _("Số năm từ khi thành lập"),
            _("Thành lập năm nào?"),
            Shape.NUMBER,
            help=_("Ghi năm, ví dụ 2021. Chưa thành lập thì để trống."),
        ),
        Fact(
            SIZE,
            "quy-mo",
            _("Quy mô"),
            _("Quy mô thế nào?"),
            Shape.ONE,
            partial(taxonomy.term_labels, "size_band"),
            help=_(
                "Siêu nhỏ: không quá 10 lao động; nhỏ: không quá 100; vừa: không quá 200. "
                "Thương mại, dịch vụ có mức riêng."
            ),
        ),
        Fact(
            STAGE,
            "giai-doan",
            _("Giai đoạn khởi nghiệp"),
            _("Khởi nghiệp đang ở giai đoạn nào?"),
            Shape.ONE,
            _stages,
        ),
        Fact(
            SECTOR,
            "linh-vuc",
            _("Lĩnh vực"),
            _("Làm trong lĩnh vực nào?"),
            Shape.MANY,
            _sectors,
            help=_("Chọn mọi lĩnh vực đúng với bạn."),
        ),
        Fact(
            CERTIFICATE,
            "giay-chung-nhan",
            _("Giấy chứng nhận"),
            _("Đang có giấy chứng nhận nào?"),
            Shape.MANY,
            lambda: CERTIFICATES,
        ),
        Fact(
            RESULT,
            "ket-qua-co",
            _("Kết quả khoa học, sở hữu trí tuệ"),
            _("Đang có kết quả nào?"),
            Shape.MANY,
            lambda: RESULTS,
        ),
    )
}


def allowed(code: str, comparison: Is, of: Any) -> str:
    """Return what is wrong with a condition, as a code of `rules.RuleError`; nothing when it is right."""
    fact = FACTS.get(code)
    if fact is None:
        return "fact"
    if comparison not in fact.comparisons:
        return "comparison"
    if fact.shape == Shape.NUMBER or not isinstance(of, list):
        return ""
    return "" if all(value in offered(fact) for value in map(str, of)) else "value"


def offered(fact: Fact) -> dict[str, Any]:
    """Return the values a rule may name: all but “nothing of these”, which `not_in` says."""
    choices = fact.choices()
    if fact.shape == Shape.MANY:
        return {code: label for code, label in choices.items() if code != NOTHING}
    return choices


def labels(fact: Fact, codes: Iterable[str]) -> list[str]:
    """Return the labels of values in the active language; the code of one that is unknown by now."""
    known = fact.choices()
    return [str(known.get(code, code)) for code in codes]
