"""Readers find the documents the Centre works with; the library says only what is known of them."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pypdf import PdfWriter
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.documents.extract import extract
from cms.documents.models import FileText, LegalDocumentIndexPage, LegalDocumentPage
from cms.documents.publishing import turn
from cms.documents.selectors import standing
from cms.pages.models import StandardPage
from search import service as search
from search.contracts import SearchQuery
from tests.factories import make_staff
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library(db: None) -> LegalDocumentIndexPage:
    """A new site with its library."""
    cache.clear()
    load_site()
    return LegalDocumentIndexPage.objects.get(locale__language_code="vi")


def one(number: str) -> LegalDocumentPage:
    return LegalDocumentPage.objects.get(number=number, locale__language_code="vi")


def found(text: str, **filters: tuple[str, ...]) -> list[str]:
    page = search.search(SearchQuery(text=text, kinds=("document",), filters=filters))
    return [hit.title for hit in page.hits]


def test_loading_again_changes_nothing(library: LegalDocumentIndexPage) -> None:
    count = LegalDocumentPage.objects.count()
    call_command("load_site", verbosity=0)
    assert LegalDocumentPage.objects.count() == count
    assert library.slug == "van-ban"


def test_the_list_shows_what_the_plan_names_and_no_state_nobody_checked(client: Client) -> None:
    html = client.get("/van-ban/").content.decode()
    assert "1925/QĐ-UBND" in html
    assert "569/QĐ-TTg" in html
    assert "Còn hiệu lực" not in html


def test_filters_narrow_and_refuse_what_does_not_exist(client: Client) -> None:
    html = client.get("/van-ban/?co-quan=thu-tuong").content.decode()
    assert "569/QĐ-TTg" in html
    assert "4538/QĐ-UBND" not in html
    for query in ("loai=%00", "nam=abcd", "hieu-luc=x", "trang=99", "trang=٣"):
        assert client.get(f"/van-ban/?{query}").status_code == 400, query


def test_relations_show_from_both_sides(client: Client) -> None:
    plan, strategy = one("1925/QĐ-UBND"), one("569/QĐ-TTg")
    assert strategy.url in client.get(plan.url).content.decode()
    html = client.get(strategy.url).content.decode()
    assert "Là căn cứ của" in html
    assert plan.url in html


def test_found_by_number_and_facets_and_no_second_time_as_a_page() -> None:
    title = one("4538/QĐ-UBND").title
    assert title in found("4538")
    assert title in found("tài sản trí tuệ", issuer=("ubnd-tinh",))
    assert found("", document_type=("nghi_quyet",)) == []
    pages = search.search(SearchQuery(text="phát triển tài sản trí tuệ", kinds=("page",)))
    assert title not in [hit.title for hit in pages.hits]


def test_days_decide_before_what_was_noted() -> None:
    today = date(2026, 11, 24)
    assert standing("", None, None, today=today).label == ""
    assert standing("con", None, date(2026, 11, 24), today=today).code == "het"
    assert standing("", date(2026, 11, 25), None, today=today).code == "chua"
    assert standing("con", date(2026, 11, 24), None, today=today).code == "con"


def test_a_document_ceases_to_count_on_its_day_though_the_worker_stood_still() -> None:
    page, today = one("841/QĐ-UBND"), timezone.localdate()
    page.status, page.status_checked_on = "con", today
    page.expires_on = today + timedelta(days=1)
    page.save_revision().publish()
    assert page.title in found("", in_force=("con",))
    LegalDocumentPage.objects.filter(pk=page.pk).update(expires_on=today - timedelta(days=3))
    assert turn() == 1
    assert page.title not in found("", in_force=("con",))
    assert page.title in found("", in_force=("het",))
    assert turn(today + timedelta(days=30)) == 0


def test_what_an_editor_wrote_at_the_old_address_stands_on_below_the_list(
    client: Client, library: LegalDocumentIndexPage
) -> None:
    home = library.get_parent()
    library.delete()
    old = Page.objects.get(pk=home.pk).add_child(
        instance=StandardPage(
            title="Văn bản",
            slug="van-ban",
            locale=home.locale,
            body=json.dumps([{"type": "heading", "value": "Điều biên tập viên viết"}]),
        )
    )
    old.save_revision(user=make_staff("editor")).publish()
    call_command("load_site", verbosity=0)
    html = client.get("/van-ban/").content.decode()
    assert "1925/QĐ-UBND" in html
    assert "Điều biên tập viên viết" in html
    assert StandardPage.objects.filter(pk=old.pk, live=False).exists()


def test_no_file_holds_the_site() -> None:
    assert extract(io.BytesIO(b"<html>")).state == "foreign"
    assert extract(io.BytesIO(b"%PDF-1.7\n" + b"\x00\xff" * 5000)).state == "broken"
    blank = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(blank)
    blank.seek(0)
    assert extract(blank).state == "scan"


def test_a_scan_says_so(client: Client) -> None:
    data = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(data)
    page = one("841/QĐ-UBND")
    file = ContentFile(data.getvalue(), name="ban-chup.pdf")
    page.file = get_document_model().objects.create(title="Bản chụp", file=file)
    page.save_revision().publish()
    assert FileText.objects.get().state == "scan"
    assert "Tệp là bản chụp" in client.get(page.url).content.decode()
