"""Reading how a page stands in its languages. One query tells all of a page's versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.translations.models import TranslationReview

Versions = dict[str, Page]


class State(models.TextChoices):
    """How the text of a page stands to the Vietnamese one."""

    SOURCE = "source", _("Bản gốc")
    STAND_IN = "stand_in", _("Chưa dịch")
    UNREVIEWED = "unreviewed", _("Chưa soát")
    OUTDATED = "outdated", _("Cũ hơn bản gốc")
    REVIEWED = "reviewed", _("Đã soát")


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a page's text, and the Vietnamese page it is made from."""

    state: State
    source: Page | None = None

    @property
    def is_written_here(self) -> bool:
        """Whether the text is in the page's own language."""
        return self.state != State.STAND_IN


def versions_of(page: Page) -> Versions:
    """Return language → live page of the same text, this one among them, stand-ins too."""
    pages = Page.objects.filter(translation_key=page.translation_key).live()
    found = pages.select_related("locale", "translation_review")
    return {version.locale.language_code: version for version in found}


def standing_in(versions: Versions, page: Page) -> Standing:
    """Return how a page stands among its versions. A draft never published stands as unreviewed."""
    source = versions.get(settings.LANGUAGE_CODE)
    if source is None or source.pk == page.pk or source.locale_id == page.locale_id:
        return Standing(State.SOURCE)
    if is_stand_in(versions, page):
        return Standing(State.STAND_IN, source)
    shown = next((version for version in versions.values() if version.pk == page.pk), page)
    return Standing(_state(shown, source), source)


def is_stand_in(versions: Versions, page: Page) -> bool:
    """Whether a page only shows the text of another language, for want of its own."""
    return page.alias_of_id is not None and any(
        version.pk == page.alias_of_id for version in versions.values()
    )


def written(versions: Versions) -> Versions:
    """Return the versions that have words of their own."""
    return {code: page for code, page in versions.items() if not is_stand_in(versions, page)}


def _state(page: Page, source: Page) -> State:
    review = getattr(page, "translation_review", None)
    if review is not None and review.text_version and review.text_version == page.last_published_at:
        same = review.source_version == source.last_published_at
        return State.REVIEWED if same else State.OUTDATED
    return State.OUTDATED if _later(source, page) else State.UNREVIEWED


def _later(source: Page, page: Page) -> bool:
    first, second = source.last_published_at, page.last_published_at
    return bool(first and second and first > second)


def source_of(page: Page) -> Page | None:
    """Return the Vietnamese page that a page translates; `None` for one that is no translation."""
    if page.alias_of_id is not None:
        return None
    twins = Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    found: Page | None = (
        twins.filter(locale__language_code=settings.LANGUAGE_CODE)
        .exclude(locale_id=page.locale_id)
        .first()
    )
    return found


def standing_of(page: Page) -> Standing:
    """Return how one page stands, for the admin; it asks the database."""
    source = source_of(page)
    if source is None:
        return Standing(State.SOURCE)
    shown = Page.objects.select_related("translation_review").get(pk=page.pk)
    return Standing(_state(shown, source), source)


def review_of(page: Page) -> TranslationReview | None:
    """Return the last review of a page, lapsed or not."""
    return TranslationReview.objects.select_related("reviewer").filter(page=page).first()


def translations() -> QuerySet[Page]:
    """Return the live translated pages with their `state`, `source_id` and `source_published_at`; those to look at first."""
    source = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE
    )
    pages: QuerySet[Page] = (
        Page.objects.live()
        .filter(alias_of__isnull=True, depth__gt=1)
        .exclude(locale__language_code=settings.LANGUAGE_CODE)
        .annotate(
            source_id=Subquery(source.values("pk")[:1]),
            source_published_at=Subquery(source.values("last_published_at")[:1]),
        )
        .filter(source_id__isnull=False)
        .annotate(state=_state_in_sql())
        .order_by(Case(When(state=State.REVIEWED.value, then=1), default=0), "state", "path")
        .select_related("locale", "translation_review__reviewer")
    )
    return pages


def _state_in_sql() -> Case:
    holds = Q(translation_review__text_version=F("last_published_at"))
    same = Q(translation_review__source_version=F("source_published_at"))

    def to(state: State) -> Any:
        return Value(state.value)

    return Case(
        When(holds & same, then=to(State.REVIEWED)),
        When(holds, then=to(State.OUTDATED)),
        When(source_published_at__gt=F("last_published_at"), then=to(State.OUTDATED)),
        default=to(State.UNREVIEWED),
        output_field=models.CharField(),
    )
