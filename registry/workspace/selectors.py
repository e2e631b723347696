"""What the owner reads: their entries with state and deadline, the course of one, what stops it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.cases.models import Case
from registry.cases.selectors import timeline
from registry.common.crypto import decrypt
from registry.common.fields import Kind, Problem, Step, kind_of
from registry.common.wording import deadline
from registry.directory.models import Content, Entry, Identifier, Membership, Recognition
from registry.directory.permissions import may_edit
from registry.directory.selectors import latest_revision_id, problems
from registry.directory.snapshots import data_of, diff
from registry.moderation.comparison import Reader
from registry.moderation.machine import MODERATION
from registry.moderation.models import CORRECT
from registry.moderation.publishing import stored
from registry.moderation.selectors import (
    ListingState,
    case_sentence,
    listing_states,
    reason_label,
)

OPENING = {"submit", "open"}
#: Lifecycles in which an owner may say that the entry is still right.
CONFIRMABLE = {Entry.Lifecycle.LIVE, Entry.Lifecycle.EXPIRED, Entry.Lifecycle.ON_HOLD}
#: Kinds that hold certificates.
RECOGNISED = {"organisation", "lab"}


def organisations_for(user: Any, *, writing: bool = False) -> list[Entry]:
    """Return the organisations the person belongs to, or only those they may write for."""
    roles = [Membership.Role.OWNER, Membership.Role.EDITOR] if writing else Membership.Role.values
    mine = Membership.objects.filter(user=user, role__in=roles).values("entry_id")
    return list(Entry.objects.filter(pk__in=mine).order_by("created_at", "pk"))


def entries_for(user: Any) -> QuerySet[Entry]:
    """Return everything the person's organisations own, what was touched last first."""
    return Entry.objects.of_member(user).select_related("owner").order_by("-updated_at", "-pk")


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One line of the owner's list."""

    entry: Entry
    state: ListingState

    @property
    def title(self) -> str:
        """The title as last typed."""
        return title_of(self.entry)

    @property
    def url(self) -> str:
        """The entry's page in the workspace."""
        return reverse("workspace:entry", kwargs={"number": self.entry.number_slug})


def title_of(entry: Entry) -> str:
    """Return the title as last typed, or words for its absence."""
    return entry.working_title or _("Chưa đặt tên")


def listed(entries: Iterable[Entry]) -> list[ListedEntry]:
    """Return entries with the state their owner reads."""
    rows = list(entries)
    states = listing_states(rows)
    return [ListedEntry(entry, states[entry.pk]) for entry in rows]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the course of an entry; `mark` is empty, `now` or `next`."""

    title: str
    at: datetime | None = None
    note: str = ""
    who: str = ""
    mark: str = ""


def course_of(entry: Entry) -> list[Happening]:
    """Return what happened to an entry and who acts next, oldest first."""
    cases = entry.cases.filter(kind=MODERATION.kind).order_by("pk")
    found = [_happening(case, event) for case in cases for event in timeline(case)]
    last = cases.last()
    if last is None or not last.is_open:
        return found
    if found:
        last_line = found[-1]
        found[-1] = Happening(last_line.title, last_line.at, last_line.note, last_line.who, "now")
    return [*found, *_ahead(last)]


def _happening(case: Case, event: Any) -> Happening:
    if event.transition in OPENING:
        title = _("Bạn gửi hồ sơ")
    elif event.transition == CORRECT:
        title = _("Trung tâm sửa")
    else:
        title = str(case.machine.transition(event.transition).done)
    who = _("Lý do: %(reason)s") % {"reason": reason_label(event.reason)} if event.reason else ""
    if not who and event.side == "owner" and event.actor is not None:
        who = event.actor.get_full_name()
    note = f"“{event.note}”" if event.note else ""
    return Happening(title, event.at, note, who)


def _ahead(case: Case) -> list[Happening]:
    due = deadline(case.due_at)
    if case.state_info.waits_for == "owner":
        return [
            Happening(_("Bạn gửi lại"), who=due, mark="next"),
            Happening(_("Trung tâm trả lời"), who=_("trong 5 ngày làm việc"), mark="next"),
        ]
    if case.state == "submitted":
        return [
            Happening(_("Trung tâm phân công"), who=due, mark="next"),
            Happening(_("Trung tâm trả lời"), who=_("trong 5 ngày làm việc"), mark="next"),
        ]
    return [Happening(_("Trung tâm trả lời"), who=due or case_words(case), mark="next")]


def case_words(case: Case) -> str:
    """Return the sentence of a state that has no deadline."""
    return "" if "%(" in str(case.state_info.sentence) else str(case.state_info.sentence)


def last_request(case: Case | None) -> Any:
    """Return the event that asked for changes when the owner must answer it, else None."""
    if case is None or not case.is_open or case.state != "changes_requested":
        return None
    return case.events.filter(transition="request_changes").order_by("-seq").first()


def tax_code_of(entry: Entry) -> str:
    """Return the tax code as its owner reads it: the claimed one, else the verified one."""
    found = entry.identifiers.filter(
        state__in=[Identifier.State.CLAIMED, Identifier.State.VERIFIED]
    ).order_by("state", "-pk")
    identifier = found.first()
    return decrypt(identifier.encrypted) if identifier else ""


def step_url(entry: Entry, step: str) -> str:
    """Return the address of one step of an entry's form."""
    return reverse("workspace:step", kwargs={"number": entry.number_slug, "step": step})


def steps_of(content: Content, entry: Entry, current: str = "") -> list[dict[str, Any]]:
    """Return the stepper of an entry: label, address, done, current."""
    open_steps = {step_of(entry.kind_info, problem) for problem in problems(content)}
    return [
        {
            "label": step.title,
            "url": step_url(entry, step.code),
            "done": step.code not in open_steps,
            "current": step.code == current,
        }
        for step in entry.kind_info.steps
    ]


def step_of(kind: Kind, problem: Problem) -> str:
    """Return the code of the step whose form mends a problem."""
    try:
        return kind.field(problem.path.partition("[")[0]).step
    except KeyError:
        return kind.steps[0].code


def to_mend(content: Content, entry: Entry) -> list[dict[str, str]]:
    """Return what a submission still lacks: label, message, the address of the field."""
    kind = kind_of(entry.kind)
    found = []
    for problem in problems(content):
        name = problem.path.partition("[")[0]
        address = step_url(entry, step_of(kind, problem))
        label = str(kind.by_path(problem.path).label)
        # “Nhập ưu điểm.” names its field already.
        named = label.casefold() in problem.message.casefold()
        found.append(
            {
                "label": "" if named else label,
                "message": problem.message,
                "target": f"{address}?sua=1#id_{name}",
            }
        )
    return found


def waits_with(entry: Entry, user: Any) -> Entry | None:
    """Return the organisation to submit along with an offer: one still unsent, and the user's."""
    owner = entry.owner
    if owner is None or owner.lifecycle != Entry.Lifecycle.DRAFT or not may_edit(user, owner):
        return None
    has_case = owner.cases.open().filter(kind=MODERATION.kind).exists()
    return None if has_case else owner


def entry_url(entry: Entry) -> str:
    """Return the entry's page in the workspace."""
    return reverse("workspace:entry", kwargs={"number": entry.number_slug})


def is_unsent(entry: Entry, case: Case | None) -> bool:
    """Whether the latest draft says something the Centre has not been shown.

    An answer to requested changes may be sent as it is.
    """
    latest = entry.content.latest_revision_id
    if case is not None:
        return case.state == "changes_requested" or latest != case.review.revision
    if not entry.content.live:
        return True
    claims = entry.identifiers.filter(state=Identifier.State.CLAIMED).exists()
    return claims or latest != entry.content.live_revision_id


def members_url(entry: Entry) -> str:
    """Return the page of an organisation's members."""
    return reverse("workspace:members_of", kwargs={"number": entry.number_slug})


@dataclass(frozen=True, slots=True)
class ListedRecognition:
    """A certificate and where its confirmation stands."""

    recognition: Recognition
    label: str
    tone: str
    sentence: str
    note: str


def recognitions_of(entry: Entry) -> list[ListedRecognition]:
    """Return the certificates of an entry with the state their owner reads, newest first."""
    found = []
    for item in entry.recognitions.order_by("-pk"):
        link = item.cases.order_by("-pk").select_related("case").first()
        if link is None:
            found.append(ListedRecognition(item, item.get_status_display(), "", "", ""))
            continue
        case = link.case
        last = case.events.order_by("-seq").first()
        found.append(
            ListedRecognition(
                item,
                str(case.state_info.label),
                case.state_info.tone,
                case_sentence(case) if case.state_info.sentence else "",
                last.note if last and last.side == "centre" else "",
            )
        )
    return found


def said_otherwise(entry: Entry, typed: Content, step: Step) -> list[dict[str, str]]:
    """Return what the latest draft says otherwise in a step than what was typed: label, words."""
    kind = entry.kind_info
    newer = stored(latest_revision_id(entry))
    reader = Reader(kind, type(typed), [newer])
    wanted = {field.name for field in kind.in_step(step.code)}
    return [
        {"label": reader.label(path), "text": reader.text(path, change.after) or _("(để trống)")}
        for path, change in diff(kind, data_of(typed), newer).items()
        if path.partition("[")[0] in wanted and path.partition("[")[0] != "image"
    ]
