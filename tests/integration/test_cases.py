"""Cases move by compare-and-set: of racing calls one wins, deadlines come in working days."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from registry.cases import machine
from registry.cases.calendar import deadline_after
from registry.cases.models import Case, DayOverride
from registry.cases.services import AlreadyOpen, Moved, act, advance_due, open_case
from registry.moderation import services as moderation
from tests.factories import make_draft, make_staff, make_user, submit

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=VIETNAM)


@pytest.mark.django_db
class TestWorkingDays:
    def test_a_weekend_does_not_count(self):
        friday = at(2026, 11, 27, 10, 0)
        assert deadline_after(friday, 1).astimezone(VIETNAM) == at(2026, 11, 30, 23, 59, 59)

    def test_lunar_new_year_does_not_count(self):
        eve = at(2027, 2, 4, 9, 0)  # Tết 2027 falls on 6 February
        assert deadline_after(eve, 2).astimezone(VIETNAM).date() > date(2027, 2, 10)

    def test_calendar_days_count_every_day(self):
        assert deadline_after(at(2026, 12, 30, 8, 0), 3, working=False).date() == date(2027, 1, 2)

    def test_the_centres_own_days_win_over_the_calendar(self):
        DayOverride.objects.create(day=date(2026, 11, 28), is_working=True, note="Làm bù")
        DayOverride.objects.create(day=date(2026, 11, 30), is_working=False)
        assert deadline_after(at(2026, 11, 27, 8, 0), 1).date() == date(2026, 11, 28)
        assert deadline_after(at(2026, 11, 27, 8, 0), 2).date() == date(2026, 12, 1)

    def test_late_at_night_in_utc_is_the_next_day_in_vietnam(self):
        evening_utc = datetime(2026, 11, 23, 18, 0, tzinfo=ZoneInfo("UTC"))
        assert deadline_after(evening_utc, 1).astimezone(VIETNAM).date() == date(2026, 11, 25)


def _break_on_purpose(case: Case, event: object, context: object) -> None:
    if case.events.filter(note="hỏng").exists():
        raise RuntimeError("hỏng")


@pytest.fixture
def fragile(monkeypatch):
    """A kind of case whose deadline does something that may fail."""
    monkeypatch.setattr(machine, "_machines", dict(machine._machines))
    machine.register(
        machine.Machine(
            kind="fragile",
            label="Thử",
            starts=("open",),
            states=(
                machine.State("open", "Mở", deadline=machine.Deadline(1, then="end")),
                machine.State("over", "Xong", terminal=True),
            ),
            transitions=(
                machine.Transition(
                    "end", "Xong", ("open",), "over", machine.system_only, effect=_break_on_purpose
                ),
            ),
        )
    )


@pytest.mark.django_db
class TestClock:
    def test_an_unanswered_request_closes_by_itself_once(self):
        owner, moderator = make_user(), make_staff("moderator")
        case = submit(make_draft(owner), owner)
        moderation.request_changes(
            case, moderator, expect=case.seq, reason="incomplete", note="Thêm số liệu."
        )
        case.refresh_from_db()
        assert advance_due(case.due_at - timedelta(days=8)) == 0
        assert advance_due(case.due_at - timedelta(days=6)) == 1  # the reminder
        assert advance_due(case.due_at - timedelta(days=6)) == 0
        assert advance_due(case.due_at + timedelta(seconds=1)) == 1
        assert advance_due(case.due_at + timedelta(days=1)) == 0
        case.refresh_from_db()
        assert case.state == "lapsed"
        assert case.closed_at is not None

    def test_one_case_that_cannot_move_holds_up_no_other(self, fragile):
        owner = make_user()
        entry = make_draft(owner)
        stuck = open_case("fragile", subject=entry, opener=owner, note="hỏng")
        sound = open_case("fragile", subject=entry, opener=owner)
        assert advance_due(sound.due_at + timedelta(seconds=1)) == 1
        for case, state in ((stuck, "open"), (sound, "over")):
            case.refresh_from_db()
            assert case.state == state

    def test_a_late_review_stays_open_and_counts_as_late(self):
        owner = make_user()
        case = submit(make_draft(owner), owner)
        later = timezone.now() + timedelta(days=400)
        assert advance_due(later) == 0
        assert case in Case.objects.late(later)


@pytest.mark.django_db
def test_one_review_at_a_time():
    owner = make_user()
    entry = make_draft(owner)
    case = submit(entry, owner)
    with pytest.raises(AlreadyOpen):
        open_case("moderation", subject=entry, opener=owner, dedupe_key=case.dedupe_key)


@pytest.mark.django_db
def test_the_timeline_has_one_line_per_step():
    owner, moderator = make_user(), make_staff("moderator")
    case = submit(make_draft(owner), owner)
    moderation.take(case, moderator, expect=case.seq)
    moderation.approve(case, moderator, expect=case.seq)
    steps = list(case.events.values_list("seq", "transition"))
    assert steps == [(1, "submit"), (2, "take"), (3, "approve"), (4, "publish")]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_racing_decisions_one_wins():
    owner = make_user()
    case = submit(make_draft(owner), owner)
    moderators = [make_staff("moderator") for _ in range(20)]
    outcomes: list[str] = []
    gate = threading.Barrier(len(moderators))

    def decide(moderator: object) -> None:
        gate.wait()
        try:
            act(Case.objects.get(pk=case.pk), "take", moderator, expect=1)
            outcomes.append("won")
        except Moved:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(moderator,)) for moderator in moderators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late"] * 19 + ["won"]
    assert case.events.filter(transition="take").count() == 1
