"""The public pages that search: which kinds each one shows, and how it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from search import sources


@dataclass(frozen=True, slots=True)
class Room:
    """One page. `name` is its URL name in the namespace `search`; no `kinds` means every kind."""

    name: str
    title: Any
    description: Any
    #: What a list of several kinds counts ("190 hồ sơ"); a list of one kind counts that kind.
    noun: Any
    noun_plural: Any
    kinds: tuple[str, ...] = ()

    @property
    def scope(self) -> tuple[str, ...]:
        """The kinds shown here, in display order."""
        known = tuple(item.kind for item in sources.sources())
        return tuple(kind for kind in known if kind in self.kinds) or self.kinds or known


EVERYTHING = Room(
    name="all",
    title=_("Tìm kiếm"),
    description=_("Tìm công nghệ, tổ chức, phòng thí nghiệm và trang tin của tỉnh Vĩnh Long."),
    noun=_("kết quả"),
    noun_plural=_("kết quả"),
)
DIRECTORY = Room(
    name="directory",
    title=_("Danh bạ"),
    description=_(
        "Danh bạ tổ chức và phòng thí nghiệm của hệ sinh thái đổi mới sáng tạo Vĩnh Long."
    ),
    noun=_("hồ sơ"),
    noun_plural=_("hồ sơ"),
    kinds=("organisation", "lab"),
)
MARKET = Room(
    name="market",
    title=_("Thị trường công nghệ"),
    description=_("Công nghệ chào chuyển giao tại tỉnh Vĩnh Long: mức sẵn sàng, giá, bên giao."),
    noun=_("công nghệ"),
    noun_plural=_("công nghệ"),
    kinds=("offer",),
)
