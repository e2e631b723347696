"""The main job in Chromium through the proxy: register, review, find, ask, answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright
from servers import Failed
from stack import HOST, Stack

from tests.e2e.browser import FLAGS, chromium_path
from tests.e2e.conftest import leaving, sign_in
from tests.e2e.test_main_journey import (
    TECHNOLOGY,
    approve_everything,
    create_offer,
    create_organisation,
    fill_enquiry,
    send_for_review,
)

PASSWORD = "mot mat khau dai"  # noqa: S105 - of people who live for four minutes
OWNER, BUYER, FIRST = "moi@vam.example", "mua@cho.example", "quan-tri@hub.example"
WORDS = "may+say+com+dua"
NOTICE = "Tìm kiếm đang gián đoạn"


@contextmanager
def chromium(stack: Stack) -> Iterator[Browser]:
    """A browser that finds our host at the proxy's port."""
    rules = f"MAP {HOST}:443 127.0.0.1:{stack.https}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=[*FLAGS, f"--host-resolver-rules={rules}"]
        )
        yield browser
        browser.close()


def window(browser: Browser) -> Page:
    """Return a page of a person of its own; the certificate is self-signed here."""
    context = browser.new_context(
        base_url=f"https://{HOST}",
        ignore_https_errors=True,
        locale="vi-VN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def confirm(stack: Stack, page: Page, address: str) -> None:
    """Open the link of the verification mail."""
    text = stack.mailbox.wait_for(address, having="confirm-email")
    link = re.search(rf"https://{HOST}/\S+", text)
    if not link:
        raise Failed(f"thư xác nhận không có địa chỉ của trang: {text}")
    page.goto(link.group(0))
    with leaving(page):
        page.get_by_role("button", name="Xác nhận").click()


def sign_up(stack: Stack, page: Page, name: str, address: str) -> None:
    """Register and confirm the address."""
    page.goto("/tai-khoan/signup/")
    page.fill("[name=full_name]", name)
    page.fill("[name=email]", address)
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=consent_account]")
    with leaving(page):
        page.click("main form button[type=submit]")
    confirm(stack, page, address)
    expect(page).to_have_url(re.compile("/ban-lam-viec/"))


def code(secret: str) -> str:
    """Return the present code of an authenticator app (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def first_administrator(stack: Stack, page: Page) -> None:
    """Log in as who installed: address confirmed by mail, then a second factor, then the admin."""
    sign_in(page, FIRST, PASSWORD)
    confirm(stack, page, FIRST)
    if "/login/" in page.url:
        sign_in(page, FIRST, PASSWORD)
    page.goto("/quan-tri/")
    if "/quan-tri/" in page.url:
        raise Failed("trang quản trị mở ra mà không hỏi xác thực hai bước")
    page.goto("/tai-khoan/2fa/totp/activate/")
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", PASSWORD)
        with leaving(page):
            page.click("main form button[type=submit]")
    page.fill("input[name=code]", code(page.locator("main code").first.inner_text().strip()))
    with leaving(page):
        page.click("main form button[type=submit]")
    page.goto("/quan-tri/xem-xet/")
    expect(page).to_have_url(re.compile("/quan-tri/xem-xet/"))


def send_file(page: Page) -> None:
    """Put a file into the library that is longer than what anybody may send: the proxy asks who it is."""
    page.goto("/quan-tri/documents/add/")
    words = b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\nA\n\n" * 12_000
    page.set_input_files(
        "input[name=file]", {"name": "loi.vtt", "mimeType": "text/vtt", "buffer": words}
    )
    page.fill("input[name=title]", "Lời của phim")
    with leaving(page):
        page.locator("main form[enctype] button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/quan-tri/documents/$"))
    expect(page.locator("main")).to_contain_text("Lời của phim")


def shown(page: Page) -> str:
    """Return the words of a page; the blanks that keep compounds on one line are blanks here."""
    return page.locator("main").inner_text().replace("\xa0", " ")


def found(page: Page) -> bool:
    """Whether a visitor finds the technology."""
    page.goto(f"/tim-kiem/?q={WORDS}")
    return TECHNOLOGY in shown(page)


def until_found(page: Page, *, notice: bool, seconds: float = 10) -> float:
    """Search until the technology is found, with or without the notice; return the seconds it took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        answer = page.goto(f"/tim-kiem/?q={WORDS}")
        if answer is None or answer.status != 200:
            raise Failed(f"trang tìm kiếm trả {answer and answer.status}")
        text = shown(page)
        if TECHNOLOGY in text and (NOTICE in text) == notice:
            return time.monotonic() - started
        time.sleep(0.3)
    raise Failed(f"sau {seconds} giây vẫn không thấy hồ sơ (thông báo gián đoạn: {notice})")


def publish(stack: Stack, browser: Browser) -> tuple[Page, Page, float]:
    """Register, describe, approve; return the owner's and a visitor's window and the seconds to find."""
    owner, desk, visitor = window(browser), window(browser), window(browser)
    sign_up(stack, owner, "Nguyễn Văn Mẫu", OWNER)
    create_organisation(owner)
    create_offer(owner)
    send_for_review(owner)
    expect(owner.locator("main")).to_contain_text("Đã tiếp nhận")
    if found(visitor):
        raise Failed("hồ sơ chưa duyệt đã tìm thấy")
    first_administrator(stack, desk)
    send_file(desk)
    approve_everything(desk)
    return owner, visitor, until_found(visitor, notice=False)


def ask_and_answer(stack: Stack, owner: Page, visitor: Page) -> None:
    """A second person registers, asks; the owner accepts; each sees the other only then."""
    sign_up(stack, visitor, "Trần Thị Mua", BUYER)
    visitor.goto(f"/thi-truong-cong-nghe/?q={WORDS}")
    with leaving(visitor):
        visitor.get_by_role("link", name=TECHNOLOGY).first.click()
    for secret in ("XYZQ", "xuong@vam.example"):
        if secret in visitor.content():
            raise Failed(f"trang công khai lộ {secret}")
    with leaving(visitor):
        visitor.get_by_role("link", name="Gửi đề nghị").first.click()
    fill_enquiry(visitor)
    expect(visitor.locator("main")).to_contain_text("Đã chuyển")
    owner.goto("/ban-lam-viec/ket-noi/")
    with leaving(owner):
        owner.get_by_role("link", name="Có người quan tâm").first.click()
    with leaving(owner):
        owner.get_by_role("button", name="Chấp nhận").first.click()
    expect(owner.locator("main")).to_contain_text("Trần Thị Mua")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("xuong@vam.example")
    stack.mailbox.wait_for(OWNER, having="/ban-lam-viec/ket-noi/")
