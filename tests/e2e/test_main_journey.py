"""The main job, in a browser, from an empty account to an answered enquiry."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from post_office.models import Email

from tests.e2e.browser import PHONE
from tests.e2e.conftest import leaving, sign_in, swapping
from tests.factories import LONG_TEXT, make_staff, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]

PASSWORD = "mot mat khau dai"
ORGANISATION = "Cơ khí Vàm Mới"
TECHNOLOGY = "Máy sấy cơm dừa dùng lò trấu"


def step_on(page: Page) -> None:
    with leaving(page):
        page.get_by_role("button", name=re.compile("^Lưu và (tiếp tục|xem lại)$")).first.click()


def tick_first(page: Page, name: str) -> None:
    page.locator(f"[name={name}]").first.check(force=True)


def verified_by_mail(page: Page) -> None:
    """Open the link of the verification mail, as its reader would."""
    call_command("worker", "--once")
    message = Email.objects.filter(to__contains="moi@vam.example").latest("pk").message
    link = re.search(r"https?://[^/\s]+(/\S+)", message)
    assert link, message
    page.goto(link.group(1))
    with leaving(page):
        page.get_by_role("button", name="Xác nhận").click()


def sign_up(page: Page) -> None:
    page.goto("/tai-khoan/signup/")
    page.fill("[name=full_name]", "Nguyễn Văn Mẫu")
    page.fill("[name=email]", "moi@vam.example")
    page.fill("[name=password1]", PASSWORD)
    expect(page.locator("[name=consent_account]")).not_to_be_checked()
    expect(page.locator("[name=consent_news]")).not_to_be_checked()
    page.check("[name=consent_account]")
    with leaving(page):
        page.click("main form button[type=submit]")
    verified_by_mail(page)
    expect(page).to_have_url(re.compile("/ban-lam-viec/$"))


def create_organisation(page: Page) -> None:
    page.goto("/ban-lam-viec/tao/to-chuc/")
    page.fill("[name=name_vi]", ORGANISATION)
    page.fill("[name=tax_code]", "0100109106")
    page.select_option("[name=roles-0-role]", index=2)
    step_on(page)
    page.fill("[name=summary_vi]", "Xưởng cơ khí làm máy sấy cho hợp tác xã.")
    page.fill("[name=description_vi]", "Chế tạo lò đốt trấu, máy sấy và bộ điều khiển.")
    step_on(page)
    tick_first(page, "sectors")
    step_on(page)
    page.fill("[name=commune]", "an binh")
    page.fill("[name=phone]", "0270 000 000")
    page.fill("[name=email]", "xuong@vam.example")
    step_on(page)
    choose_commune(page)


def choose_commune(page: Page) -> None:
    """Take the first commune offered when the typed name fits several."""
    choice = page.locator("main form input[type=radio][name^=commune]")
    if choice.count():
        choice.first.check(force=True)
        step_on(page)


def create_offer(page: Page) -> None:
    page.goto("/ban-lam-viec/tao/cong-nghe/")
    page.fill("[name=title_vi]", TECHNOLOGY)
    page.fill("[name=teaser_vi]", "Ban ngày lấy nhiệt mái, mưa thì tự chuyển sang lò trấu.")
    page.fill("[name=problem_vi]", "Mùa mưa không đủ nắng, cơ sở phải đốt than đá.")
    page.fill("[name=how_it_works_vi]", LONG_TEXT)
    step_on(page)
    tick_first(page, "sectors")
    step_on(page)
    page.locator("[name=trl][value='6']").check(force=True)
    page.select_option("[name=ip_status]", index=1)
    step_on(page)
    page.fill("[name=advantages_vi]", "Giảm tiền nhiên liệu, hàng loại 1 nhiều hơn.")
    page.fill("[name=confidential_vi]", "Bí quyết phối gió XYZQ")
    step_on(page)
    for name in ("objects_of_transfer", "forms", "methods"):
        tick_first(page, name)
    page.select_option("[name=price_type]", index=1)
    page.fill("[name=price_low]", "180000000")
    if not page.input_value("[name=commune]"):
        page.fill("[name=commune]", "an binh")
    step_on(page)
    choose_commune(page)


def send_for_review(page: Page) -> None:
    """Send the offer; its organisation goes along."""
    with leaving(page):
        page.get_by_role("button", name="Gửi xem xét").first.click()


def approve_everything(page: Page) -> None:
    for _ in range(2):
        page.goto("/quan-tri/xem-xet/")
        with leaving(page):
            page.locator(
                "main a[href*='/quan-tri/xem-xet/']", has_text=re.compile("TC|CN|Vàm|Máy")
            ).first.click()
        with leaving(page):
            page.locator("button[value=approve]").first.click()


def test_register_review_search_find_ask_answer(open_page: Any) -> None:
    moderator, buyer = make_staff("moderator", "Chuyên viên Duyệt"), make_user("Trần Thị Mua")
    verify(moderator)
    verify(buyer)

    # The name of her commune fits several: the form asks which.
    owner = open_page("/", viewport=PHONE, refused=r"/ban-lam-viec/ho-so/[\w-]+/sua/noi-dat/")
    sign_up(owner)
    create_organisation(owner)
    create_offer(owner)
    send_for_review(owner)
    expect(owner.locator("main")).to_contain_text("Đã tiếp nhận")

    stranger = open_page("/tim-kiem/?q=may+say+com+dua")
    expect(stranger.locator("main")).not_to_contain_text(TECHNOLOGY)

    desk = open_page("/")
    sign_in(desk, moderator.email)
    approve_everything(desk)

    visitor = open_page("/")
    visitor.fill("[name=q] >> nth=0", "may say com dua")
    with leaving(visitor):
        visitor.keyboard.press("Enter")
    expect(visitor.locator("main")).to_contain_text(TECHNOLOGY)
    visitor.goto("/thi-truong-cong-nghe/?q=may+say+com+dua")
    with swapping(visitor):
        visitor.locator("#loc input[type=checkbox][name=linh-vuc]").first.evaluate(
            "input => input.click()"
        )
    expect(visitor).to_have_url(re.compile("linh-vuc="))
    with swapping(visitor):
        visitor.locator("#loc input[type=checkbox][name=trl][value='6']").evaluate(
            "input => input.click()"
        )
    expect(visitor).to_have_url(re.compile("trl=6"))
    expect(visitor.locator("main")).to_contain_text("1 công nghệ")
    with leaving(visitor):
        visitor.get_by_role("link", name=TECHNOLOGY).first.click()
    expect(visitor.locator("h1")).to_have_text(re.compile("Máy.sấy.cơm.dừa"))
    assert "XYZQ" not in visitor.content()
    assert "xuong@vam.example" not in visitor.content()
    assert "180" not in visitor.locator("main").inner_text()

    with leaving(visitor):
        visitor.get_by_role("link", name="Gửi đề nghị").first.click()
    visitor.fill("input[name=login]", buyer.email)
    visitor.fill("input[name=password]", PASSWORD)
    with leaving(visitor):
        visitor.click("main form button[type=submit]")
    fill_enquiry(visitor)
    expect(visitor.locator("main")).to_contain_text("Đã chuyển")
    assert "xuong@vam.example" not in visitor.content()

    owner.goto("/ban-lam-viec/ket-noi/")
    assert "Trần Thị Mua" not in owner.content()
    with leaving(owner):
        owner.get_by_role("link", name="Có người quan tâm").first.click()
    assert "Trần Thị Mua" not in owner.content()
    with leaving(owner):
        owner.get_by_role("button", name="Chấp nhận").first.click()
    expect(owner.locator("main")).to_contain_text("Trần Thị Mua")

    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("xuong@vam.example")


def fill_enquiry(page: Page) -> None:
    for number, box in enumerate(page.locator("main form textarea:visible").all()):
        box.fill(f"Câu trả lời số {number + 1}: mua hai nhà sấy, lắp trước mùa mưa.")
    for box in page.locator(
        "main form input[type=checkbox][required], main form input[name*=consent]"
    ).all():
        box.check(force=True)
    page.select_option("main form select >> nth=0", index=1)
    with leaving(page):
        page.get_by_role("button", name="Gửi đề nghị").last.click()


def verify(user: Any) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
