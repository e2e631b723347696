"""The admin's front page and its reports, for those who write pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from cms.desk.home import EditorsPanel
from cms.events.models import EventPage
from cms.news.models import NewsIndexPage, NewsPage
from registry.accounts.models import User
from tests.integration import events_support

pytestmark = pytest.mark.django_db
HOME = "/quan-tri/"


def panel(user: Any) -> str:
    """Return what the panel shows to somebody."""
    request = RequestFactory().get(HOME)
    request.user = User.objects.get(pk=user.pk)
    return EditorsPanel().render_html({"request": request})


def draft(news: NewsIndexPage, user: Any, title: str, slug: str) -> NewsPage:
    page = NewsPage(title=title, slug=slug, intro="Tóm tắt.", live=False, owner=user)
    news.add_child(instance=page)
    page.save_revision(user=user)
    return page


def event(title: str, starts_in: timedelta) -> EventPage:
    starts = timezone.now() + starts_in
    return events_support.published(
        title=title, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )


def test_an_editor_sees_what_waits_and_begins_with_one_click(at_work: Any, news: Page) -> None:
    editor, client = at_work("editor")
    writer, _ = at_work("contributor")
    draft(news, editor, "Tin đang viết", "dang-viet")
    draft(news, writer, "Tin của người khác", "nguoi-khac")
    later = draft(news, writer, "Tin hẹn giờ", "hen-gio")
    later.go_live_at = timezone.now() + timedelta(days=2)
    later.save_revision(user=writer).publish(user=editor)
    event("Hội thảo sắp tới", timedelta(days=3))
    event("Hội thảo đã xong", timedelta(days=-3))
    event("Hội thảo năm sau", timedelta(days=300))
    handed_in = draft(news, writer, "Tin chờ duyệt", "cho-duyet")
    handed_in.get_workflow().start(handed_in, writer)
    shown = client.get(HOME).content.decode()
    for words in (
        "Viết tin",
        "Thêm sự kiện",
        "Tin đang viết",
        "Tin hẹn giờ",
        "Hội thảo sắp tới",
        "Hội thảo đã xong",
        "Tin chờ duyệt",
        "liên kết hỏng",
    ):
        assert words in shown, words
    mine = panel(editor)
    assert "Tin của người khác" not in mine
    assert "Hội thảo năm sau" not in mine
    assert f"/quan-tri/pages/add/news/newspage/{news.pk}/" in mine
    theirs = panel(writer)
    assert "Tin của người khác" in theirs
    assert "Chờ bạn duyệt" not in theirs


def test_who_writes_no_pages_sees_no_panel_and_no_report(at_work: Any) -> None:
    moderator, client = at_work("moderator")
    assert panel(moderator) == ""
    assert "Liên kết hỏng" not in client.get(HOME).content.decode()
    assert client.get("/quan-tri/ban-bien-tap/lien-ket-hong/").status_code == 302


def test_the_panel_is_fast(at_work: Any, news: Page, django_assert_max_num_queries: Any) -> None:
    editor, _client = at_work("editor")
    for number in range(8):
        draft(news, editor, f"Tin {number}", f"tin-{number}")
        event(f"Hội thảo {number}", timedelta(days=number + 1))
    handed_in = draft(news, at_work("contributor")[0], "Tin chờ duyệt", "cho-duyet")
    handed_in.get_workflow().start(handed_in, handed_in.owner)
    # The links of the site are looked at once in a while, and when something is published.
    panel(editor)
    with django_assert_max_num_queries(15):
        panel(editor)


def test_pages_nobody_looked_at_for_a_year_are_listed_by_section_with_their_owner(
    at_work: Any, news: Page
) -> None:
    editor, client = at_work("editor")
    User.objects.filter(pk=editor.pk).update(full_name="Trần Thị Giữ")
    page = draft(news, editor, "Tin năm kia", "nam-kia")
    page.save_revision().publish()
    address = "/quan-tri/ban-bien-tap/trang-lau-chua-xem-lai/"
    assert "Tin năm kia" not in client.get(address).content.decode()
    Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=400))
    shown = client.get(address).content.decode()
    for words in ("Tin năm kia", "Trần Thị Giữ", f"/quan-tri/pages/{page.pk}/edit/"):
        assert words in shown
    other = Page.objects.get(slug="su-kien", locale__language_code="vi")
    assert "Tin năm kia" in client.get(address, {"section": news.path}).content.decode()
    narrowed = client.get(f"{address}ket-qua/", {"section": other.path}).content.decode()
    assert "Tin năm kia" not in narrowed
    sheet = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
    assert "Tin năm kia" in sheet
    assert "Tin tức" in sheet
    assert "1 trang" in " ".join(panel(editor).replace("<b>", "").replace("</b>", "").split())


def test_files_in_no_use_are_found_from_the_reports_menu(
    at_work: Any, news: Page, settings: Any
) -> None:
    _editor, client = at_work("editor")
    image = get_image_model()
    used = image.objects.create(title="Ảnh có dùng", file=get_test_image_file())
    image.objects.create(title="Ảnh bỏ quên", file=get_test_image_file())
    get_document_model().objects.create(title="Biểu mẫu bỏ quên", file="bieu-mau.pdf")
    page = NewsPage(title="Tin", slug="tin-anh", intro="Tóm tắt.", image=used)
    news.add_child(instance=page)
    menu = client.get(HOME).content.decode()
    for address, forgotten in (
        ("/quan-tri/images/?usage_count_max=0", "Ảnh bỏ quên"),
        ("/quan-tri/documents/?usage_count_max=0", "Biểu mẫu bỏ quên"),
    ):
        assert address in menu
        shown = client.get(address).content.decode()
        assert forgotten in shown
        assert "Ảnh có dùng" not in shown
