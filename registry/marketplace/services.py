"""Sending and answering enquiries. The two sides learn of each other only when one is accepted."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry.accounts.consents import INTRODUCTION
from registry.accounts.services import give_consent
from registry.cases.models import Case, CaseEvent
from registry.cases.services import AlreadyOpen, CaseError, Moved, act, open_case
from registry.common import ratelimit
from registry.directory.models import Entry
from registry.directory.permissions import role_of
from registry.directory.services import lock, next_number
from registry.marketplace import effects
from registry.marketplace.machine import ENQUIRY, WAITING
from registry.marketplace.models_enquiry import MAX_ANSWER, Enquiry
from registry.marketplace.selectors import closed_to_enquiries

MAX_OPEN = 10
SENT_AT_MOST, SENT_WITHIN = 6, 3600

#: Contacts typed into an answer would open them before the owner accepts.
EMAIL_TYPED = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE_TYPED = re.compile(r"(?<![\d.,])(?:\+84|0)(?:[ .-]?\d){8,10}(?![\d])")


class EnquiryRefused(CaseError):
    """The enquiry may not be sent; `field` names the answer it is about, if any."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooMany(EnquiryRefused):
    """Too many enquiries in too short a time; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            _("Quá nhiều yêu cầu; thử lại sau %(seconds)s giây.") % {"seconds": retry_after}
        )
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answers:
    """What the sender wrote: three answers, when, and a budget band where there is one."""

    cooperation: str
    information: str
    introduction: str
    timeframe: str
    budget: str = ""


def send_enquiry(
    entry: Entry,
    sender: Any,
    answers: Answers,
    *,
    consent: bool,
    organisation: Entry | None = None,
    now: datetime | None = None,
) -> Case:
    """Forward an enquiry to the owner of a public entry; return its case.

    Needs a verified e-mail address and the consent to share contacts at an introduction. Raises
    `EnquiryRefused` (also for the same text, a second enquiry to one entry, more than ten without
    an answer) or `TooMany`.
    """
    clean = _cleaned(answers)
    _check_sender(entry, sender, organisation)
    if not consent:
        raise EnquiryRefused(
            _("Đánh dấu đồng ý thì Trung tâm mới kết nối được hai bên."), "consent"
        )
    if not ratelimit.hit(f"enquiry:{sender.pk}", SENT_AT_MOST, SENT_WITHIN):
        raise TooMany(ratelimit.retry_after(SENT_WITHIN))
    try:
        return _forward(entry, sender, clean, organisation, now)
    except AlreadyOpen as error:
        raise EnquiryRefused(
            _("Bạn đã gửi một đề nghị về hồ sơ này; đề nghị đó đang mở.")
        ) from error


@transaction.atomic
def _forward(
    entry: Entry, sender: Any, answers: Answers, organisation: Entry | None, now: datetime | None
) -> Case:
    header = lock(entry)
    if reason := closed_to_enquiries(header):
        raise EnquiryRefused(reason)
    # The row of the sender is the lock under which open and equal enquiries are counted.
    get_user_model().objects.select_for_update(no_key=True).get(pk=sender.pk)
    mine = Q(enquiry__sender=sender)
    if organisation is not None:
        mine |= Q(enquiry__sender_organisation=organisation)
    sent = Case.objects.filter(mine, kind=ENQUIRY.kind)
    if sent.filter(state__in=WAITING).count() >= MAX_OPEN:
        raise EnquiryRefused(
            _("Bạn có %(count)s đề nghị chưa được trả lời; chờ trả lời hoặc rút bớt.")
            % {"count": MAX_OPEN}
        )
    digest = text_hash(answers)
    if sent.filter(enquiry__text_hash=digest).exclude(state="withdrawn").exists():
        raise EnquiryRefused(
            _("Bạn đã gửi đúng nội dung này. Viết riêng cho từng hồ sơ."), "cooperation"
        )
    case = open_case(
        ENQUIRY.kind,
        subject=header,
        opener=sender,
        transition="send",
        side="sender",
        number=next_number(ENQUIRY.prefix),
        dedupe_key=f"enquiry:{header.pk}:{sender.pk}",
        now=now,
    )
    Enquiry.objects.create(
        case=case,
        sender=sender,
        sender_organisation=organisation,
        cooperation=answers.cooperation,
        information=answers.information,
        introduction=answers.introduction,
        timeframe=answers.timeframe,
        budget=answers.budget,
        text_hash=digest,
    )
    give_consent(sender, INTRODUCTION, get_language() or "vi")
    effects.tell_forwarded(case)
    return case


def text_hash(answers: Answers) -> str:
    """Return a digest of the three answers that case and spacing do not change."""
    joined = "\n".join((answers.cooperation, answers.information, answers.introduction))
    plain = " ".join(unicodedata.normalize("NFC", joined).casefold().split())
    return hashlib.sha256(plain.encode()).hexdigest()


def _cleaned(answers: Answers) -> Answers:
    """Return the answers in NFC without surrounding space; raise `EnquiryRefused` for bad ones."""
    texts = {}
    for name in ("cooperation", "information", "introduction"):
        text = unicodedata.normalize("NFC", getattr(answers, name)).strip()
        if not text:
            raise EnquiryRefused(_("Trả lời câu hỏi này."), name)
        if len(text) > MAX_ANSWER:
            raise EnquiryRefused(
                _("Tối đa %(max)s ký tự; bạn đã nhập %(length)s.")
                % {"max": MAX_ANSWER, "length": len(text)},
                name,
            )
        if "\x00" in text:
            raise EnquiryRefused(_("Có ký tự không đọc được; xóa rồi nhập lại chỗ đó."), name)
        if EMAIL_TYPED.search(text) or PHONE_TYPED.search(text):
            raise EnquiryRefused(
                _("Bỏ số điện thoại, email: liên hệ hai bên hiện khi đề nghị được chấp nhận."), name
            )
        texts[name] = text
    if answers.timeframe not in Enquiry.Timeframe.values:
        raise EnquiryRefused(_("Chọn thời gian."), "timeframe")
    if answers.budget and answers.budget not in Enquiry.Budget.values:
        raise EnquiryRefused(_("Chọn một mục trong danh sách."), "budget")
    return Answers(**texts, timeframe=answers.timeframe, budget=answers.budget)


def _check_sender(entry: Entry, sender: Any, organisation: Entry | None) -> None:
    if not EmailAddress.objects.filter(user=sender, verified=True).exists():
        raise EnquiryRefused(_("Xác nhận email của bạn trước khi gửi đề nghị."))
    if role_of(sender, entry):
        raise EnquiryRefused(_("Đây là hồ sơ của tổ chức bạn."))
    if organisation is None:
        return
    if organisation.owner_id is not None or not role_of(sender, organisation):
        raise EnquiryRefused(_("Bạn không thuộc tổ chức này."), "organisation")


def accept(case: Case, actor: Any, *, expect: int, consent: bool = False) -> CaseEvent:
    """Introduce both sides: from now on each reads the other's contacts.

    With `consent` the actor lets the sender know their name and address, which is needed where the
    entry has no contacts. Raises `Moved`, `NotAllowed`, `Refused`.
    """
    with transaction.atomic():
        event = act(
            case,
            "accept",
            actor,
            expect=expect,
            side="owner",
            context={"answerer_consents": consent},
        )
        if consent:
            give_consent(actor, INTRODUCTION, get_language() or "vi")
        return event


def decline(case: Case, actor: Any, *, expect: int, reason: str) -> CaseEvent:
    """Decline with one of nine reasons. Raises `Moved`, `NotAllowed`, `Refused`."""
    return act(case, "decline", actor, expect=expect, side="owner", reason=reason)


def withdraw(case: Case, actor: Any, *, expect: int) -> CaseEvent:
    """Take an enquiry back that was not answered yet. Raises `Moved` or `NotAllowed`."""
    return act(case, "withdraw", actor, expect=expect, side="sender")


def close_for(entry: Entry) -> int:
    """Close the unanswered enquiries about an entry that was taken off for good; return how many.

    Those about an organisation's offers and laboratories stay: each is taken off by itself.
    """
    closed = 0
    for case in Case.objects.open().filter(kind=ENQUIRY.kind, subject=entry, state__in=WAITING):
        try:
            act(case, "lose_subject", None, expect=case.seq)
        except Moved:
            continue
        closed += 1
    return closed
