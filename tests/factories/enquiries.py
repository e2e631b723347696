"""Enquiries as their senders write them, and where their pages are."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case
from registry.marketplace.selectors import number_slug
from registry.marketplace.services import Answers, send_enquiry
from tests.factories import make_user

SENDER = "Thạch Thị Người Hỏi"
SENDER_MAIL = "nguoi.hoi@htx-dua.example"
SENDER_FIRM = "Hợp tác xã Dừa Xanh"
PHONE = "0270 399 9999"
OFFICE_MAIL = "ket-noi@vammoi.example"
CONTACT = "Lê Văn Trực Máy"
OWNER_MAIL = "chu.ho.so@vammoi.example"


def verified(name: str = "", **fields: Any) -> Any:
    user = make_user(name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def answers(**changes: str) -> Answers:
    values = {
        "cooperation": "Mua 2 nhà sấy, lắp trước mùa mưa 2027.",
        "information": "Công suất thật khi mưa ba ngày liền?",
        "introduction": "Nhóm làm dừa 250 thành viên ở vùng dừa.",
        "timeframe": "half",
        "budget": "to_500",
    }
    return Answers(**(values | changes))


def send(entry, sender, *, organisation=None, consent=True, now=None, **changes) -> Case:
    return send_enquiry(
        entry, sender, answers(**changes), consent=consent, organisation=organisation, now=now
    )


def form(**changes: str) -> dict[str, str]:
    values = {
        "cooperation": "Mua 2 nhà sấy, lắp trước mùa mưa 2027.",
        "information": "Công suất thật khi mưa ba ngày liền?",
        "introduction": "Nhóm làm dừa 250 thành viên ở vùng dừa.",
        "timeframe": "half",
        "budget": "to_500",
        "consent": "on",
    }
    return values | changes


def enquire_url(entry) -> str:
    return reverse("marketplace:enquire", kwargs={"number": entry.number_slug})


def enquiry_url(case) -> str:
    return reverse("workspace:enquiry", kwargs={"slug": number_slug(case)})


def answer_url(case) -> str:
    return reverse("workspace:enquiry_answer", kwargs={"slug": number_slug(case)})


def mails(address: str = "") -> list[Email]:
    return [mail for mail in Email.objects.order_by("pk") if not address or address in mail.to]


def all_mail_text() -> str:
    return "\n".join(f"{mail.subject}\n{mail.message}\n{mail.html_message}" for mail in mails())
