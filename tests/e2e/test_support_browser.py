"""Somebody on a phone finds out what they may get; an editor puts a rule together by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from registry.support.models import SupportMeasure
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import in_anyones_way, leaving, sign_in
from tests.factories import make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_asks_on_a_phone_without_javascript_and_nothing_stands_in_the_way(
    open_page: Callable[..., Page],
) -> None:
    call_command("demo_support", verbosity=0)
    page = open_page("/ho-tro/", viewport=PHONE, javascript=False)
    page.select_option("[name=la]", "htx")
    page.select_option("[name=noi-dat]", "xa")
    page.fill("[name=nam]", str(timezone.localdate().year - 3))
    page.get_by_role("checkbox", name="Dừa và sản phẩm từ dừa").check()
    with leaving(page):
        page.get_by_role("button", name="Xem kết quả").click()
    assert "linh-vuc=dua" in page.url
    card = page.get_by_role("article", name="Vay ưu đãi")
    expect(card.get_by_text("Lĩnh vực: dừa")).to_be_visible()
    card.get_by_role("checkbox", name="Phương án đầu tư").check()
    with leaving(page):
        card.get_by_role("button").click()
    card = page.get_by_role("article", name="Vay ưu đãi")
    expect(card.get_by_text("Còn thiếu 2 giấy tờ bắt buộc")).to_be_visible()
    missing = page.get_by_role("article", name="Phiếu hỗ trợ")
    missing.get_by_role("link", name="Quy mô thế nào?").click()
    expect(page).to_have_url(re.compile("#id_quy-mo$"))
    answered, measure = page.url.partition("#")[0], SupportMeasure.objects.earliest("pk")

    page = open_page("/ho-tro/")
    for path in ("/ho-tro/", answered, measure.get_absolute_url()):
        page.goto(path)
        assert in_anyones_way(page, PHONE, DESKTOP) == [], path


def test_an_editor_builds_a_rule_and_tries_it(open_page: Callable[..., Page]) -> None:
    call_command("demo_support", verbosity=0)
    editor = make_staff("editor")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    measure = SupportMeasure.objects.earliest("pk")
    page = open_page("/", viewport=DESKTOP)
    sign_in(page, editor.email)
    page.goto(f"/quan-tri/snippets/support/supportmeasure/edit/{measure.pk}/")
    page.get_by_role("tab", name="Ai phù hợp").click()
    page.get_by_role("button", name="Thêm nhóm điều kiện").click()
    group = page.locator("[data-rule-at]").last
    group.locator("select").first.select_option("none")
    group.locator("[data-rule-fact]").select_option("sector")
    group.get_by_role("checkbox", name="Du lịch").check()
    group.get_by_role("button", name="Thêm điều kiện").click()
    group.get_by_role("button", name="Bỏ điều kiện").last.click()
    page.select_option("[name=thu-la]", "htx")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Thử quy tắc").click()
    trial = opened.value
    trial.wait_for_load_state()
    expect(trial.get_by_text("Còn thiếu thông tin")).to_be_visible()
    expect(trial.get_by_text("Lĩnh vực: không phải du lịch")).to_be_visible()
    trial.close()
    page.get_by_role("button", name=re.compile("Lưu")).first.click()
    page.wait_for_load_state()
    draft = SupportMeasure.objects.get(pk=measure.pk).get_latest_revision_as_object()
    assert {"none": [{"fact": "sector", "is": "in", "of": ["du-lich"]}]} in draft.rule["all"]
