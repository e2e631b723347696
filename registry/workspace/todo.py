"""Up to three things worth doing next, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.common.wording import deadline
from registry.directory.models import Entry
from registry.directory.selectors import (
    FRESH_DAYS,
    completeness,
    draft_of,
    empty_fields,
    problems,
)
from registry.marketplace.selectors import number_slug, waiting_for
from registry.moderation.machine import MODERATION
from registry.moderation.selectors import latest_review
from registry.workspace.selectors import (
    entries_for,
    last_request,
    organisations_for,
    step_url,
    title_of,
)

HOW_MANY = 3
#: Entries looked at for one kind of thing; nobody needs the hundredth.
LOOKED_AT = 20
EXPIRES_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: what, why or until when, the button. `urgent` draws it in brick."""

    title: str
    text: str
    action: str
    url: str
    urgent: bool = False


def next_things(user: Any) -> list[Todo]:
    """Return up to three things; looks no further once it has them."""
    return list(islice(_things(user), HOW_MANY))


def _things(user: Any) -> Iterator[Todo]:
    mine = entries_for(user)
    yield from _changes(mine)
    yield from _enquiries(user)
    yield from _confirmations(mine)
    organisations = organisations_for(user)
    if not organisations:
        yield Todo(
            _("Tạo hồ sơ tổ chức"),
            _("Tên, vai trò, lĩnh vực, nơi đặt: khoảng 10 phút."),
            _("Tạo hồ sơ"),
            reverse("workspace:create_kind", kwargs={"kind": "to-chuc"}),
        )
        return
    yield from _drafts(mine)
    for organisation in organisations:
        if not organisation.owned.filter(kind="offer").exists():
            yield Todo(
                _("Giới thiệu công nghệ đầu tiên"),
                _("Người cần công nghệ tìm thấy bạn trên Thị trường công nghệ."),
                _("Thêm công nghệ"),
                reverse("workspace:create_kind", kwargs={"kind": "cong-nghe"}),
            )
            break
    yield from _gaps(organisations)


def _changes(mine: Any) -> Iterator[Todo]:
    waiting = mine.filter(
        cases__kind=MODERATION.kind,
        cases__state="changes_requested",
        cases__closed_at__isnull=True,
    ).order_by("cases__due_at")
    for entry in waiting[:LOOKED_AT]:
        case = latest_review(entry)
        event = last_request(case)
        if case is None or event is None:
            continue
        yield Todo(
            _("Bổ sung %(number)s: %(title)s") % {"number": entry.number, "title": title_of(entry)},
            _("“%(note)s” Bạn gửi %(deadline)s.")
            % {"note": event.note, "deadline": deadline(case.due_at)},
            _("Bổ sung"),
            _page(entry),
            urgent=True,
        )


def _enquiries(user: Any) -> Iterator[Todo]:
    for case in waiting_for(user)[:LOOKED_AT]:
        yield Todo(
            _("Trả lời đề nghị %(number)s về %(subject)s")
            % {"number": case.number, "subject": case.subject.number},
            _("Liên hệ hai bên chỉ hiện khi bạn chấp nhận. Trả lời %(deadline)s.")
            % {"deadline": deadline(case.due_at)},
            _("Xem đề nghị"),
            reverse("workspace:enquiry", kwargs={"slug": number_slug(case)}),
        )


def _confirmations(mine: Any) -> Iterator[Todo]:
    now = timezone.now()
    expired = mine.filter(lifecycle=Entry.Lifecycle.EXPIRED).order_by("expires_at", "pk")
    for entry in expired[:LOOKED_AT]:
        yield _confirm(entry, _("Đã ẩn; bạn xác nhận để đăng lại."), urgent=True)
    live = mine.filter(lifecycle=Entry.Lifecycle.LIVE)
    soon = live.filter(expires_at__lt=now + EXPIRES_SOON).order_by("expires_at")
    for entry in soon[:LOOKED_AT]:
        text = _("Bạn xác nhận lại %(deadline)s.") % {"deadline": deadline(entry.expires_at)}
        yield _confirm(entry, text, urgent=True)
    stale = live.filter(
        last_confirmed_at__lt=now - timedelta(days=FRESH_DAYS),
        expires_at__gte=now + EXPIRES_SOON,
    ).order_by("last_confirmed_at")
    for entry in stale[:LOOKED_AT]:
        yield _confirm(entry, _("Xếp sau hồ sơ còn mới đến khi bạn xác nhận."))


def _confirm(entry: Entry, text: str, *, urgent: bool = False) -> Todo:
    title = _("Xác nhận %(number)s còn đúng: %(title)s") % {
        "number": entry.number,
        "title": title_of(entry),
    }
    return Todo(title, text, _("Xem và xác nhận"), _page(entry), urgent)


def _drafts(mine: Any) -> Iterator[Todo]:
    unsent = mine.filter(lifecycle=Entry.Lifecycle.DRAFT).exclude(
        cases__kind=MODERATION.kind, cases__closed_at__isnull=True
    )
    for entry in unsent[:LOOKED_AT]:
        missing = problems(draft_of(entry))
        if missing:
            yield Todo(
                _("Điền tiếp %(number)s: %(title)s")
                % {"number": entry.number, "title": title_of(entry)},
                _("Còn %(count)s chỗ trước khi gửi: %(first)s")
                % {"count": len(missing), "first": missing[0].message},
                _("Điền tiếp"),
                _page(entry),
            )
        else:
            yield Todo(
                _("Gửi %(number)s: %(title)s") % {"number": entry.number, "title": title_of(entry)},
                _("Bản nháp đã đủ. Trung tâm xem xét trước khi đăng."),
                _("Gửi xem xét"),
                _page(entry),
            )


def _gaps(organisations: list[Entry]) -> Iterator[Todo]:
    for organisation in organisations:
        content = draft_of(organisation)
        empty = empty_fields(content)
        now = completeness(content, empty)
        total = sum(field.weight for field in content.kind_info.fields)
        for field in empty[:HOW_MANY]:
            after = now + round(100 * field.weight / total)
            yield Todo(
                _("Thêm: %(field)s") % {"field": field.label},
                _("Tăng độ đầy đủ của hồ sơ tổ chức lên %(percent)s%%.") % {"percent": after},
                _("Thêm"),
                f"{step_url(organisation, field.step)}#id_{field.name}",
            )


def _page(entry: Entry) -> str:
    return reverse("workspace:entry", kwargs={"number": entry.number_slug})
