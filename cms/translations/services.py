"""Marking a translated page as reviewed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from cms.caching.changes import note
from cms.translations.models import TranslationReview
from cms.translations.selectors import source_of

REVIEWED = "cms.translation.reviewed"


class ReviewError(Exception):
    """Why a translation could not be marked; `message` is for the reviewer."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def mark_reviewed(
    page_id: int, user: Any, *, text_version: datetime | None, source_version: datetime | None
) -> TranslationReview:
    """Note that a user compared the live translation with the live original, in these versions.

    Raises `PermissionDenied` unless the user may publish the page, and `ReviewError` when it is no
    live translation or when either text was published anew since the user read it.
    """
    page = Page.objects.select_for_update(no_key=True).get(pk=page_id)
    if not page.permissions_for_user(user).can_publish():
        raise PermissionDenied
    source = source_of(page)
    if source is None or not page.live:
        raise ReviewError(_("Trang này không phải bản dịch đang hiển thị."))
    if (page.last_published_at, source.last_published_at) != (text_version, source_version):
        raise ReviewError(_("Bản dịch hoặc bản gốc vừa được đăng lại. Đọc lại rồi xác nhận."))
    review, _created = TranslationReview.objects.update_or_create(
        page=page,
        defaults={
            "reviewer": user,
            "reviewed_at": timezone.now(),
            "text_version": text_version,
            "source_version": source_version,
        },
    )
    log(
        instance=page,
        action=REVIEWED,
        user=user,
        data={"source": source.pk, "source_revision": source.live_revision_id},
    )
    # Nothing but this page shows whether it was reviewed.
    note({f"page:{page.pk}"})
    return review
