"""A reader relies on the library: words inside files, what a document means, and what it does to others."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model

from cms.documents.models import FileText, LegalDocumentIndexPage, LegalDocumentPage, LegalRelation
from search import service as search
from search.contracts import SearchQuery
from tests.factories import make_staff, term
from tests.factories.pdf import pdf_of
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db

FIRST = "Hỗ trợ một lần cho cơ sở đổi máy sấy vỉ ngang trước mùa lũ"
SECOND = "Hồ sơ nộp tại quầy số ba trong giờ hành chính hằng ngày"

#: What plan 1925/QĐ-UBND names, as the shared data holds it: number, day, issuer, title.
NAMED_BY_THE_PLAN = {
    "1925/QĐ-UBND": (
        "2023-08-16",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Kế hoạch triển khai thực hiện Chiến lược phát triển KH&CN và ĐMST đến năm 2030 "
        "trên địa bàn tỉnh Vĩnh Long",
    ),
    "569/QĐ-TTg": (
        "2022-05-11",
        "Thủ tướng Chính phủ",
        "Chiến lược phát triển khoa học công nghệ và đổi mới sáng tạo đến năm 2030",
    ),
    "532/TTr-SKHCN": (
        "2023-05-15",
        "Sở Khoa học và Công nghệ tỉnh Vĩnh Long",
        "Tờ trình",
    ),
    "4536/QĐ-UBND": (
        "2021-12-31",
        "Chủ tịch Ủy ban nhân dân tỉnh Vĩnh Long",
        "Kế hoạch phát triển KH&CN và ĐMST tỉnh Vĩnh Long giai đoạn 2021-2025",
    ),
    "1457/QĐ-UBND": (
        "2021-06-14",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Kế hoạch thực hiện Đề án Hỗ trợ hệ sinh thái khởi nghiệp đổi mới sáng tạo quốc gia "
        "đến năm 2025 giai đoạn 2021-2025",
    ),
    "776/QĐ-UBND": (
        "2021-04-05",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Chương trình hỗ trợ doanh nghiệp nâng cao năng suất và chất lượng sản phẩm hàng hóa "
        "2021-2025",
    ),
    "841/QĐ-UBND": (
        "2021-04-05",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Kế hoạch triển khai hệ thống truy xuất nguồn gốc sản phẩm hàng hóa",
    ),
    "4538/QĐ-UBND": (
        "2021-12-31",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Chương trình phát triển tài sản trí tuệ tỉnh Vĩnh Long 2021-2030",
    ),
    "1425/QĐ-UBND": (
        "2022-07-14",
        "Ủy ban nhân dân tỉnh Vĩnh Long",
        "Kế hoạch triển khai Chiến lược quốc gia về trí tuệ nhân tạo đến năm 2030",
    ),
}
#: What support measures and services rest on beside the plan; each says where it was read.
BESIDE_THE_PLAN = {"93/2025/QH15", "268/2025/NĐ-CP", "07/2017/QH14", "76/2018/NĐ-CP"}


@pytest.fixture(autouse=True)
def library(db: None) -> LegalDocumentIndexPage:
    """A new site with its library."""
    cache.clear()
    load_site()
    return LegalDocumentIndexPage.objects.get(locale__language_code="vi")


def one(number: str) -> LegalDocumentPage:
    return LegalDocumentPage.objects.get(number=number, locale__language_code="vi")


def change(number: str, **values: Any) -> LegalDocumentPage:
    """Publish a document with other values."""
    page = one(number)
    for name, value in values.items():
        setattr(page, name, value)
    page.full_clean()
    page.save_revision().publish()
    return one(number)


def found(text: str, **filters: tuple[str, ...]) -> list[str]:
    """Return the numbers of what the one search finds."""
    page = search.search(SearchQuery(text=text, kinds=("document",), filters=filters))
    return [str(hit.payload["number"]) for hit in page.hits]


def listed(client: Client, query: str) -> list[str]:
    """Return the numbers the list shows when it is narrowed like this."""
    cache.clear()
    html = client.get(f"/van-ban/?{query}").content.decode()
    return [re.sub(r"<.*?>|\u2060", "", no) for no in re.findall(r'<p class="no">(.*?)</p>', html)]


def read(client: Client, url: str) -> str:
    cache.clear()
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace("\u2060", "")


class TestSeed:
    def test_the_documents_of_the_plan_are_as_the_plan_names_them(self) -> None:
        seeded = {
            page.number: (str(page.signed_on), page.issuer.name, page.title)
            for page in LegalDocumentPage.objects.filter(locale__language_code="vi")
            if page.source == "Kế hoạch 1925/QĐ-UBND"
        }
        assert seeded == NAMED_BY_THE_PLAN

    def test_nothing_is_shown_that_nobody_knows(self, client: Client) -> None:
        others = set()
        for page in LegalDocumentPage.objects.filter(locale__language_code="vi"):
            assert (page.status, page.status_checked_on, page.file) == ("", None, None)
            assert page.source
            html = read(client, page.url)
            assert "<dt>Hiệu lực</dt>" not in html
            assert "Tải toàn văn" not in html
            if page.number not in NAMED_BY_THE_PLAN:
                others.add(page.number)
            else:
                assert "Có hiệu lực từ" not in html
        assert others == BESIDE_THE_PLAN


class TestFile:
    def test_words_of_a_file_are_found_until_it_is_replaced_and_taken_away(
        self, client: Client
    ) -> None:
        files = get_document_model().objects
        first = files.create(title="Bản 1", file=ContentFile(pdf_of(FIRST), "ban-1.pdf"))
        second = files.create(title="Bản 2", file=ContentFile(pdf_of(SECOND), "ban-2.pdf"))
        page = change("841/QĐ-UBND", file=first)
        kept = FileText.objects.get(document=first)
        assert (kept.state, kept.pages, kept.text) == ("text", 1, FIRST)
        assert found("máy sấy vỉ ngang") == ["841/QĐ-UBND"]
        html = read(client, "/tim-kiem/?q=máy+sấy+vỉ+ngang")
        assert page.url in html
        assert "Tải toàn văn" in read(client, page.url)
        change("841/QĐ-UBND", file=second)
        assert found("máy sấy vỉ ngang") == []
        assert found("quầy") == ["841/QĐ-UBND"]
        change("841/QĐ-UBND", file=None)
        assert found("quầy") == []

    def test_a_file_changed_or_deleted_among_the_files_takes_its_words_along(
        self, client: Client
    ) -> None:
        file = get_document_model().objects.create(
            title="Toàn văn", file=ContentFile(pdf_of(FIRST), "toan-van.pdf")
        )
        page = change("841/QĐ-UBND", file=file)
        assert "toan-van" in read(client, page.url)
        client.force_login(make_staff("editor"))
        answer = client.post(
            reverse("wagtaildocs:edit", args=[file.pk]),
            {
                "title": "Toàn văn",
                "collection": file.collection_id,
                "tags": "",
                "file": SimpleUploadedFile("moi.pdf", pdf_of(SECOND), "application/pdf"),
            },
        )
        assert answer.status_code == 302
        assert found("máy sấy vỉ ngang") == []
        assert found("quầy") == ["841/QĐ-UBND"]
        client.post(reverse("wagtaildocs:delete", args=[file.pk]))
        assert not get_document_model().objects.filter(pk=file.pk).exists()
        assert found("quầy") == []
        assert "Tải toàn văn" not in read(Client(), page.url)


class TestStanding:
    def test_a_reader_is_told_what_it_means_when_it_counts_and_what_it_is_about(
        self, client: Client
    ) -> None:
        page = change(
            "841/QĐ-UBND",
            intro="Cơ sở nhỏ được trả một nửa tiền tem.",
            who_benefits="Hợp tác xã trồng bưởi.",
            what_to_do="Gửi đơn.",
            dossier="- Đơn\n- Hóa đơn mua tem",
            deadline="Trước mùa thu hoạch.",
            effective_on=date(2021, 5, 1),
            expires_on=date(2024, 2, 29),
            topics=[term("document_topic", "nang_suat"), term("document_topic", "du_lieu")],
        )
        html = read(client, page.url)
        for said in (
            "Cơ sở nhỏ được trả một nửa tiền tem.",
            "Hợp tác xã trồng bưởi.",
            "Gửi đơn.",
            "<li>Hóa đơn mua tem</li>",
            "Trước mùa thu hoạch.",
            "Năng suất, chất lượng, truy xuất nguồn gốc · Dữ liệu, dữ liệu cá nhân",
        ):
            assert said in html
        facts = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL))
        assert facts["Có hiệu lực từ"] == "01/05/2021"
        assert facts["Hết hiệu lực từ"] == "29/02/2024"
        assert "Từ 29/02/2024." in facts["Hiệu lực"]
        assert found("hóa đơn mua tem") == ["841/QĐ-UBND"]

    @pytest.mark.parametrize(
        ("status", "label", "force"),
        [
            ("con", "Còn hiệu lực", "con"),
            ("mot_phan", "Hết hiệu lực một phần", "mot_phan"),
            ("thay_the", "Bị thay thế", "het"),
            ("bai_bo", "Bị bãi bỏ", "het"),
        ],
    )
    def test_a_status_is_shown_with_the_day_somebody_looked(
        self, client: Client, status: str, label: str, force: str
    ) -> None:
        with pytest.raises(ValidationError) as refused:
            change("841/QĐ-UBND", status=status)
        assert list(refused.value.message_dict) == ["status_checked_on"]
        page = change("841/QĐ-UBND", status=status, status_checked_on=date(2026, 11, 3))
        html = read(client, page.url)
        assert label in html.split("<dt>Hiệu lực</dt>")[1].split("</dd>")[0]
        assert "Kiểm tra ngày 03/11/2026." in html
        assert listed(client, f"hieu-luc={force}") == ["841/QĐ-UBND"]
        assert found("", in_force=(force,)) == ["841/QĐ-UBND"]
        other = "con" if force != "con" else "het"
        assert listed(client, f"hieu-luc={other}") == []
        assert found("", in_force=(other,)) == []

    def test_one_that_begins_later_does_not_count_yet(self, client: Client) -> None:
        soon = timezone.localdate() + timedelta(days=3)
        change("841/QĐ-UBND", effective_on=soon)
        assert listed(client, "hieu-luc=chua") == ["841/QĐ-UBND"]
        assert found("", in_force=("chua",)) == ["841/QĐ-UBND"]


class TestRelations:
    @pytest.mark.parametrize(
        ("kind", "does", "is_done"),
        [
            ("sua_doi", "Sửa đổi, bổ sung", "Được sửa đổi, bổ sung bởi"),
            ("thay_the", "Thay thế", "Bị thay thế bởi"),
            ("huong_dan", "Quy định chi tiết, hướng dẫn", "Được quy định chi tiết, hướng dẫn bởi"),
        ],
    )
    def test_both_sides_tell_of_it(
        self, client: Client, kind: str, does: str, is_done: str
    ) -> None:
        acting, other = one("4538/QĐ-UBND"), one("4536/QĐ-UBND")
        acting.relations.add(LegalRelation(kind=kind, target=other))
        acting.relations.add(LegalRelation(kind=kind, target_text="Quyết định 12/QĐ-XYZ"))
        acting.save_revision().publish()
        told = read(client, acting.url).split('id="lien-quan"')[1].split("</section>")[0]
        assert re.search(rf'<dt>{does}</dt>\s*<dd><a href="{other.url}">4536/QĐ-UBND</a>', told)
        assert re.search(rf"<dt>{does}</dt>\s*<dd>Quyết định 12/QĐ-XYZ</dd>", told)
        told = read(client, other.url).split('id="lien-quan"')[1].split("</section>")[0]
        assert re.search(rf'<dt>{is_done}</dt>\s*<dd><a href="{acting.url}">4538/QĐ-UBND</a>', told)

    def test_what_replaced_another_outside_the_library_says_so(self, client: Client) -> None:
        html = read(client, one("268/2025/NĐ-CP").url)
        assert re.search(r"<dt>Thay thế</dt>\s*<dd>Nghị định 13/2019/NĐ-CP</dd>", html)


@pytest.mark.parametrize(
    ("query", "facet", "kept", "left"),
    [
        ("nam=2022", {"document_year": ("2022",)}, "569/QĐ-TTg", "4538/QĐ-UBND"),
        ("chu-de=so_huu_tri_tue", {"topic": ("so_huu_tri_tue",)}, "4538/QĐ-UBND", "569/QĐ-TTg"),
        ("loai=to_trinh", {"document_type": ("to_trinh",)}, "532/TTr-SKHCN", "569/QĐ-TTg"),
        ("co-quan=thu-tuong", {"issuer": ("thu-tuong",)}, "569/QĐ-TTg", "532/TTr-SKHCN"),
    ],
)
def test_each_filter_keeps_its_own_and_leaves_out_the_rest(
    client: Client, query: str, facet: dict[str, tuple[str, ...]], kept: str, left: str
) -> None:
    for numbers in (listed(client, query), found("", **facet)):
        assert kept in numbers
        assert left not in numbers
