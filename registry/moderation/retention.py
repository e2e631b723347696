"""What is kept no longer than it serves: pictures that nothing shows and nobody may still send."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from registry.common.fields import kinds
from registry.directory.images import forget_files
from registry.directory.models import Entry, EntryImage
from registry.directory.services import lock
from registry.moderation.models import Review

#: Days a replaced picture stays: somebody may still have the page of before open.
KEPT_DAYS = 30


def forget_replaced_images(now: datetime | None = None) -> int:
    """Delete old pictures that neither live, nor draft, nor a case shows; return how many.

    Called by the worker once a day; doing it twice changes nothing.
    """
    old = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    candidates = EntryImage.objects.filter(created_at__lt=old)
    for kind in kinds():
        shown = apps.get_model(kind.model)._default_manager.filter(image__isnull=False)
        candidates = candidates.exclude(pk__in=shown.values("image"))
    rows = candidates.order_by("entry_id", "pk").values_list("entry_id", "pk")
    return sum(
        _forget(entry_id, [pk for _entry, pk in images])
        for entry_id, images in groupby(list(rows), itemgetter(0))
    )


@transaction.atomic
def _forget(entry_id: int, pks: list[int]) -> int:
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        return 0
    header = lock(entry)
    used = _used(header)
    unused = [image for image in header.images.filter(pk__in=pks) if image.pk not in used]
    EntryImage.objects.filter(pk__in=[image.pk for image in unused]).delete()
    # Once the rows are gone for good: a file too many is better than a row without its file.
    for image in unused:
        transaction.on_commit(partial(forget_files, image))
    return len(unused)


def _used(entry: Entry) -> set[int]:
    """Return the pictures of what is live, of the latest draft, and of every revision in a case."""
    content = entry.content
    kept = {content.live_revision_id, content.latest_revision_id}
    for pair in Review.objects.filter(case__subject=entry).values_list("base_revision", "revision"):
        kept |= set(pair)
    revisions = Revision.objects.filter(pk__in=kept - {None})
    return {content.image_id, *revisions.values_list("content__image", flat=True)}
