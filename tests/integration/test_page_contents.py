"""What a visitor reads on the pages of a new site: services, programmes, the press, partners, calls."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from cms.pages.models import PartnersPage, ProgrammePage, ServicePage
from tests.integration.awards_support import award, over, published
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    cache.clear()
    load_site()


def main_of(client: Client, path: str) -> str:
    """Return what stands in the middle of the page, without its no-break spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    main = unescape(answer.content.decode()).split("<main", 1)[1].split("</main>", 1)[0]
    return main.replace("\xa0", " ").replace("\u2060", "")


def facts(html: str) -> dict[str, str]:
    """Return the list of names and values beside the text."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd.*?>(.*?)</dd>", html, re.DOTALL)
    return {name: " ".join(value.split()) for name, value in pairs}


@pytest.mark.parametrize(
    ("language", "ask", "fee", "contact"),
    [
        ("vi", "Hỏi ai", "Phí", "Gửi lời nhắn ở trang Liên hệ, chọn “Dịch vụ của Trung tâm”."),
        (
            "en",
            "Whom to ask",
            "Fee",
            "Write to us on the Contact page and choose “The Centre's services”.",
        ),
    ],
)
def test_a_service_says_for_whom_at_what_fee_how_with_what_and_whom_to_ask(
    client: Client, language: str, ask: str, fee: str, contact: str
) -> None:
    services = ServicePage.objects.filter(locale__language_code=language)
    assert services.count() == 4
    for page in services:
        html = main_of(client, page.url)
        beside = facts(html)
        assert (beside[ask], beside[fee]) == (contact, page.fee)
        assert page.fee
        assert page.who
        assert page.who in html
        titles = [block.value["title"] for block in page.steps]
        assert titles
        assert re.findall(r"<b>(.*?)</b>", html.split('<ol class="steps')[1])[: len(titles)] == (
            titles
        )
        assert re.findall(r"<li>([^<]+)</li>", html)[: len(page.paper_list)] == page.paper_list
    prepared = main_of(client, "/dich-vu/mo-ho-so/")
    assert "<li>Mã số thuế, nếu có</li>" in prepared


def test_each_of_the_five_programmes_of_the_plan_has_a_page_of_its_own(client: Client) -> None:
    pages = ProgrammePage.objects.filter(locale__language_code="vi").select_related("programme")
    # Plan 1925/QĐ-UBND, II.2-5.
    assert {page.programme.code: page.decision for page in pages} == {
        "khoi_nghiep": "1457/QĐ-UBND ngày 14/06/2021",
        "nang_suat": "776/QĐ-UBND ngày 05/04/2021",
        "truy_xuat": "841/QĐ-UBND ngày 05/04/2021",
        "tai_san_tri_tue": "4538/QĐ-UBND ngày 31/12/2021",
        "tri_tue_nhan_tao": "1425/QĐ-UBND ngày 14/07/2022",
    }
    listed = main_of(client, "/chuong-trinh/")
    for page in pages:
        assert f'href="{page.url}"' in listed
        html = main_of(client, page.url)
        assert facts(html).get("Giai đoạn", "") == page.period
        for block in page.goals:
            assert block.value["text"] in html


def test_the_press_finds_files_words_and_whom_to_ask(client: Client) -> None:
    html = main_of(client, "/gioi-thieu/tu-lieu-truyen-thong/")
    for name in ("dau-hieu-xanh", "dau-hieu-mam", "dau-hieu-den", "dau-hieu-trang"):
        for ending in ("svg", "png"):
            assert f'href="/static/media-kit/{name}.{ending}" download' in html
    assert "Chép nguyên văn được." in html
    assert "Gửi lời nhắn ở trang Liên hệ, chọn “Báo chí, hợp tác”." in html


def test_partners_are_told_with_what_is_done_together_and_the_source(client: Client) -> None:
    page = PartnersPage.objects.get(locale__language_code="vi")
    html = main_of(client, "/gioi-thieu/mang-luoi/")
    partners = [partner for block in page.networks for partner in block.value["partners"]]
    assert partners
    for partner in partners:
        assert partner["name"] in html
        assert partner["what"] in html
        assert f"Nguồn: {partner['source']}" in html


def test_the_site_map_leads_to_rooms_pages_and_what_is_below_them(client: Client) -> None:
    html = main_of(client, "/so-do-trang/")
    for path in (
        "/thi-truong-cong-nghe/",
        "/danh-ba/",
        "/dich-vu/",
        "/dich-vu/ket-noi/",
        "/chuong-trinh/tai-san-tri-tue/",
        "/gioi-thieu/mang-luoi/",
        "/hoi-dap/",
    ):
        assert f'href="{path}"' in html, path


def test_open_calls_are_listed_until_they_close(client: Client) -> None:
    assert "Chưa có đợt nhận hồ sơ nào." in main_of(client, "/dot-nhan-ho-so/")
    above = award()
    open_now = published(above, title="Đợt đang nhận ở Vũng Liêm")
    past = over(above, title="Đợt đã qua ở Trà Ôn")
    html = main_of(client, "/dot-nhan-ho-so/")
    assert "Chưa có đợt nhận hồ sơ nào." not in html
    assert f'href="{open_now.url}"' in html
    assert "Đợt đang nhận ở Vũng Liêm" in html
    assert past.title not in html
