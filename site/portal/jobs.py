"""The worker's scheduled jobs, each under a lease."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from post_office.mail import get_queued, send_queued

from cms.documents.publishing import turn as turn_documents
from cms.pages.messages import forget_old as forget_messages
from portal.models import JobLease
from registry.cases.services import advance_due
from registry.common.ratelimit import purge
from registry.competitions.services import advance_due as advance_calls
from registry.directory.turning import reindex_turned
from registry.events.services import finish_due
from registry.moderation.freshness import release_waiting, remind_and_expire
from registry.moderation.retention import forget_replaced_images
from search import outbox
from search.vocabulary.missed import forget_old as forget_missed

logger = logging.getLogger("hub.worker")

LEASE = timedelta(minutes=15)
MAILS_A_TURN = 200


@dataclass(frozen=True, slots=True)
class Job:
    """What runs, and how long after its last run it runs again."""

    name: str
    every: timedelta
    run: Callable[[], object]
    #: How long a worker that died keeps others from the job.
    lease: timedelta = LEASE


def _send_mail() -> None:
    for _turn in range(MAILS_A_TURN):
        if not get_queued():
            return
        send_queued(processes=1, log_level=1)


def _clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


def _publish_scheduled_pages() -> None:
    call_command("publish_scheduled", verbosity=0)


def _clear_old_mail() -> None:
    call_command("cleanup_mail", days=90, verbosity=0)


JOBS: tuple[Job, ...] = (
    Job("mail.send", timedelta(0), _send_mail, lease=timedelta(minutes=5)),
    Job("cases.advance_due", timedelta(minutes=1), advance_due),
    Job("moderation.release_waiting", timedelta(minutes=1), release_waiting),
    Job("moderation.remind_and_expire", timedelta(hours=1), remind_and_expire),
    Job("directory.reindex_turned", timedelta(hours=6), reindex_turned),
    Job("events.finish_due", timedelta(minutes=5), finish_due),
    Job("documents.turn", timedelta(hours=6), turn_documents),
    Job("competitions.advance_due", timedelta(minutes=5), advance_calls),
    Job("pages.publish_scheduled", timedelta(minutes=1), _publish_scheduled_pages),
    Job("search.forget_missed", timedelta(days=1), forget_missed),
    Job("moderation.forget_replaced_images", timedelta(days=1), forget_replaced_images),
    Job("pages.forget_messages", timedelta(days=1), forget_messages),
    Job("common.forget_rate_counts", timedelta(hours=1), purge),
    Job("search.forget_done", timedelta(hours=1), outbox.prune),
    Job("sessions.clear", timedelta(days=1), _clear_sessions),
    Job("mail.clear_old", timedelta(days=1), _clear_old_mail),
)


def run_due(holder: str, now: datetime | None = None, jobs: tuple[Job, ...] = JOBS) -> list[str]:
    """Run the jobs that are due and free; return the names of those that ran.

    A job that fails is logged, noted on its lease and tried again at its next turn; a worker that
    dies leaves a lease that lapses.
    """
    done = []
    for job in jobs:
        at = now or timezone.now()
        if not _acquire(job, holder, at):
            continue
        error = ""
        try:
            job.run()
            done.append(job.name)
        except Exception as failure:
            logger.exception("Công việc %s bị lỗi", job.name)
            error = repr(failure)[:500]
        _release(job, holder, at, error)
    return done


def _acquire(job: Job, holder: str, at: datetime) -> bool:
    JobLease.objects.get_or_create(name=job.name)
    free = Q(held_until__isnull=True) | Q(held_until__lt=at)
    due = Q(ran_at__isnull=True) | Q(ran_at__lte=at - job.every)
    return bool(
        JobLease.objects.filter(free & due, name=job.name).update(
            holder=holder, held_until=at + job.lease
        )
    )


def _release(job: Job, holder: str, at: datetime, error: str) -> None:
    with transaction.atomic():
        lease = JobLease.objects.select_for_update().get(name=job.name)
        if lease.holder != holder:
            return
        lease.held_until = None
        lease.ran_at = at
        lease.failures = lease.failures + 1 if error else 0
        lease.last_error = error
        lease.save()
