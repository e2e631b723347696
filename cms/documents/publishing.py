"""What follows when a document is published: its file is read, its searchable text renewed."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from cms.documents import selectors
from cms.documents.extract import Extract, extract
from cms.documents.models import FileText, LegalDocumentPage
from cms.documents.search_source import KIND
from cms.pages.search_source import reindex_below
from search import service

logger = logging.getLogger("hub.documents")

#: Days looked back, so that a worker that stood still for a long weekend misses nothing.
LOOK_BACK = 5


def follow(instance: Page, **_kwargs: Any) -> None:
    """Bring the index in line with a document that was published, hidden or moved, and those below."""
    reindex_below(KIND, instance, LegalDocumentPage)


def publish(instance: LegalDocumentPage, **_kwargs: Any) -> None:
    """Read the file of a published document, then make both findable."""
    read_file(instance)
    follow(instance)


def forget(instance: Page, **_kwargs: Any) -> None:
    """Take a deleted document out of the index."""
    service.remove(KIND, [instance.pk])


def follow_file(instance: Any, created: bool, **_kwargs: Any) -> None:
    """Read a file that was changed where files are kept, and renew what it is found by."""
    pages = [] if created else list(LegalDocumentPage.objects.filter(file=instance))
    for page in pages:
        read_file(page)
    for page in pages:
        follow(page)


def forget_file(instance: Any, **_kwargs: Any) -> None:
    """Take the words of a file about to be deleted out of the index."""
    pages = LegalDocumentPage.objects.filter(file=instance)
    ids = list(pages.values_list("pk", flat=True))
    # What the deletion itself does a moment later, when nobody knows any more whose file it was.
    pages.update(file=None)
    service.reindex(KIND, ids)


def read_file(page: LegalDocumentPage) -> FileText | None:
    """Return the text of a document's file, read once for each content; `None` without a file."""
    if page.file is None:
        return None
    document = page.file
    digest = document.get_file_hash() if document.file else ""
    known = FileText.objects.filter(document=document).first()
    if known is not None and known.file_hash == digest:
        return known
    try:
        with document.file.open("rb") as file:
            found = extract(file)
    except (OSError, ValueError) as problem:
        logger.warning("Không mở được tệp của văn bản %s: %s", page.pk, problem)
        found = Extract("broken")
    text, _made = FileText.objects.update_or_create(
        document=document,
        defaults={
            "file_hash": digest,
            "state": found.state,
            "pages": found.pages,
            "text": found.text,
        },
    )
    return text


def turn(today: date | None = None) -> int:
    """Renew the documents that began or ceased to count of late; return how many.

    Called by the worker a few times a day; doing it twice changes nothing.
    """
    now = today or timezone.localdate()
    ids = selectors.turned(now - timedelta(days=LOOK_BACK), now)
    service.renew(KIND, ids)
    return len(ids)
