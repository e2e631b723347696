"""The public pages that search: which kinds each one shows, and how it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from search import sources


@dataclass(frozen=True, slots=True)
class Room:
    """One page. `name` is its URL name in the namespace `search`; no `kinds` means every kind."""

    name: str
    title: Any
    description: Any
    #: (number, number as written) → "190 hồ sơ"; a list of one kind counts that kind instead.
    counted: Callable[[int, str], str]
    kinds: tuple[str, ...] = ()
    #: What the empty search box invites to look for: only what this page can find.
    invites: Any = ""

    @property
    def scope(self) -> tuple[str, ...]:
        """The kinds shown here, in display order."""
        known = tuple(item.kind for item in sources.sources())
        return tuple(kind for kind in known if kind in self.kinds) or self.kinds or known


def _results(number: int, written: str) -> str:
    return ngettext("%(n)s kết quả", "%(n)s kết quả", number) % {"n": written}


def _entries(number: int, written: str) -> str:
    return ngettext("%(n)s hồ sơ", "%(n)s hồ sơ", number) % {"n": written}


EVERYTHING = Room(
    name="all",
    title=_("Tìm kiếm"),
    description=_(
        "Tìm công nghệ, tổ chức, phòng thí nghiệm, sự kiện, giải thưởng, văn bản và tin tức của tỉnh "
        "Vĩnh Long."
    ),
    counted=_results,
    invites=_("Tìm công nghệ, tổ chức, sự kiện"),
)
DIRECTORY = Room(
    name="directory",
    title=_("Danh bạ"),
    description=_(
        "Danh bạ tổ chức và phòng thí nghiệm của hệ sinh thái đổi mới sáng tạo Vĩnh Long."
    ),
    counted=_entries,
    invites=_("Tìm tổ chức, phòng thí nghiệm"),
    kinds=("organisation", "lab"),
)
MARKET = Room(
    name="market",
    title=_("Thị trường công nghệ"),
    description=_("Công nghệ chào chuyển giao tại tỉnh Vĩnh Long: mức sẵn sàng, giá, bên giao."),
    counted=_results,
    invites=_("Tìm công nghệ"),
    kinds=("offer",),
)
