"""What the masthead and the footer lead to: only rooms that exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext, pgettext_lazy

from cms.pages.selectors import pages_in_menus

#: Menus change when an editor publishes; another process may show the old one this long.
MENU_SECONDS = 60
#: Names of pages in menus (words.md §4); a page that has no English title yet is called by these.
USUAL = (
    pgettext_lazy("mục lục", "Sự kiện"),
    pgettext_lazy("mục lục", "Giải thưởng"),
    pgettext_lazy("mục lục", "Dịch vụ"),
    pgettext_lazy("mục lục", "Tin tức"),
    pgettext_lazy("mục lục", "Giới thiệu"),
    pgettext_lazy("mục lục", "Văn bản"),
    pgettext_lazy("mục lục", "Dữ liệu mở"),
    pgettext_lazy("mục lục", "Liên hệ"),
    pgettext_lazy("mục lục", "Dữ liệu cá nhân"),
    pgettext_lazy("mục lục", "Khả năng tiếp cận"),
    pgettext_lazy("mục lục", "Chương trình"),
    pgettext_lazy("mục lục", "Hỏi đáp"),
    pgettext_lazy("mục lục", "Đợt nhận hồ sơ"),
    pgettext_lazy("mục lục", "Sơ đồ trang"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One link. `current` is true on the page itself and on everything below it."""

    label: str
    url: str
    current: bool = False


def address(name: str, *args: Any) -> str:
    """Return the address of a named room, or nothing when that room does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def home_url() -> str:
    """Return the address of the home page in the active language."""
    return "/" if (translation.get_language() or "vi").startswith("vi") else "/en/"


def rooms(*pairs: tuple[str, str]) -> list[Item]:
    """Return links to the rooms of (label, URL name) that exist."""
    found = [(label, address(name)) for label, name in pairs]
    return [Item(label, url) for label, url in found if url]


def menu_pages() -> dict[str, list[Item]]:
    """Return menu place → the live pages that editors put into it, in the active language."""
    language = translation.get_language() or "vi"
    key = _menu_key(language)
    menus = cache.get(key)
    if menus is None:
        menus = pages_in_menus(language)
        cache.set(key, menus, MENU_SECONDS)
    return {
        place: [Item(pgettext("mục lục", label), url) for label, url in pages]
        for place, pages in menus.items()
    }


def forget_menus(**_: Any) -> None:
    """Let the next request read the menus anew; called when a page appears, moves or goes."""
    cache.delete_many([_menu_key(code) for code, _name in settings.INTERFACE_LANGUAGES])


def _menu_key(language: str) -> str:
    return f"cms.menus.{language}"


def _marked(items: Iterable[Item], path: str) -> list[Item]:
    return [replace(item, current=path.startswith(item.url)) for item in items]


def main(path: str, pages: Iterable[Item]) -> list[Item]:
    """Return the main menu, its last items the pages that editors put there."""
    items = rooms(
        (gettext("Danh bạ"), "search:directory"),
        (gettext("Thị trường công nghệ"), "search:market"),
    )
    return _marked([*items, *pages], path)


def account(path: str, *, signed_in: bool, staff: bool) -> list[Item]:
    """Return what stands at the right of the masthead."""
    if not signed_in:
        return _marked(rooms((gettext("Đăng nhập"), "account_login")), path)
    items = rooms((gettext("Bàn làm việc"), "workspace:home"))
    if staff:
        items += rooms((gettext("Quản trị"), "wagtailadmin_home"))
    return _marked([*items, *rooms((gettext("Tài khoản"), "accounts:profile"))], path)


def phone(path: str, *, signed_in: bool, staff: bool) -> list[Item]:
    """Return what the menu of a phone adds to the main menu."""
    items = account(path, signed_in=signed_in, staff=staff)
    if signed_in:
        extra = rooms((gettext("Đăng xuất"), "account_logout"))
    else:
        extra = rooms((gettext("Tạo tài khoản"), "account_signup"))
    return items + _marked(extra, path)


def everywhere() -> list[Item]:
    """Return the rooms beside the editors' pages, for the site map."""
    return [
        *browse(),
        *rooms(
            (gettext("Bàn làm việc"), "workspace:home"),
            (gettext("Đăng nhập"), "account_login"),
            (gettext("Tạo tài khoản"), "account_signup"),
        ),
    ]


def browse() -> list[Item]:
    """Return the footer's ways into the catalogue."""
    return rooms(
        (gettext("Công nghệ chào chuyển giao"), "search:market"),
        (gettext("Tổ chức, phòng thí nghiệm"), "search:directory"),
        (gettext("Tìm kiếm"), "search:all"),
    )
