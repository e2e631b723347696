"""Writing headers: creation, members, identifiers, lifecycle. Each call logs what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.vn import mst
from wagtail.log_actions import log

from registry.accounts.permissions import is_moderator
from registry.common.crypto import encrypt, keyed_hash
from registry.common.fields import kind_of
from registry.directory.models import (
    Content,
    Entry,
    Identifier,
    Membership,
    NumberSequence,
)
from registry.directory.models.header import slug_of
from registry.directory.permissions import may_edit, may_review, may_write
from search import service as search_service

PERSONAL_CODE_LENGTH = 12


_removal_listeners: list[Callable[[Entry], object]] = []


def on_removal(listener: Callable[[Entry], object]) -> None:
    """Have a function called in the transaction that takes an entry off for good.

    For apps this one may not import; they register in their `ready()`.
    """
    if listener not in _removal_listeners:
        _removal_listeners.append(listener)


class DirectoryError(Exception):
    """Something a person can be told; `message` is that sentence, `field` where it belongs."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Forbidden(DirectoryError):
    """The person may not do this to this entry."""


class DuplicateIdentifier(DirectoryError):
    """Another entry holds the same verified number; `entry` is that one."""

    def __init__(self, message: str, entry: Entry) -> None:
        super().__init__(message, "tax_code")
        self.entry = entry


def lock(entry: Entry) -> Entry:
    """Return the header read anew and locked until the transaction ends.

    The organisation that owns it is locked before it: both are read and written together (hidden
    with it, indexed under its name). Everyone locks in this order, owner, entry, case, so that no
    two wait for each other. Raises `DirectoryError` when the entry was deleted meanwhile.
    """
    # Without the key: rows that point at the entry may still be added by others.
    rows = Entry.objects.select_for_update(of=("self",), no_key=True)
    if entry.owner_id is not None:
        rows.filter(pk=entry.owner_id).first()
    header = rows.select_related("owner").filter(pk=entry.pk).first()
    if header is None:
        raise DirectoryError(_("Hồ sơ này không còn hiển thị."))
    return header


def next_number(prefix: str) -> str:
    """Return the next number of a prefix, e.g. `CN 0412`. Call inside a transaction."""
    sequence, _created = NumberSequence.objects.select_for_update(no_key=True).get_or_create(
        prefix=prefix
    )
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return f"{prefix} {sequence.last:04d}"


@transaction.atomic
def create_entry(
    kind_code: str,
    actor: Any,
    *,
    title: str,
    organisation: Entry | None = None,
    on_behalf: bool = False,
) -> Entry:
    """Create a header with its first draft; return it.

    An owner creates an organisation of their own, or something an organisation of theirs owns.
    With `on_behalf` a moderator enters an organisation that has no members yet. Raises `Forbidden`.
    """
    kind = kind_of(kind_code)
    if organisation is not None:
        lock(organisation)
    if on_behalf:
        if not is_moderator(actor):
            raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    elif kind.needs_owner and (organisation is None or not may_edit(actor, organisation)):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    entry = Entry.objects.create(
        kind=kind.code,
        number=next_number(kind.prefix),
        slug=slug_of(title),
        owner=organisation if kind.needs_owner else None,
        working_title=title[:256],
        source=Entry.Source.STAFF if on_behalf else Entry.Source.OWNER,
        created_by=actor,
    )
    model = apps.get_model(kind.model)
    content: Content = model(entry=entry, live=False, **{kind.title_field: title})
    if hasattr(content, "commune_id") and organisation is not None:
        content.commune_id = organisation.content.commune_id
    content.save()
    content.save_revision(user=actor, clean=False)
    if not kind.needs_owner and not on_behalf:
        Membership.objects.create(entry=entry, user=actor, role=Membership.Role.OWNER)
    log(instance=entry, action="registry.entry.created", user=actor, data={"kind": kind.code})
    return entry


def mark_live(entry: Entry, content: Content, actor: Any, *, confirmed: bool = True) -> None:
    """Write what publishing means for the header and the index. `entry` must be locked.

    A hidden entry stays hidden: an approved edit does not bring it back by itself.
    """
    now = timezone.now()
    entry.working_title = _latest_title(entry)
    entry.updated_at = now
    revived = confirmed and entry.lifecycle == Entry.Lifecycle.EXPIRED
    if revived or entry.lifecycle == Entry.Lifecycle.DRAFT:
        entry.lifecycle = Entry.Lifecycle.LIVE
    entry.is_public = _may_show(entry)
    if entry.is_public and entry.first_published_at is None:
        entry.first_published_at = now
    title = getattr(content, content.kind_info.title_field)
    entry.slug = slug_of(title)
    if confirmed:
        _renew(entry, now)
    entry.save()
    log(instance=entry, action="registry.entry.published", user=actor)
    _carry_owned(entry)
    reindex(entry)


def _may_show(entry: Entry) -> bool:
    # What an organisation owns is hidden with it and shown with it.
    live: bool = entry.lifecycle == Entry.Lifecycle.LIVE
    return live and (entry.owner is None or entry.owner.is_public)


def _carry_owned(entry: Entry) -> None:
    if entry.kind_info.needs_owner:
        return
    live = entry.owned.filter(lifecycle=Entry.Lifecycle.LIVE)
    live.update(is_public=entry.is_public)
    if entry.is_public:
        live.filter(first_published_at__isnull=True).update(first_published_at=timezone.now())


def _renew(entry: Entry, now: datetime) -> None:
    entry.last_confirmed_at = now
    entry.expires_at = now + timedelta(days=entry.kind_info.life_days)
    entry.reminded_days = None


def reindex(entry: Entry) -> None:
    """Bring the index up to date with the entry and what shows its name."""
    search_service.reindex(entry.kind, [str(entry.pk)])
    if entry.kind_info.needs_owner:
        return
    owned: dict[str, list[str]] = {}
    rows = entry.owned.filter(lifecycle=Entry.Lifecycle.LIVE).values_list("kind", "pk")
    for kind_code, pk in rows:
        owned.setdefault(kind_code, []).append(str(pk))
    for kind_code, ids in owned.items():
        search_service.reindex(kind_code, ids)


def _latest_title(entry: Entry) -> str:
    draft = entry.content.get_latest_revision_as_object()
    title: str = getattr(draft, entry.kind_info.title_field)
    return title[:256]


@transaction.atomic
def confirm(entry: Entry, actor: Any) -> Entry:
    """Record that the entry is still right; an expired one is shown again. Raises `Forbidden`."""
    header = _locked_for(entry, actor)
    if not header.was_public or header.lifecycle not in {
        Entry.Lifecycle.LIVE,
        Entry.Lifecycle.EXPIRED,
        Entry.Lifecycle.ON_HOLD,
    }:
        raise DirectoryError(_("Chỉ xác nhận được hồ sơ đã đăng."))
    now = timezone.now()
    _renew(header, now)
    if header.lifecycle == Entry.Lifecycle.EXPIRED:
        header.lifecycle = Entry.Lifecycle.LIVE
    return _write_lifecycle(header, actor, "registry.entry.confirmed")


@transaction.atomic
def hold(entry: Entry, actor: Any, *, reason: str = "") -> Entry:
    """Hide a live entry until whoever hid it, its owner or the Centre, shows it again.

    Raises `Forbidden`.
    """
    header = _locked_for(entry, actor)
    if header.lifecycle != Entry.Lifecycle.LIVE:
        raise DirectoryError(_("Chỉ tạm ẩn được hồ sơ đang hiển thị."))
    header.lifecycle = Entry.Lifecycle.ON_HOLD
    header.held_by_centre = not may_edit(actor, header)
    return _write_lifecycle(header, actor, "registry.entry.held", {"reason": reason})


@transaction.atomic
def show(entry: Entry, actor: Any, *, reason: str = "") -> Entry:
    """Show a hidden entry; one that the Centre hid only the Centre shows. Raises `Forbidden`."""
    header = _locked_for(entry, actor)
    if header.lifecycle != Entry.Lifecycle.ON_HOLD:
        raise DirectoryError(_("Hồ sơ này không ở trạng thái tạm ẩn."))
    if header.held_by_centre and not may_review(actor, header):
        raise Forbidden(_("Trung tâm đã tạm ẩn hồ sơ này; chỉ Trung tâm hiện lại được."))
    header.lifecycle = Entry.Lifecycle.LIVE
    header.held_by_centre = False
    return _write_lifecycle(header, actor, "registry.entry.shown", {"reason": reason})


@transaction.atomic
def archive(entry: Entry, actor: Any, *, reason: str = "") -> Entry:
    """Take the entry off for good; once public, its address answers 410 with the reason."""
    header = _locked_for(entry, actor)
    if header.lifecycle == Entry.Lifecycle.ARCHIVED:
        raise DirectoryError(_("Hồ sơ này đã lưu trữ."))
    header.lifecycle = Entry.Lifecycle.ARCHIVED
    header.removed_at = timezone.now()
    header.removed_reason = reason[:300]
    _write_lifecycle(header, actor, "registry.entry.archived", {"reason": reason})
    for listener in _removal_listeners:
        listener(header)
    return header


@transaction.atomic
def expire(entry: Entry, *, now: datetime | None = None) -> Entry:
    """Hide an entry whose time since the last confirmation is over (called by the worker).

    With `now`, one that was confirmed since the worker looked stays.
    """
    header = lock(entry)
    if header.lifecycle != Entry.Lifecycle.LIVE:
        return header
    if now is not None and header.expires_at is not None and header.expires_at >= now:
        return header
    header.lifecycle = Entry.Lifecycle.EXPIRED
    return _write_lifecycle(header, None, "registry.entry.expired")


def _locked_for(entry: Entry, actor: Any) -> Entry:
    header = lock(entry)
    if not (may_edit(actor, header) or may_review(actor, header)):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    return header


def _write_lifecycle(
    header: Entry, actor: Any, action: str, data: Mapping[str, Any] | None = None
) -> Entry:
    header.is_public = _may_show(header)
    header.updated_at = timezone.now()
    header.save()
    log(instance=header, action=action, user=actor, data=dict(data or {}))
    _carry_owned(header)
    reindex(header)
    return header


def parse_tax_code(value: str) -> tuple[str, str]:
    """Return (scheme, compact number) of a tax code; raise `DirectoryError` when it is none.

    Ten digits with a check digit, three more for a branch (python-stdnum). Since 07/2025 a
    household business uses the owner's 12-digit personal number, which is personal data.
    """
    compact = "".join(char for char in value if char.isalnum())
    if compact.isascii() and compact.isdigit() and len(compact) == PERSONAL_CODE_LENGTH:
        return Identifier.Scheme.PERSONAL_TAX_CODE, compact
    try:
        return Identifier.Scheme.TAX_CODE, mst.format(mst.validate(compact))
    except NumberError as error:
        raise DirectoryError(
            _("Mã số thuế có 10 chữ số, chi nhánh thêm 3: 0123456787-001."), "tax_code"
        ) from error


@transaction.atomic
def claim_tax_code(entry: Entry, actor: Any, value: str) -> Identifier | None:
    """Write the tax code the owner states; a case verifies it. Returns None when already verified.

    Raises `Forbidden`, `DirectoryError` (not a tax code) or `DuplicateIdentifier`.
    """
    header = lock(entry)
    if not may_write(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    mine = header.identifiers.filter(state=Identifier.State.CLAIMED)
    if not value.strip():
        mine.delete()
        return None
    scheme, number = parse_tax_code(value)
    digest = keyed_hash(f"{scheme}:{number}")
    verified = Identifier.objects.filter(
        scheme=scheme, key_hash=digest, state=Identifier.State.VERIFIED
    ).select_related("entry")
    holder = verified.first()
    theirs = holder is not None and holder.entry_id != header.pk
    # Whose a personal number is, nobody learns by typing it: the desk sees that two state it.
    if holder is not None and theirs and scheme != Identifier.Scheme.PERSONAL_TAX_CODE:
        name = holder.entry.content.title if holder.entry.is_public else holder.entry.number
        raise DuplicateIdentifier(
            _("Mã số thuế này đã có hồ sơ %(name)s.") % {"name": name}, holder.entry
        )
    current = mine.filter(scheme=scheme, key_hash=digest).first()
    others = mine.exclude(pk=current.pk) if current else mine
    others.delete()
    if holder is not None and not theirs:
        return None
    return current or Identifier.objects.create(
        entry=header, scheme=scheme, encrypted=encrypt(number), key_hash=digest
    )


def verify_claimed(entry: Entry, actor: Any) -> None:
    """Turn claimed numbers into verified ones; the verified one they replace is superseded.

    Raises `DuplicateIdentifier` when another entry was verified with the same number meanwhile.
    """
    now = timezone.now()
    for claimed in entry.identifiers.filter(state=Identifier.State.CLAIMED):
        _refuse_rival(entry, claimed)
        entry.identifiers.filter(state=Identifier.State.VERIFIED).update(
            state=Identifier.State.SUPERSEDED, decided_at=now
        )
        claimed.state = Identifier.State.VERIFIED
        claimed.decided_at = now
        try:
            with transaction.atomic():
                claimed.save(update_fields=["state", "decided_at"])
        except IntegrityError:
            # Verified for another entry in the moment since we looked.
            _refuse_rival(entry, claimed)
            raise
        log(instance=entry, action="registry.identifier.verified", user=actor)


def _refuse_rival(entry: Entry, claimed: Identifier) -> None:
    rival = (
        Identifier.objects.filter(
            scheme=claimed.scheme, key_hash=claimed.key_hash, state=Identifier.State.VERIFIED
        )
        .exclude(entry=entry)
        .select_related("entry")
        .first()
    )
    if rival is not None:
        raise DuplicateIdentifier(
            _("Mã số thuế này đã có hồ sơ %(name)s.") % {"name": rival.entry.working_title},
            rival.entry,
        )
