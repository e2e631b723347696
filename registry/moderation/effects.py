"""What a transition does beside changing the state: publishing, header, mails. Same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.log_actions import log

from registry.cases.models import Case, CaseEvent
from registry.cases.services import act
from registry.common.mail import queue_mail, queue_mails
from registry.directory.models import Entry, Recognition
from registry.directory.selectors import writers_of
from registry.directory.services import archive, lock, reindex, verify_claimed
from registry.moderation.permissions import moderators
from registry.moderation.publishing import Clash, publish_pinned

RECOGNITION_STATUS = {
    "grant": Recognition.Status.GRANTED,
    "deny": Recognition.Status.DENIED,
    "suspend": Recognition.Status.SUSPENDED,
    "revoke": Recognition.Status.REVOKED,
}


def readers_of(case: Case) -> list[Any]:
    """Return whom to write to: the entry's owners and editors, or whoever entered it."""
    people = writers_of(case.subject)
    if not people and case.opener is not None:
        people = [case.opener]
    return people


def tell_received(case: Case) -> None:
    """Tell the owners that it was received, and the desk that something waits."""
    queue_mails(readers_of(case), "entry_received", {"case": case, "entry": case.subject})
    tell_desk(case)


def tell_desk(case: Case) -> None:
    """Tell the moderators that something waits."""
    watching = [user for user in moderators() if user.pk != case.opener_id]
    queue_mails(watching, "desk_new_case", {"case": case, "entry": case.subject})


def assign(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Give the case to the moderator who took it."""
    case.assignee = event.actor
    case.save(update_fields=["assignee"])


def approve(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Verify what the owner claimed and publish, or wait until the organisation is live."""
    entry = lock(case.subject)
    verify_claimed(entry, event.actor)
    if case.assignee_id is None:
        case.assignee = event.actor
        case.save(update_fields=["assignee"])
    if entry.owner is not None and not entry.owner.is_public:
        queue_mails(readers_of(case), "entry_waits", {"case": case, "entry": entry})
        return
    act(case, "publish", None, expect=case.seq, context={**context, "approver": event.actor})


def publish(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Publish exactly what was reviewed; then whatever of the organisation waited for it."""
    entry = lock(case.subject)
    review = case.review
    publish_pinned(
        entry,
        base=review.base_revision,
        pinned=review.revision,
        actor=context.get("approver") or case.assignee,
        keep=context.get("keep"),
        correction=review.is_correction,
    )
    if entry.is_public:
        queue_mails(readers_of(case), "entry_approved", {"case": case, "entry": entry})
    if entry.is_public and entry.owner is None:
        publish_waiting(entry)


def publish_waiting(organisation: Entry) -> int:
    """Publish the approved entries that waited for their organisation; return how many.

    One that clashes with what is live goes back to the desk and holds up nobody else.
    """
    approved = Case.objects.open().filter(
        kind="moderation", state="approved", subject__owner=organisation
    )
    published = 0
    for case in list(approved.order_by("pk")):
        try:
            act(case, "publish", None, expect=case.seq)
        except Clash as clash:
            case.refresh_from_db()
            act(case, "clash", None, expect=case.seq, context={"paths": clash.paths})
        else:
            published += 1
    return published


def note_clash(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Remember which paths both sides changed, for the desk to settle."""
    case.review.clashes = list(context.get("paths", []))
    case.review.save(update_fields=["clashes"])


def tell_changes(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Tell the owners what is asked of them and until when."""
    queue_mails(
        readers_of(case), "entry_changes", {"case": case, "entry": case.subject, "event": event}
    )


def warn_owner(case: Case) -> None:
    """Remind the owners once that an answer is due in a week."""
    queue_mails(readers_of(case), "entry_changes_reminder", {"case": case, "entry": case.subject})


def tell_lapsed(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Tell the owners that the review was closed because no answer came."""
    queue_mails(readers_of(case), "entry_lapsed", {"case": case, "entry": case.subject})


def reject(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Close a first submission for good; a live entry stays as it is."""
    entry = lock(case.subject)
    if not entry.was_public:
        entry.lifecycle = Entry.Lifecycle.REJECTED
        entry.updated_at = timezone.now()
        entry.save(update_fields=["lifecycle", "updated_at"])
    queue_mails(readers_of(case), "entry_rejected", {"case": case, "entry": entry, "event": event})


def recognition_status(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Write the decision on the certificate and show it."""
    recognition = case.recognition_case.recognition
    recognition.status = RECOGNITION_STATUS[event.transition]
    recognition.decided_at = event.at
    recognition.save(update_fields=["status", "decided_at"])
    action = "granted" if event.transition == "grant" else "revoked"
    log(
        instance=case.subject,
        action=f"registry.recognition.{action}",
        user=event.actor,
        data={"recognition": recognition.pk, "status": recognition.status},
    )
    reindex(case.subject)
    queue_mails(
        readers_of(case),
        "recognition_decided",
        {"case": case, "entry": case.subject, "recognition": recognition, "event": event},
    )


def remove_reported(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Take a reported entry off; its address answers 410 with the reason."""
    archive(case.subject, event.actor, reason=event.note)
    case.subject.refresh_from_db()
    tell_reporter(case, event, context)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Someone without an account who left an address to be answered at."""

    email: str
    full_name: str = ""
    language: str = ""
    is_active: bool = True


def tell_reporter(case: Case, event: CaseEvent, context: Mapping[str, Any]) -> None:
    """Answer whoever reported the entry: by account, else at the address left; else nobody."""
    reporter = case.opener or (Correspondent(case.report.email) if case.report.email else None)
    if reporter is not None:
        queue_mail(
            reporter, "report_answered", {"case": case, "entry": case.subject, "event": event}
        )
