"""Whatever owners, moderators and staff do in whatever order, nobody's words are lost unseen."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.directory.models import Entry
from registry.directory.selectors import draft_of
from registry.moderation import services as moderation
from registry.moderation.publishing import Clash
from tests.factories import edit, make_live, make_staff, make_user, submit

pytestmark = pytest.mark.django_db

COSMETIC = "image_alt"
FIELDS = ["summary_vi", "description_vi", COSMETIC]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(FIELDS)),
        st.tuples(st.just("correct"), st.sampled_from(FIELDS)),
        st.tuples(st.sampled_from(["submit", "approve", "reject", "ask", "withdraw"]), st.just("")),
    ),
    min_size=3,
    max_size=14,
)


class History:
    """Plays steps through the services and remembers who had seen which words."""

    def __init__(self) -> None:
        self.owner = make_user("Chủ")
        self.moderator = make_staff("moderator", "A")
        self.staff = make_staff("moderator", "B")
        self.entry = make_live(self.owner, moderator=self.moderator)
        self.values = (f"Câu số {number}" for number in itertools.count(1))
        #: value → the values its writer had before their eyes when writing it.
        self.seen: dict[str, set[str]] = {}
        self.corrections: set[str] = set()
        self.may_be_live = {name: {self.live()[name]} for name in FIELDS}
        self.chosen: set[str] = set()

    def live(self) -> dict[str, str]:
        content = type(self.entry.content)._default_manager.get(entry=self.entry)
        return {name: getattr(content, name) for name in FIELDS}

    def draft(self) -> dict[str, str]:
        content = draft_of(Entry.objects.get(pk=self.entry.pk))
        return {name: getattr(content, name) for name in FIELDS}

    def case(self) -> Any:
        return moderation.open_review(Entry.objects.get(pk=self.entry.pk))

    def play(self, step: str, name: str) -> None:
        before = self.live()
        getattr(self, f"_{step}")(*([name] if name else []))
        self.check(step, before, self.live())

    def check(self, step: str, before: dict[str, str], after: dict[str, str]) -> None:
        for name in FIELDS:
            old, new = before[name], after[name]
            assert new in self.may_be_live[name], f"{new!r} was never decided on"
            if old == new:
                continue
            assert step in {"submit", "approve", "correct"}
            if step == "submit":
                assert name == COSMETIC
            if old in self.corrections and step != "correct":
                unseen = old not in self.seen.get(new, set()) and new not in self.chosen
                assert not unseen, "a staff correction was overwritten by somebody who never saw it"

    def _edit(self, name: str) -> None:
        old, new = self.draft()[name], next(self.values)
        self.seen[new] = self.seen.get(old, set()) | {old}
        edit(self.entry, self.owner, **{name: new})

    def _submit(self) -> None:
        pinned = self.case()
        draft = self.draft()
        # A cosmetic change may go live by itself; whatever else goes live needs an approval.
        self.may_be_live[COSMETIC].add(draft[COSMETIC])
        try:
            submit(self.entry, self.owner)
        except (moderation.NothingToSubmit, Clash):
            assert (pinned is None) == (self.case() is None)

    def _approve(self) -> None:
        case = self.case()
        if case is None or case.state not in {"submitted", "in_review"}:
            return
        from wagtail.models import Revision

        pinned = Revision.objects.get(pk=case.review.revision).content
        for name in FIELDS:
            self.may_be_live[name].add(pinned[name])
        try:
            moderation.approve(case, self.moderator, expect=case.seq)
        except Clash as clash:
            case.refresh_from_db()
            self.chosen |= {pinned[path] for path in clash.paths}
            keep = dict.fromkeys(clash.paths, "pending")
            moderation.approve(case, self.moderator, expect=case.seq, keep=keep)
        after = self.live()
        base = Revision.objects.get(pk=case.review.base_revision).content
        for name in FIELDS:
            if pinned[name] != base[name]:
                assert after[name] == pinned[name], "what was approved is not what went live"

    def _reject(self) -> None:
        case = self.case()
        if case and case.state in {"submitted", "in_review"}:
            moderation.reject(
                case, self.moderator, expect=case.seq, reason="other", note="Chưa đạt."
            )

    def _ask(self) -> None:
        case = self.case()
        if case and case.state in {"submitted", "in_review"}:
            moderation.request_changes(
                case, self.moderator, expect=case.seq, reason="other", note="Thêm số liệu."
            )

    def _withdraw(self) -> None:
        if case := self.case():
            moderation.withdraw(case, self.owner, expect=case.seq)

    def _correct(self, name: str) -> None:
        content = type(self.entry.content)._default_manager.get(entry=self.entry)
        new = next(self.values)
        self.seen[new] = {getattr(content, name)}
        self.corrections.add(new)
        self.may_be_live[name].add(new)
        setattr(content, name, new)
        draft = self.draft()
        moderation.correct(
            self.entry,
            self.staff,
            content,
            expect_live=content.live_revision_id,
            reason="Sửa.",
        )
        kept = self.draft()
        for other in FIELDS:
            if other != name:
                assert kept[other] == draft[other], "an owner's unsent words were lost"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=STEPS)
def test_random_histories_keep_every_promise(steps: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        history = History()
        for step, name in steps:
            history.play(step, name)
        transaction.set_rollback(True)
