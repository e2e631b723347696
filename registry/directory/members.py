"""Members of an organisation: inviting, accepting, changing, leaving."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from registry.accounts.permissions import is_moderator
from registry.accounts.services import StillNeeded
from registry.directory.models import Entry, Invitation, Membership
from registry.directory.permissions import may_manage
from registry.directory.services import DirectoryError, Forbidden, lock

INVITATION_DAYS = 14


@transaction.atomic
def invite(entry: Entry, actor: Any, *, email: str, role: str) -> Invitation:
    """Offer a role by e-mail; return the invitation. Raises `Forbidden` or `DirectoryError`."""
    header = lock(entry)
    first_owner = role == Membership.Role.OWNER and may_invite(actor, header)
    if not (may_manage(actor, header) or first_owner):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    if role not in Membership.Role.values:
        raise DirectoryError(_("Chọn quyền."), "role")
    address = email.strip().lower()
    if header.memberships.filter(user__email=address).exists():
        raise DirectoryError(_("Người này đã là thành viên."), "email")
    header.invitations.filter(email=address, accepted_at__isnull=True).delete()
    invitation = Invitation.objects.create(
        entry=header,
        email=address,
        role=role,
        invited_by=actor,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    log(instance=header, action="registry.member.invited", user=actor, data={"role": role})
    return invitation


@transaction.atomic
def revoke(entry: Entry, actor: Any, invitation: Invitation) -> None:
    """Take an invitation back: its link is dead from now on.

    Raises `Forbidden`, or `DirectoryError` for one that was answered meanwhile.
    """
    header = lock(entry)
    if not (may_manage(actor, header) or may_invite(actor, header)):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    gone, _by_model = header.invitations.filter(pk=invitation.pk, accepted_at__isnull=True).delete()
    if not gone:
        raise DirectoryError(_("Lời mời này không còn chờ trả lời."))
    log(
        instance=header,
        action="registry.member.uninvited",
        user=actor,
        data={"role": invitation.role},
    )


def may_invite(actor: Any, entry: Entry) -> bool:
    """Whether the desk may invite the first owner: the Centre entered it, nobody owns it yet."""
    return (
        entry.source == Entry.Source.STAFF
        and is_moderator(actor)
        and not entry.memberships.filter(role=Membership.Role.OWNER).exists()
    )


@transaction.atomic
def accept(token: str, user: Any, now: datetime | None = None) -> Membership:
    """Give the signed-in holder of the invited address the role. Raises `DirectoryError`."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("entry")
        .filter(token=token, accepted_at__isnull=True)
        .first()
    )
    if invitation is None or invitation.expires_at < (now or timezone.now()):
        raise DirectoryError(_("Liên kết đã hết hạn. Nhận liên kết mới."))
    if invitation.email.casefold() != user.email.casefold():
        raise Forbidden(_("Lời mời này dành cho một địa chỉ email khác."))
    membership, _created = Membership.objects.get_or_create(
        entry=invitation.entry, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    log(instance=invitation.entry, action="registry.member.joined", user=user)
    return membership


@transaction.atomic
def change_role(entry: Entry, actor: Any, member: Membership, role: str) -> Membership:
    """Give a member another role; the last owner stays owner. Raises `DirectoryError`."""
    header = _managed(entry, actor)
    if role not in Membership.Role.values:
        raise DirectoryError(_("Chọn quyền."), "role")
    current = header.memberships.get(pk=member.pk)
    if role != Membership.Role.OWNER:
        _keep_an_owner(header, current)
    current.role = role
    current.save(update_fields=["role"])
    log(instance=header, action="registry.member.changed", user=actor, data={"role": role})
    return current


@transaction.atomic
def remove(entry: Entry, actor: Any, member: Membership) -> None:
    """Take a member out, or let one leave; the last owner stays. Raises `DirectoryError`."""
    header = lock(entry)
    current = header.memberships.get(pk=member.pk)
    if not may_manage(actor, header) and current.user_id != actor.pk:
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    _keep_an_owner(header, current)
    current.delete()
    log(instance=header, action="registry.member.removed", user=actor)


def must_hand_over(user: Any) -> list[Entry]:
    """Return the entries that would be left without an owner if this person went."""
    owners = Membership.objects.filter(role=Membership.Role.OWNER, user__is_active=True)
    others = owners.filter(entry=OuterRef("entry")).exclude(user=user)
    left = owners.filter(user=user).exclude(entry__lifecycle=Entry.Lifecycle.ARCHIVED)
    rows = left.filter(~Exists(others)).select_related("entry").order_by("entry__number")
    return [row.entry for row in rows]


def keep_an_owner_when_closing(sender: Any, user: Any, **kwargs: Any) -> None:
    """Refuse to close the account of somebody who is the only owner of an entry."""
    # Locked in one order, so that two owners who close at once are told apart.
    mine = Entry.objects.filter(pk__in=user.memberships.values("entry")).order_by("pk")
    list(mine.select_for_update(of=("self",), no_key=True).values_list("pk"))
    entries = must_hand_over(user)
    if entries:
        raise StillNeeded(
            _(
                "Bạn là chủ hồ sơ duy nhất của %(names)s. Chuyển quyền cho người khác, xóa bản nháp, "
                "hoặc nhờ Trung tâm lưu trữ hồ sơ, rồi đóng tài khoản."
            )
            % {"names": ", ".join(f"{entry.number} {entry.working_title}" for entry in entries)}
        )


def _managed(entry: Entry, actor: Any) -> Entry:
    header = lock(entry)
    if not may_manage(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    return header


def _keep_an_owner(entry: Entry, leaving: Membership) -> None:
    if leaving.role != Membership.Role.OWNER:
        return
    others = entry.memberships.filter(role=Membership.Role.OWNER, user__is_active=True)
    others = others.exclude(pk=leaving.pk)
    if not others.exists():
        raise DirectoryError(_("Hồ sơ cần ít nhất một chủ hồ sơ."))
