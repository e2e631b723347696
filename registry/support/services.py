"""Writing measures beside the admin's own forms: their numbers, the index, the first texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from wagtail.models import Page

from registry.directory.models.header import slug_of
from registry.directory.services import next_number
from registry.support import facts
from registry.support.models import Paper, SupportMeasure
from registry.support.rules import parse
from search import service as search_service

PREFIX = "HT"
KIND = "support"


def identify(instance: SupportMeasure, **_signal: Any) -> None:
    """Give a measure that is saved for the first time its number and address; both stay for ever."""
    if not instance.number:
        with transaction.atomic():
            instance.number = next_number(PREFIX)
        instance.slug = slug_of(instance.title_vi)


def follow(instance: SupportMeasure, **_signal: Any) -> None:
    """Keep the index true after a measure was published, taken off or deleted."""
    search_service.reindex(KIND, [instance.pk])


@transaction.atomic
def write_first(
    seed: str, values: Mapping[str, Any], papers: Sequence[Mapping[str, Any]], *, publish: bool
) -> SupportMeasure | None:
    """Write a measure of a first catalogue, published or as a draft; `None` when it is there already.

    Raises `RuleError` for a rule the facts do not know. What editors have changed since is theirs.
    """
    if SupportMeasure.objects.filter(seed=seed).exists():
        return None
    parse(values["rule"], facts.allowed)
    measure = SupportMeasure(seed=seed, live=False, has_unpublished_changes=True, **values)
    measure.papers = [Paper(sort_order=place, **paper) for place, paper in enumerate(papers)]
    measure.save()
    revision = measure.save_revision()
    if publish:
        revision.publish()
        measure.refresh_from_db()
    return measure


def document_called(number: str) -> Page | None:
    """Return the page of the library that bears a document's number as its slug, if there is one."""
    slug = slug_of(number.replace("/", "-"))
    return (
        Page.objects.live()
        .filter(slug=slug, content_type__app_label="legaldocuments", locale__language_code="vi")
        .first()
    )


@transaction.atomic
def forget_demo() -> int:
    """Delete the invented measures; return how many."""
    measures = list(SupportMeasure.objects.filter(is_demo=True))
    for measure in measures:
        measure.delete()
    return len(measures)
