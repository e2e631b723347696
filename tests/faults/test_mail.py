"""The mail server refuses and the worker is killed: every mail arrives in the end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from portal.models import JobLease
from tests.factories import make_draft, make_live, make_staff, make_user, submit
from tests.faults.processes import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_no_mail_is_lost_while_the_server_refuses_and_the_worker_dies(mail_server):
    moderator = make_staff("moderator")
    for number in range(5):
        owner = make_user()
        make_live(owner, title=f"Đã đăng {number}", moderator=moderator)
        submit(make_draft(owner, title=f"Chờ xem xét {number}"), owner)
    written = Email.objects.count()
    assert written >= 10
    port = {"HUB_TEST_SMTP_PORT": str(mail_server.port), "SEARCH_ENGINE": "embedded"}

    refused = worker(**port)
    try:
        wait_until(
            lambda: Email.objects.filter(status=STATUS.requeued).count() == written,
            "every mail was tried and waits",
        )
        assert refused.runs
    finally:
        refused.kill()

    # Six minutes later the server is there again, and the worker is killed in the middle.
    mail_server.open()
    Email.objects.update(scheduled_time=timezone.now() - timedelta(minutes=1))
    # The first worker may have died with the lease of the mails, which lasts five.
    JobLease.objects.update(held_until=None, ran_at=None)
    killed = worker(**port)
    try:
        wait_until(lambda: len(mail_server.taken) > 1, "mails arrive")
    finally:
        killed.kill()
    between = len(mail_server.taken)

    # The dead worker's lease lapses; another goes on.
    JobLease.objects.update(held_until=None, ran_at=None)
    last = worker(**port)
    try:
        wait_until(
            lambda: not Email.objects.exclude(status=STATUS.sent).exists(), "every mail is sent"
        )
        assert last.ask_to_stop() == 0
    finally:
        last.kill()
    assert between <= written
    expected = Counter((mail.to[0], mail.subject) for mail in Email.objects.all())
    arrived = Counter(mail_server.taken)
    assert not expected - arrived, "a mail is lost"
    assert (arrived - expected).total() <= 1, "one mail at most comes twice"
