"""Keeping the index true when a day passes: roles begin and end, certificates run out, unedited."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.directory.models import Entry, Recognition
from registry.directory.services import lock, reindex

#: Days looked back, so that a worker that stood still for a long weekend misses nothing.
LOOK_BACK = 5


def reindex_turned(today: date | None = None) -> int:
    """Index anew what holds other roles or certificates than some days ago; return how many.

    Called by the worker a few times a day; doing it twice changes nothing.
    """
    now = today or timezone.localdate()
    since = now - timedelta(days=LOOK_BACK)
    begun = Q(organisation__roles__since__gt=since, organisation__roles__since__lte=now)
    over = Q(organisation__roles__until__gte=since, organisation__roles__until__lt=now)
    run_out = Q(
        recognitions__status=Recognition.Status.GRANTED,
        recognitions__expires_on__gte=since,
        recognitions__expires_on__lt=now,
    )
    turned = Entry.objects.public().filter(begun | over | run_out).distinct().order_by("pk")
    count = 0
    for entry in turned.iterator(chunk_size=200):
        # Locked, so that what somebody hides at this moment is not put back.
        with transaction.atomic():
            reindex(lock(entry))
        count += 1
    return count
