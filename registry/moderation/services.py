"""Owners' edits and the desk's decisions. Nothing else publishes an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from registry.cases.models import Case, CaseEvent
from registry.cases.services import (
    AlreadyOpen,
    CaseError,
    NotAllowed,
    Refused,
    act,
    open_case,
)
from registry.common.fields import FieldClass, Problem
from registry.common.mail import queue_mail
from registry.directory.members import invite
from registry.directory.models import (
    Content,
    Entry,
    Identifier,
    Invitation,
    Membership,
    Recognition,
)
from registry.directory.permissions import may_review, may_write
from registry.directory.selectors import draft_of, problems
from registry.directory.services import DirectoryError, Forbidden, lock, reindex
from registry.directory.snapshots import Change, data_of, diff, highest_class
from registry.moderation import effects
from registry.moderation.machine import DESK_TRANSITIONS, MODERATION, RECOGNITION, REPORT
from registry.moderation.models import CORRECT, RecognitionCase, Report, Review
from registry.moderation.publishing import Clash, lay_over_live, live_data, save_data, stored

#: Up to this class a change to a live entry needs no look beforehand (registry.md §3.3).
AT_ONCE = FieldClass.COSMETIC
EDITABLE = {
    Entry.Lifecycle.DRAFT,
    Entry.Lifecycle.LIVE,
    Entry.Lifecycle.ON_HOLD,
    Entry.Lifecycle.EXPIRED,
}


class DraftMoved(DirectoryError):
    """Somebody saved a newer draft meanwhile; `by` and `at` say who and when."""

    def __init__(self, revision: Revision) -> None:
        self.by = revision.user.get_full_name() if revision.user else _("Trung tâm")
        self.at = timezone.localtime(revision.created_at)
        super().__init__(
            _("%(name)s đã lưu bản mới hơn lúc %(time)s. Phần bạn viết vẫn ở bên dưới.")
            % {"name": self.by, "time": self.at.strftime("%H:%M")}
        )


class Incomplete(DirectoryError):
    """The draft may not be submitted yet; `problems` says why, field by field."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(_("Có %(count)s chỗ cần sửa.") % {"count": len(found)})
        self.problems = found


class NothingToSubmit(DirectoryError):
    """The draft says what is live already."""


@transaction.atomic
def save_draft(entry: Entry, actor: Any, content: Content, *, expect_revision: int) -> int:
    """Store what was typed as the latest draft; return its revision number.

    Nothing public changes. Saving the same again writes nothing. Raises `Forbidden`, or
    `DraftMoved` when `expect_revision` is no longer the latest.
    """
    header = lock(entry)
    _require_writer(actor, header)
    if header.lifecycle not in EDITABLE:
        raise DirectoryError(_("Hồ sơ này đã đóng; bạn có thể tạo bản sao."))
    current = header.content
    latest_id = _expected(current, expect_revision)
    if not diff(header.kind_info, stored(latest_id), data_of(content)):
        return latest_id
    if current.live and header.draft_base is None:
        header.draft_base = current.live_revision_id
    content.live = current.live
    content.latest_revision_id = latest_id
    revision = content.save_revision(user=actor, clean=False)
    header.working_title = getattr(content, header.kind_info.title_field)[:256]
    header.updated_at = timezone.now()
    header.save(update_fields=["draft_base", "working_title", "updated_at"])
    return int(revision.pk)


@transaction.atomic
def submit(entry: Entry, actor: Any, *, expect_revision: int) -> Case | None:
    """Submit the latest draft; return its case, or None when it went live at once.

    The highest class of the change decides (architecture §5): a cosmetic change of a live entry is
    published at once, also beside a pending review, which is pinned anew to live ⊕ patch. Raises
    `Forbidden`, `DraftMoved`, `Incomplete`, `NothingToSubmit`, `Clash`, and `AlreadyOpen` while
    the desk has a correction of its own under review.
    """
    header = lock(entry)
    _require_writer(actor, header)
    if header.lifecycle not in EDITABLE:
        raise DirectoryError(_("Hồ sơ này đã đóng; bạn có thể tạo bản sao."))
    content = header.content
    revision_id = _expected(content, expect_revision)
    if found := problems(draft_of(header)):
        raise Incomplete(found)
    log(instance=header, action="registry.entry.submitted", user=actor)
    case = open_review(header)
    if case is not None and case.review.is_correction:
        raise AlreadyOpen(_("Đã có một vụ việc đang mở cho hồ sơ này."))
    if case is not None:
        return _submit_again(header, case, actor, revision_id)
    changes = diff(header.kind_info, live_data(content), stored(revision_id))
    claims = header.identifiers.filter(state=Identifier.State.CLAIMED).exists()
    if content.live:
        base = header.draft_base or content.live_revision_id
        changes = diff(header.kind_info, stored(base), stored(revision_id))
        if not changes and not claims:
            raise NothingToSubmit(_("Bản nháp giống bản đang hiển thị."))
        if not claims and highest_class(header.kind_info, changes) <= AT_ONCE:
            lay_over_live(header, changes, base=base, actor=actor, author=actor, confirmed=False)
            return None
    return _open_review(header, actor, revision_id, changes, claims=claims)


def open_review(entry: Entry) -> Case | None:
    """Return the open moderation case of an entry, or None."""
    return (
        Case.objects.open()
        .filter(kind=MODERATION.kind, subject=entry)
        .select_related("review", "subject", "assignee", "opener")
        .first()
    )


def _open_review(
    header: Entry, actor: Any, revision_id: int, changes: Mapping[str, Change], *, claims: bool
) -> Case:
    content = header.content
    case = open_case(
        MODERATION.kind,
        subject=header,
        opener=actor,
        transition="submit",
        side="owner",
        dedupe_key=f"moderation:{header.pk}",
    )
    cls = (
        FieldClass.LEGAL if claims or not content.live else highest_class(header.kind_info, changes)
    )
    Review.objects.create(
        case=case,
        base_revision=(header.draft_base or content.live_revision_id) if content.live else None,
        revision=revision_id,
        highest_class=cls,
    )
    effects.tell_received(case)
    return case


def _submit_again(header: Entry, case: Case, actor: Any, revision_id: int) -> Case:
    """Pin the newer draft; publish its cosmetic part at once when that is all that is new."""
    review = case.review
    patch = diff(header.kind_info, stored(review.revision), stored(revision_id))
    content = header.content
    answering = case.state == "changes_requested"
    if not patch and not answering:
        raise NothingToSubmit(_("Bản này đang được Trung tâm xem xét."))
    cosmetic = bool(patch) and highest_class(header.kind_info, patch) <= AT_ONCE
    if content.live and cosmetic and not answering:
        lay_over_live(header, patch, base=None, actor=actor, author=actor, confirmed=False)
        content = type(content)._default_manager.get(pk=content.pk)
        if content.latest_revision_id == content.live_revision_id:
            raise NothingToSubmit(_("Bản nháp giống bản đang hiển thị."))
        revision_id = content.latest_revision_id
        act(case, "repin", actor, expect=case.seq, side="owner")
        review.base_revision = header.draft_base
    else:
        act(case, "resubmit", actor, expect=case.seq, side="owner")
        if content.live:
            review.base_revision = header.draft_base or content.live_revision_id
            changes = diff(header.kind_info, stored(review.base_revision), stored(revision_id))
            review.highest_class = highest_class(header.kind_info, changes)
        effects.tell_received(case)
    review.revision = revision_id
    review.save(update_fields=["revision", "base_revision", "highest_class"])
    return case


def withdraw(case: Case, actor: Any, *, expect: int) -> CaseEvent:
    """Take a submission back; a live entry stays live. Raises `Moved` or `NotAllowed`."""
    return act(case, "withdraw", actor, expect=expect, side="owner")


def take(case: Case, actor: Any, *, expect: int) -> CaseEvent:
    """Begin a review and become its assignee."""
    return act(case, "take", actor, expect=expect, side="centre")


def decide(
    case: Case,
    code: str,
    actor: Any,
    *,
    expect: int,
    reason: str = "",
    note: str = "",
    keep: Mapping[str, str] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Make one of the desk's transitions; `payload` (the checklist) is kept on its event.

    Raises `Clash`, `Moved`, `NotAllowed`, `Refused`; `NotAllowed` for a transition of other sides.
    """
    known = {item.code for item in case.machine.transitions}
    if code not in DESK_TRANSITIONS or code not in known:
        raise NotAllowed(_("Bạn chưa có quyền làm việc này."))
    if code == "approve":
        return approve(case, actor, expect=expect, keep=keep, note=note, payload=payload)
    try:
        return act(
            case,
            code,
            actor,
            expect=expect,
            side="centre",
            reason=reason,
            note=note,
            payload=payload,
        )
    except DirectoryError as error:
        raise Refused([error.message]) from error


def approve(
    case: Case,
    actor: Any,
    *,
    expect: int,
    keep: Mapping[str, str] | None = None,
    note: str = "",
    payload: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Publish exactly the pinned revision, or its changes over a live text that moved meanwhile.

    `keep` settles clashing paths (`live` or `pending`). Raises `Clash` after returning the case to
    the desk with the clashing paths noted; `Moved`, `NotAllowed`, `Refused`.
    """
    try:
        return act(
            case,
            "approve",
            actor,
            expect=expect,
            side="centre",
            note=note,
            payload=payload,
            context={"keep": keep or {}},
        )
    except Clash as clash:
        case.refresh_from_db()
        act(case, "clash", actor, expect=case.seq, side="centre", context={"paths": clash.paths})
        raise
    except DirectoryError as error:
        raise Refused([error.message]) from error


def request_changes(case: Case, actor: Any, *, expect: int, reason: str, note: str) -> CaseEvent:
    """Ask the owner for more, with a reason and a sentence."""
    return act(
        case, "request_changes", actor, expect=expect, side="centre", reason=reason, note=note
    )


def reject(case: Case, actor: Any, *, expect: int, reason: str, note: str) -> CaseEvent:
    """Refuse a submission, with a reason and a sentence."""
    return act(case, "reject", actor, expect=expect, side="centre", reason=reason, note=note)


@transaction.atomic
def correct(
    entry: Entry, actor: Any, content: Content, *, expect_live: int, reason: str
) -> Case | None:
    """Publish a correction of a live entry by the desk; legal fields open a case for a second person.

    `content` must start from the live revision `expect_live`. The owner's draft and a pending
    review keep their text. Raises `Forbidden`, `DraftMoved`, `NothingToSubmit`, `Refused`.
    """
    header = lock(entry)
    if not may_review(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    if not reason.strip():
        raise Refused([_("Ghi rõ nội dung.")])
    current = header.content
    if not current.live or current.live_revision_id != expect_live:
        raise DraftMoved(Revision.objects.get(pk=current.live_revision_id))
    changes = diff(header.kind_info, live_data(current), data_of(content))
    if not changes:
        raise NothingToSubmit(_("Không có gì thay đổi."))
    log(instance=header, action="registry.entry.corrected", user=actor, data={"reason": reason})
    if highest_class(header.kind_info, changes) < FieldClass.LEGAL:
        lay_over_live(header, changes, base=None, actor=actor, author=actor, confirmed=False)
        return None
    if open_review(header) is not None:
        raise Refused([_("Hồ sơ đang có lần xem xét khác; quyết định lần đó trước.")])
    base, draft_id = current.live_revision_id, current.latest_revision_id
    revision = content.save_revision(user=actor, clean=False)
    if draft_id != base:
        # The owner's draft stays the latest; the correction is only pinned.
        draft = Revision.objects.get(pk=draft_id)
        save_data(current, draft.content, draft.user)
    case = open_case(
        MODERATION.kind,
        subject=header,
        opener=actor,
        transition=CORRECT,
        side="centre",
        dedupe_key=f"moderation:{header.pk}",
    )
    Review.objects.create(
        case=case,
        base_revision=base,
        revision=int(revision.pk),
        highest_class=highest_class(header.kind_info, changes),
    )
    effects.tell_desk(case)
    return case


@transaction.atomic
def claim_recognition(entry: Entry, actor: Any, recognition: Recognition) -> Case:
    """Store a certificate the owner states and open its case. Raises `Forbidden`."""
    header = lock(entry)
    _require_writer(actor, header)
    recognition.entry = header
    recognition.status = Recognition.Status.CLAIMED
    recognition.save()
    case = open_case(
        RECOGNITION.kind,
        subject=header,
        opener=actor,
        side="owner",
        dedupe_key=f"recognition:{recognition.pk}",
    )
    RecognitionCase.objects.create(case=case, recognition=recognition)
    return case


@transaction.atomic
def grant_recognition(entry: Entry, actor: Any, recognition: Recognition) -> Case:
    """Store a certificate the desk knows of as granted. Raises `Forbidden`."""
    header = lock(entry)
    if not may_review(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    recognition.entry = header
    recognition.status = Recognition.Status.GRANTED
    recognition.decided_at = timezone.now()
    recognition.save()
    case = open_case(
        RECOGNITION.kind,
        subject=header,
        opener=actor,
        state="granted",
        transition="grant",
        side="centre",
        dedupe_key=f"recognition:{recognition.pk}",
    )
    RecognitionCase.objects.create(case=case, recognition=recognition)
    reindex(header)
    return case


@transaction.atomic
def case_of_recognition(recognition: Recognition, actor: Any) -> Case:
    """Return the open case of a certificate; one that came with an import gets its case now.

    Raises `Forbidden`, or `CaseError` when the certificate is decided for good.
    """
    header = lock(recognition.entry)
    if not may_review(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    current = recognition.cases.filter(case__closed_at__isnull=True).select_related("case").first()
    if current is not None:
        found: Case = current.case
        return found
    recognition.refresh_from_db()
    if recognition.status != Recognition.Status.GRANTED:
        raise CaseError(_("Giấy chứng nhận này đã có quyết định cuối."))
    case = open_case(
        RECOGNITION.kind,
        subject=header,
        opener=None,
        state="granted",
        side="hub",
        dedupe_key=f"recognition:{recognition.pk}",
    )
    RecognitionCase.objects.create(case=case, recognition=recognition)
    return case


@transaction.atomic
def invite_first_owner(entry: Entry, actor: Any, *, email: str) -> Invitation:
    """Offer an organisation the Centre entered to its people; mail the link.

    Raises `Forbidden` once it has an owner, or `DirectoryError`.
    """
    invitation = invite(entry, actor, email=email, role=Membership.Role.OWNER)
    queue_mail(
        effects.Correspondent(invitation.email),
        "invitation",
        {"invitation": invitation, "inviter": _("Trung tâm"), "organisation": entry.working_title},
    )
    return invitation


@transaction.atomic
def report_entry(entry: Entry, reporter: Any, *, claim: str, text: str, email: str = "") -> Case:
    """Open a case for the desk about a public entry. Raises `CaseError` when it is not public."""
    header = lock(entry)
    if not header.is_public:
        raise CaseError(_("Hồ sơ này không còn hiển thị."))
    case = open_case(REPORT.kind, subject=header, opener=reporter, side="sender")
    Report.objects.create(case=case, claim=claim, text=text.strip(), email=email)
    effects.tell_desk(case)
    return case


def _require_writer(actor: Any, header: Entry) -> None:
    if not may_write(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))


def _expected(content: Content, expect_revision: int) -> int:
    latest = content.latest_revision_id or 0
    if latest != expect_revision:
        raise DraftMoved(Revision.objects.get(pk=latest))
    return int(latest)
