"""What stands around every page of the workspace: whose it is, and the way between its rooms."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from registry.directory.models import Entry
from registry.workspace.selectors import entries_for, organisations_for, title_of


def frame(user: Any, current: str, entry: Entry | None = None) -> dict[str, Any]:
    """Return the context of `registry/workspace/base.html`; `current` names the room."""
    organisations = organisations_for(user)
    if entry is not None and entry.pk and entry.organisation_entry not in organisations:
        organisations = [entry.organisation_entry]
    return {
        "organisations": organisations,
        "whose": title_of(organisations[0]) if len(organisations) == 1 else user.get_full_name(),
        "rooms": _rooms(user, current, organisations),
    }


def _rooms(user: Any, current: str, organisations: list[Entry]) -> list[dict[str, Any]]:
    members = sum(item.memberships.count() for item in organisations)
    rooms = [
        ("home", _("Việc cần làm"), "workspace:home", None, False),
        ("entries", _("Hồ sơ"), "workspace:entries", entries_for(user).count(), False),
        ("enquiries", _("Kết nối"), "workspace:enquiries", None, True),
        ("members", _("Thành viên"), "workspace:members", members, False),
    ]
    shown = []
    for code, label, name, count, urgent in rooms:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        shown.append(
            {"label": label, "url": url, "count": count, "urgent": urgent, "current": code == current}
        )
    return shown
