"""What a step of an enquiry does beside changing its state: mails, and opening the contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registry.cases.models import Case, CaseEvent
from registry.common.mail import queue_mail, queue_mails
from registry.directory.selectors import writers_of
from registry.marketplace.contacts import entry_contacts, shares


def contacts_ready(case: Case, context: Mapping[str, Any]) -> Sequence[str]:
    """Say why the two sides cannot be introduced: one of them shares no contact."""
    if not shares(case.enquiry.sender):
        return [_("Bên gửi không còn đồng ý trao liên hệ; đề nghị này không kết nối được nữa.")]
    if not entry_contacts(case.subject) and not context.get("answerer_consents"):
        return [
            _("Hồ sơ chưa ghi liên hệ. Thêm liên hệ, hoặc đồng ý trao họ tên và email của bạn.")
        ]
    return []


def introduce(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Tell the sender that contacts are open; the pair may start another enquiry later."""
    case.dedupe_key = ""
    case.assignee = event.actor
    case.save(update_fields=["dedupe_key", "assignee"])
    _tell_sender(case, "enquiry_accepted", event)


def tell_forwarded(case: Case) -> None:
    """Tell the owners that somebody asks, and the sender that it was forwarded."""
    queue_mails(writers_of(case.subject), "enquiry_received", _about(case))
    _tell_sender(case, "enquiry_forwarded")


def tell_declined(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Tell the sender why the owner declined."""
    _tell_sender(case, "enquiry_declined", event)


def nudge(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Remind the owners: without an answer the enquiry closes by itself."""
    queue_mails(writers_of(case.subject), "enquiry_nudge", _about(case))


def tell_closed(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Tell the sender that the enquiry was closed without an answer."""
    _tell_sender(case, "enquiry_closed", event)


def _tell_sender(case: Case, template: str, event: CaseEvent | None = None) -> None:
    if case.opener is not None:
        queue_mail(case.opener, template, _about(case) | {"event": event})


def _about(case: Case) -> dict[str, Any]:
    return {"case": case, "entry": case.subject}
