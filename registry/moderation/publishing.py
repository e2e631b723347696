"""Publishing exactly what was reviewed, and merging when live has moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from registry.cases.services import CaseError
from registry.directory.models import Content, Entry
from registry.directory.services import mark_live
from registry.directory.snapshots import Change, apply, clashes, data_of, diff, rebuild

#: How a clash is settled at the desk: keep what is live, or take the owner's text.
KEEP_LIVE, TAKE_PENDING = "live", "pending"


class Clash(CaseError):
    """Both sides changed the same paths; somebody must choose."""

    def __init__(self, message: str, paths: Iterable[str]) -> None:
        super().__init__(message)
        self.paths = list(paths)


def stored(revision_id: int | None) -> Mapping[str, Any]:
    """Return what a revision holds; an empty mapping for none."""
    if revision_id is None:
        return {}
    content: Mapping[str, Any] = Revision.objects.get(pk=revision_id).content
    return content


def live_data(content: Content) -> Mapping[str, Any]:
    """Return what is live, as stored; an empty mapping when nothing is."""
    if not content.live:
        return {}
    if content.live_revision_id:
        return stored(content.live_revision_id)
    return data_of(content)


def publish_revision(entry: Entry, revision_id: int, actor: Any) -> Content:
    """Make one stored revision live, as it is; return the content read anew (W2)."""
    content = entry.content
    revision = Revision.objects.get(pk=revision_id)
    content.publish(revision, user=actor, skip_permission_checks=True)
    fresh: Content = type(content)._default_manager.get(pk=content.pk)
    fresh.entry = entry
    return fresh


def publish_pinned(
    entry: Entry,
    *,
    base: int | None,
    pinned: int,
    actor: Any,
    keep: Mapping[str, str] | None = None,
    correction: bool = False,
) -> int:
    """Publish the reviewed revision; return what is live now. Raise `Clash`.

    Exactly that revision when live has not moved since `base`; otherwise its changes laid over
    live. A newer draft stays the latest; it was begun from the reviewed text, but beside a
    `correction` from what was live. `entry` must be locked.
    """
    content = entry.content
    newer = content.latest_revision_id != pinned
    if content.live and (content.live_revision_id != base or (correction and newer)):
        changes = diff(entry.kind_info, stored(base), stored(pinned))
        author = Revision.objects.get(pk=pinned).user
        return lay_over_live(
            entry,
            changes,
            base=base,
            actor=actor,
            author=author,
            keep=keep,
            draft_base=None if correction else pinned,
        )
    content = publish_revision(entry, pinned, actor)
    entry.draft_base = pinned if newer else None
    mark_live(entry, content, actor)
    return pinned


def save_data(content: Content, data: Mapping[str, Any], user: Any) -> int:
    """Store data as the latest revision; return its number."""
    draft = rebuild(content, data)
    revision = draft.save_revision(user=user, clean=False)
    content.latest_revision_id = revision.pk
    return int(revision.pk)


def lay_over_live(
    entry: Entry,
    changes: Mapping[str, Change],
    *,
    base: int | None,
    actor: Any,
    author: Any,
    keep: Mapping[str, str] | None = None,
    confirmed: bool = True,
    draft_base: int | None = None,
) -> int:
    """Publish live ⊕ changes; return the new live revision. Raise `Clash` when a path moved twice.

    `base` is the revision the changes start from (None: from what is live now). Whatever draft was
    the latest stays the latest, laid over the new live text from `draft_base` on.
    """
    content = entry.content
    kind = entry.kind_info
    live = live_data(content)
    moved = diff(kind, stored(base), live) if base is not None else {}
    settled = dict(keep or {})
    open_paths = [path for path in clashes(changes, moved) if path not in settled]
    if open_paths:
        raise Clash(_("Bản đang hiển thị đã đổi ở cùng chỗ."), open_paths)
    wanted = {path: item for path, item in changes.items() if settled.get(path) != KEEP_LIVE}
    draft_id = content.latest_revision_id
    merged = save_data(content, apply(kind, live, wanted), author)
    base_id = draft_base or entry.draft_base or content.live_revision_id
    content = publish_revision(entry, merged, actor)
    keep_draft(
        entry,
        content,
        draft_id=draft_id,
        base=stored(base_id) if base_id else live,
        base_id=base_id,
        live_now=merged,
    )
    mark_live(entry, content, actor, confirmed=confirmed)
    return merged


def keep_draft(
    entry: Entry,
    content: Content,
    *,
    draft_id: int | None,
    base: Mapping[str, Any],
    base_id: int | None,
    live_now: int,
) -> None:
    """Lay the owner's unpublished draft over the new live text and save it as the latest again.

    Where both changed the same path since `base`, the draft keeps its owner's words and its old
    base, so that the clash is seen when it comes to be approved.
    """
    kind = entry.kind_info
    entry.draft_base = None
    if draft_id is None or draft_id == live_now:
        return
    draft, now = stored(draft_id), stored(live_now)
    theirs = diff(kind, base, now)
    mine = {
        path: change
        for path, change in diff(kind, base, draft).items()
        if path not in theirs or clashes({path: change}, {path: theirs[path]})
    }
    if not mine:
        return
    author = Revision.objects.get(pk=draft_id).user
    if clashes(mine, theirs):
        save_data(content, draft, author)
        entry.draft_base = base_id
    else:
        save_data(content, apply(kind, now, mine), author)
        entry.draft_base = live_now
