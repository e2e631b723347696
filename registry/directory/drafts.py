"""Drafts as a whole: throwing an unsent one away, beginning anew from a closed entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from registry.common.fields import Field
from registry.directory.images import copy_image, forget_files
from registry.directory.models import Content, Entry, Membership, new_uid
from registry.directory.permissions import may_write
from registry.directory.selectors import draft_of
from registry.directory.services import DirectoryError, Forbidden, create_entry, lock

CLONEABLE = {Entry.Lifecycle.REJECTED, Entry.Lifecycle.ARCHIVED}


def may_discard(entry: Entry) -> bool:
    """Whether the entry is a draft nobody outside its team ever saw."""
    return (
        entry.lifecycle == Entry.Lifecycle.DRAFT
        and not entry.was_public
        and not entry.cases.exists()
        and not entry.owned.exists()
    )


@transaction.atomic
def discard_draft(entry: Entry, actor: Any) -> None:
    """Delete a draft that was never sent, with its pictures. Raises `Forbidden`, `DirectoryError`."""
    header = _writable(entry, actor)
    if not may_discard(header):
        raise DirectoryError(
            _("Chỉ xóa được bản nháp chưa gửi lần nào và không có hồ sơ nào thuộc về nó.")
        )
    images = list(header.images.all())
    log(
        instance=header,
        action="registry.entry.discarded",
        user=actor,
        title=str(header),
        data={"number": header.number},
    )
    header.delete()

    def forget() -> None:
        for image in images:
            forget_files(image)

    transaction.on_commit(forget)


@transaction.atomic
def clone_entry(entry: Entry, actor: Any) -> Entry:
    """Begin a new draft with the words of a closed entry; return it. Raises `Forbidden`."""
    header = _writable(entry, actor)
    if header.lifecycle not in CLONEABLE:
        raise DirectoryError(_("Chỉ tạo bản sao từ hồ sơ đã đóng."))
    source = draft_of(header)
    kind = header.kind_info
    title: str = getattr(source, kind.title_field)
    clone = create_entry(kind.code, actor, title=title, organisation=header.owner)
    content = draft_of(clone)
    for field in kind.fields:
        _copy(field, source, content, clone, actor)
    content.save_revision(user=actor, clean=False)
    if not kind.needs_owner:
        _copy_members(header, clone)
    return clone


def _writable(entry: Entry, actor: Any) -> Entry:
    header = lock(entry)
    if not may_write(actor, header):
        raise Forbidden(_("Bạn chưa có quyền làm việc này."))
    return header


def _copy(field: Field, source: Any, target: Content, clone: Entry, actor: Any) -> None:
    if field.children:
        manager = getattr(target, field.name)
        model = manager.model
        rows = [
            model(
                uid=new_uid(),
                sort_order=place,
                **{part.name: getattr(child, part.name) for part in field.children},
            )
            for place, child in enumerate(getattr(source, field.name).all())
        ]
        manager.set(rows)
    elif field.multiple:
        setattr(target, field.name, list(getattr(source, field.name).all()))
    elif field.name == "image":
        picture = source.image
        target.image = copy_image(picture, clone, actor) if picture else None
    else:
        setattr(target, field.name, getattr(source, field.name))


def _copy_members(header: Entry, clone: Entry) -> None:
    for member in header.memberships.exclude(user__memberships__entry=clone):
        Membership.objects.create(entry=clone, user=member.user, role=member.role)
