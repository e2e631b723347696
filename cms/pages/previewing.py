"""How wide an editor sees a page before it goes out: as most readers do, on a phone, first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Those the pages are drawn and tested at.
WIDTHS = [
    {
        "name": "mobile",
        "icon": "mobile-alt",
        "device_width": 390,
        "label": _("Xem ở cỡ điện thoại"),
    },
    {
        "name": "tablet",
        "icon": "tablet-alt",
        "device_width": 768,
        "label": _("Xem ở cỡ máy tính bảng"),
    },
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("Xem ở cỡ máy tính")},
]


class ThreeWidths:
    """A page that is previewed at three widths. Stands before `Page` among the bases."""

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """Return the widths in Wagtail's form; the first is shown first."""
        return WIDTHS
