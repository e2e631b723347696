"""Reading enquiries: each side sees its own, and the other side only once it was introduced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from registry.cases.models import Case
from registry.cases.selectors import timeline
from registry.common.typed import whole_number
from registry.common.wording import deadline, moment
from registry.directory.models import Entry, Membership
from registry.directory.permissions import WRITERS
from registry.marketplace.contacts import (
    Contacts,
    entry_contacts,
    owner_side,
    public_name,
    sender_side,
)
from registry.marketplace.machine import DECLINE_REASONS, ENQUIRY, WAITING

INTRODUCED = "introduced"


def closed_to_enquiries(entry: Entry) -> str:
    """Return why nobody can send an enquiry about an entry; an empty text when anybody can."""
    if not entry.is_public:
        return _("Hồ sơ này không còn hiển thị.")
    if not getattr(entry.content, "open_for_enquiry", True):
        return _("Chủ hồ sơ hiện không nhận đề nghị kết nối.")
    if not entry.organisation_entry.memberships.filter(role__in=WRITERS).exists():
        return _("Hồ sơ chưa có người quản lý nên chưa nhận đề nghị kết nối.")
    return ""


def sent_by(user: Any) -> QuerySet[Case]:
    """Return the enquiries a person sent, newest first."""
    return _enquiries().filter(opener=user).order_by("-pk")


def received_by(user: Any) -> QuerySet[Case]:
    """Return the enquiries about entries of a person's organisations, unanswered ones first."""
    mine = Membership.objects.filter(user=user).values("entry_id")
    about = Q(subject__in=mine) | Q(subject__owner__in=mine)
    return (
        _enquiries().filter(about).order_by(F("closed_at").asc(nulls_first=True), "due_at", "-pk")
    )


def waiting_for(user: Any) -> QuerySet[Case]:
    """Return the enquiries that wait for an answer of the person, the nearest deadline first."""
    mine = Membership.objects.filter(user=user, role__in=WRITERS).values("entry_id")
    about = Q(subject__in=mine) | Q(subject__owner__in=mine)
    return _enquiries().filter(about, state__in=WAITING).order_by("due_at", "pk")


def _enquiries() -> QuerySet[Case]:
    return Case.objects.filter(kind=ENQUIRY.kind).select_related(
        "enquiry", "subject__owner", "opener", "assignee"
    )


def number_slug(case: Case) -> str:
    """Return a number as it stands in an address: `dn-0231`."""
    return case.number.lower().replace("đ", "d").replace(" ", "-")


def enquiry_of(user: Any, slug: str) -> tuple[Case, str]:
    """Return an enquiry of the person by its address number, and their side of it.

    The side is `sender` or `owner`. Raises `Case.DoesNotExist` for one that is none of theirs.
    """
    digits = slug.removeprefix("dn-")
    if whole_number(digits) < 0:
        raise Case.DoesNotExist
    number = f"{ENQUIRY.prefix} {digits}"
    case = sent_by(user).filter(number=number).first()
    if case is not None:
        return case, "sender"
    return received_by(user).get(number=number), "owner"


def reason_label(code: str) -> str:
    """Return the words of a reason for declining."""
    return str(DECLINE_REASONS.get(code, ""))


def sentence(case: Case, side: str) -> str:
    """Return who acts next and until when, as this side reads it."""
    if side == "owner" and case.state in WAITING:
        text = _("Bạn trả lời %(deadline)s; liên hệ hai bên chỉ hiện khi bạn chấp nhận.")
    else:
        text = str(case.state_info.sentence)
    last = case.events.order_by("-seq").first() if "%(reason)" in text else None
    return text % {
        "deadline": deadline(case.due_at),
        "moment": moment(case.due_at),
        "reason": reason_label(last.reason) if last else "",
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; drawn by `components/timeline.html`."""

    at: datetime | None
    title: str
    note: str = ""
    who: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """An enquiry as one side may read it. `contacts` of the other side only when introduced."""

    case: Case
    side: str
    number: str
    slug: str
    label: str
    tone: str
    sentence: str
    due_at: datetime | None
    subject_number: str
    subject_title: str
    subject_url: str
    owner: str
    cooperation: str
    information: str
    introduction: str
    timeframe: str
    budget: str
    contacts: Contacts | None
    steps: tuple[Step, ...]
    has_contacts: bool
    waiting: bool


def view_of(case: Case, side: str, *, full: bool = True) -> View:
    """Return an enquiry as the side may read it; without timeline and contacts unless `full`."""
    enquiry = case.enquiry
    subject = case.subject
    info = case.state_info
    contacts = None
    if full and case.state == INTRODUCED:
        contacts = owner_side(case) if side == "sender" else sender_side(case)
    return View(
        case=case,
        side=side,
        number=case.number,
        slug=number_slug(case),
        label=str(info.label),
        tone=info.tone,
        sentence=sentence(case, side),
        due_at=case.due_at,
        subject_number=subject.number,
        subject_title=subject.content.title,
        subject_url=subject.get_absolute_url() if subject.is_public else "",
        owner=public_name(subject.organisation_entry)[0] if full else "",
        cooperation=enquiry.cooperation,
        information=enquiry.information,
        introduction=enquiry.introduction,
        timeframe=enquiry.get_timeframe_display(),
        budget=enquiry.get_budget_display(),
        contacts=contacts,
        steps=_steps(case, side) if full else (),
        has_contacts=bool(entry_contacts(subject)) if full and side == "owner" else True,
        waiting=case.state in WAITING,
    )


def _steps(case: Case, side: str) -> tuple[Step, ...]:
    done = {item.code: item.done for item in case.machine.transitions}
    steps = []
    events = timeline(case)
    for event in events:
        title = done.get(event.transition)
        if event.transition == "send":
            title = _("Bạn gửi đề nghị") if side == "sender" else _("Trung tâm chuyển đề nghị")
        note = ""
        if event.reason:
            note = _("Lý do: %(reason)s.") % {"reason": reason_label(event.reason)}
        steps.append(
            Step(event.at, str(title or ""), note, mark="now" if event is events[-1] else "")
        )
    if case.due_at is not None:
        steps.append(Step(None, sentence(case, side), mark="next"))
    return tuple(steps)
