"""What stands around every page of the workspace: whose it is, and the way between its rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from registry.directory.models import Entry, Membership
from registry.marketplace.selectors import waiting_for
from registry.workspace.selectors import entries_for, organisations_for, title_of


@dataclass(frozen=True, slots=True)
class Room:
    """One link of the workspace's menu; an urgent count is drawn in brick."""

    label: str
    url: str
    count: int
    urgent: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The head and the menu of a workspace page."""

    whose: str
    rooms: tuple[Room, ...]


def frame(user: Any, current: str, entry: Any = None) -> Frame:
    """Return what `registry/workspace/base.html` draws; `current` is the code of the room."""
    organisations = organisations_for(user)
    if isinstance(entry, Entry) and entry.pk and entry.organisation_entry not in organisations:
        organisations = [entry.organisation_entry]
    whose = title_of(organisations[0]) if len(organisations) == 1 else user.get_full_name()
    return Frame(whose, tuple(_rooms(user, current, organisations)))


def _rooms(user: Any, current: str, organisations: list[Entry]) -> list[Room]:
    members = Membership.objects.filter(entry__in=organisations).count()
    rooms = [
        ("home", _("Việc cần làm"), "workspace:home", 0, False),
        ("entries", _("Hồ sơ"), "workspace:entries", entries_for(user).count(), False),
        ("enquiries", _("Kết nối"), "workspace:enquiries", waiting_for(user).count(), True),
        ("members", _("Thành viên"), "workspace:members", members, False),
    ]
    shown = []
    for code, label, name, count, urgent in rooms:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        shown.append(Room(label, url, count, urgent, code == current))
    return shown
