"""How the state, the place and the seats of an event are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from registry.common.wording import clock, day, moment, number
from registry.events.models import Event


@dataclass(frozen=True, slots=True)
class Standing:
    """The state as a visitor reads it (words.md §3): tone of the badge, name, one sentence."""

    code: str
    label: str
    sentence: str
    tone: str


def standing(event: Event, now: datetime | None = None) -> Standing:
    """Return how the event stands at a moment: what its header says, and the clock."""
    at = now or timezone.now()
    if event.state == Event.State.CANCELLED:
        return Standing("cancelled", _("Đã hủy"), _("Sự kiện không diễn ra."), "bad")
    if event.is_over(at):
        return Standing("finished", _("Đã kết thúc"), "", "neutral")
    if event.starts_at is not None and event.ends_at is not None and event.starts_at <= at:
        sentence = _("Đến {moment}.").format(moment=f"{clock(event.ends_at)} {day(event.ends_at)}")
        return Standing("running", _("Đang diễn ra"), sentence, "good")
    if event.state == Event.State.POSTPONED:
        if event.starts_at is None:
            return Standing("postponed", _("Dời ngày"), _("Chưa có ngày mới."), "attention")
        sentence = _("Ngày mới {day}.").format(day=day(event.starts_at))
        return Standing("postponed", _("Dời ngày"), sentence, "attention")
    sentence = _("Bắt đầu {moment}.").format(moment=moment(event.starts_at))
    if event.registration_url:
        return Standing("registration", _("Đang nhận đăng ký"), sentence, "good")
    return Standing("announced", _("Sắp diễn ra"), sentence, "neutral")


def seats(event: Event) -> str:
    """Return `120 chỗ`; nothing where the number is not known."""
    if not event.capacity:
        return ""
    return ngettext("%(n)s chỗ", "%(n)s chỗ", event.capacity) % {"n": number(event.capacity)}


def _lowers() -> bool:
    return not (get_language() or "vi").startswith("en")


def place(event: Event, venue: str) -> str:
    """Return where to come: the hall, then the commune; `Trực tuyến` for one held online only."""
    if not event.is_on_site:
        return _("Trực tuyến")
    commune = event.commune.label if event.commune else ""
    # “Phường Long Châu” is no proper name in the middle of a sentence.
    parts = [venue, commune[:1].lower() + commune[1:] if venue and _lowers() else commune]
    return ", ".join(part for part in parts if part)
