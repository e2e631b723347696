"""The worker's jobs run once, mails survive a dead server, nothing confirmed is hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from post_office.models import STATUS, Email

from portal import jobs
from portal.jobs import Job, run_due
from portal.models import JobLease
from registry.directory.models import Entry
from registry.moderation.freshness import confirm_token, remind_and_expire
from tests.factories import make_draft, make_live, make_staff, make_user, submit

pytestmark = pytest.mark.django_db


class TestLeases:
    def test_a_job_runs_once_for_two_workers(self):
        ran: list[str] = []
        job = Job("thu", timedelta(minutes=5), lambda: ran.append("x"))
        now = timezone.now()
        run_due("một", now, (job,))
        run_due("hai", now, (job,))
        assert ran == ["x"]
        run_due("hai", now + timedelta(minutes=6), (job,))
        assert ran == ["x", "x"]

    def test_a_lease_of_a_dead_worker_lapses(self):
        ran: list[str] = []
        job = Job("thu", timedelta(minutes=1), lambda: ran.append("x"))
        now = timezone.now()
        JobLease.objects.create(
            name="thu", holder="đã chết", held_until=now + timedelta(minutes=10)
        )
        assert run_due("hai", now, (job,)) == []
        assert run_due("hai", now + timedelta(minutes=11), (job,)) == ["thu"]

    def test_a_job_that_fails_is_noted_and_tried_again(self):
        def fail() -> None:
            raise RuntimeError("hỏng")

        job = Job("thu", timedelta(minutes=1), fail)
        now = timezone.now()
        assert run_due("một", now, (job,)) == []
        lease = JobLease.objects.get(name="thu")
        assert lease.failures == 1
        assert "hỏng" in lease.last_error
        assert lease.held_until is None

    def test_every_job_runs_on_an_empty_site(self):
        assert set(run_due("một")) == {job.name for job in jobs.JOBS}


class TestMail:
    def test_mails_wait_while_the_server_is_down(self, settings):
        owner, moderator = make_user(), make_staff("moderator")
        settings.POST_OFFICE = {
            **settings.POST_OFFICE,
            "BACKENDS": {"default": "tests.integration.test_worker.DeadServer"},
        }
        submit(make_draft(owner), owner)
        call_command("worker", "--once")
        waiting = Email.objects.filter(status=STATUS.requeued)
        assert {owner.email, moderator.email} <= {email.to[0] for email in waiting}
        settings.POST_OFFICE = {
            **settings.POST_OFFICE,
            "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
        }
        Email.objects.update(scheduled_time=timezone.now() - timedelta(minutes=1))
        call_command("worker", "--once")
        assert not Email.objects.exclude(status=STATUS.sent).exists()
        assert {owner.email, moderator.email} <= {message.to[0] for message in mail.outbox}

    def test_a_change_that_is_rolled_back_sends_nothing(self):
        from django.db import transaction

        owner = make_user()
        entry = make_draft(owner)
        before = Email.objects.count()
        with transaction.atomic():
            submit(entry, owner)
            transaction.set_rollback(True)
        assert Email.objects.count() == before


class DeadServer:
    """A mail backend whose server refuses every connection."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def open(self) -> None:
        raise ConnectionRefusedError("mail")

    def close(self) -> None:
        pass

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError("mail")


class TestFreshness:
    def test_three_reminders_then_hidden_then_shown_again_by_a_link(self, client):
        owner = make_user()
        entry = make_live(owner)
        end = entry.expires_at
        Email.objects.all().delete()
        for days, expected in [(40, 0), (30, 1), (29, 1), (14, 2), (3, 3), (2, 3)]:
            remind_and_expire(end - timedelta(days=days))
            assert Email.objects.count() == expected, days
        remind_and_expire(end + timedelta(seconds=1))
        entry.refresh_from_db()
        assert entry.lifecycle == Entry.Lifecycle.EXPIRED
        assert not entry.is_public
        address = f"/xac-nhan/{confirm_token(entry, owner)}/"
        assert client.get(address).status_code == 200
        entry.refresh_from_db()
        assert not entry.is_public, "following the link alone must change nothing"
        assert client.post(address).status_code == 200
        entry.refresh_from_db()
        assert entry.is_public

    def test_a_stranger_cannot_confirm_with_a_forged_link(self, client):
        entry = make_live(make_user())
        before = entry.last_confirmed_at
        assert client.post("/xac-nhan/abc:def/").status_code == 410
        stranger = confirm_token(entry, make_user())
        assert client.post(f"/xac-nhan/{stranger}/").status_code == 410
        entry.refresh_from_db()
        assert entry.last_confirmed_at == before


def test_health_counts_and_says_nothing_private(client):
    make_live(make_user())
    answer = client.get("/suc-khoe/")
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "database", "documents", "mail_waiting", "cases_late"}
