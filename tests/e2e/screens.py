"""Screenshots of every page type at 390 and 1280 px, light and dark, of a running demo site.

Run as `python tests/e2e/screens.py [http://127.0.0.1:8000]` beside `make run`; the pictures go to
`tests/e2e/shots/`. For looking at, not for comparing by machine.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from tests.e2e.browser import DESKTOP, FLAGS, PHONE, SHOTS, chromium_path  # noqa: E402

DEMO_PASSWORD = "trung-tam-minh-hoa"
PUBLIC = {
    "home": "/",
    "home-en": "/en/",
    "home-km": "/km/",
    "search": "/tim-kiem/?q=may+say",
    "nothing": "/tim-kiem/?q=qqqq+zzzz",
    "directory": "/danh-ba/",
    "market": "/thi-truong-cong-nghe/",
    "compare": "/so-sanh/?so=cn-0001&so=cn-0002&so=cn-0003",
    "compare-none": "/so-sanh/",
    "events": "/su-kien/",
    "month": "/su-kien/?xem=thang",
    "event": "/su-kien/minh-hoa-ket-noi-bao-quan-trai-cay/",
    "awards": "/giai-thuong/",
    "award": "/giai-thuong/minh-hoa-doi-moi-sang-tao-chau-tho/",
    "call": "/giai-thuong/minh-hoa-doi-moi-sang-tao-chau-tho/nam-2026/",
    "results": "/giai-thuong/minh-hoa-doi-moi-sang-tao-chau-tho/nam-2025/",
    "documents": "/van-ban/",
    "document": "/van-ban/268-2025-nd-cp/",
    "services": "/dich-vu/",
    "service": "/dich-vu/dang-cong-nghe/",
    "support": "/ho-tro/",
    "news": "/tin-tuc/",
    "article": "/tin-tuc/vinh-long-xep-17-34-pii-2025/",
    "story": "/tin-tuc/minh-hoa-muoi-hai-tuan-chay-thu/",
    "programmes": "/chuong-trinh/",
    "programme": "/chuong-trinh/tai-san-tri-tue/",
    "about": "/gioi-thieu/",
    "people": "/gioi-thieu/minh-hoa-co-cau-con-nguoi/",
    "partners": "/gioi-thieu/mang-luoi/",
    "media-kit": "/gioi-thieu/tu-lieu-truyen-thong/",
    "contact": "/lien-he/",
    "questions": "/hoi-dap/",
    "calls": "/dot-nhan-ho-so/",
    "site-map": "/so-do-trang/",
    "accessibility": "/kha-nang-tiep-can/",
    "privacy": "/du-lieu-ca-nhan/",
    "report": "/bao-sai/cn-0001/",
    "login": "/tai-khoan/login/",
    "signup": "/tai-khoan/signup/",
    "missing": "/khong-co-trang-nay/",
    "styleguide": "/styleguide/",
}
OWNER = {
    "workspace": "/ban-lam-viec/",
    "entries": "/ban-lam-viec/ho-so/",
    "form-organisation": "/ban-lam-viec/tao/to-chuc/",
    "form-offer": "/ban-lam-viec/tao/cong-nghe/",
    "enquiries": "/ban-lam-viec/ket-noi/",
    "members": "/ban-lam-viec/thanh-vien/",
}
DESK = {"desk": "/quan-tri/xem-xet/", "desk-entries": "/quan-tri/xem-xet/ho-so/"}


def first_link(page: Page, pattern: str) -> str:
    """Return the first address on the page that matches, or an empty text."""
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next((link for link in links if re.search(pattern, link)), "")


def details(page: Page) -> dict[str, str]:
    """Return the addresses of one entry of each kind, found on the lists."""
    found = {}
    for name, listing, pattern in (
        ("offer", "/thi-truong-cong-nghe/", r"-cn-\d+/$"),
        ("organisation", "/danh-ba/?loai=to-chuc", r"-tc-\d+/$"),
        ("lab", "/danh-ba/?loai=phong-thi-nghiem", r"-tn-\d+/$"),
    ):
        page.goto(listing)
        if address := first_link(page, pattern):
            found[name] = address
    return found


def log_in(page: Page, email: str) -> None:
    """Sign in with one of the demo accounts."""
    page.goto("/tai-khoan/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", DEMO_PASSWORD)
    with page.expect_navigation():
        page.click("main form button[type=submit]")


def take(browser: Browser, site: str, email: str, pages: dict[str, str]) -> None:
    """Write the four pictures of each page, as this account (or as nobody) sees it."""
    for width, viewport in ((390, PHONE), (1280, DESKTOP)):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=site, viewport=viewport, color_scheme=scheme, locale="vi-VN"
            )
            page = context.new_page()
            if email:
                log_in(page, email)
                if email.startswith("xem-xet") and width == 390 and scheme == "light":
                    page.goto(DESK["desk"])
                    if case := first_link(page, r"/quan-tri/xem-xet/\d+/$"):
                        pages["desk-case"] = case
            elif "offer" not in pages:
                pages |= details(page)
            for name, address in pages.items():
                page.goto(address)
                page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
            context.close()


def main() -> None:
    """Take all pictures."""
    site = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    SHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        take(browser, site, "", dict(PUBLIC))
        take(browser, site, "chu-ho-so@minh-hoa.example", dict(OWNER))
        take(browser, site, "xem-xet@minh-hoa.example", dict(DESK))
        browser.close()
    print(f"{len(list(SHOTS.glob('*.png')))} ảnh trong {SHOTS.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
