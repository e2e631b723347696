"""What happens to the header when a page of a call is published, moved, hidden or taken off."""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from cms.awards.models import AwardProgrammePage, CallPage, Status
from cms.pages.selectors import plain_text
from registry.common.offers import offered
from registry.competitions import selectors


def follow(instance: CallPage, **_kwargs: Any) -> None:
    """Bring the header in line with a published page. Stand-ins in another language say nothing."""
    if instance.alias_of_id:
        return
    if instance.get_view_restrictions().exists():
        forget(instance)
        return
    award = instance.award
    offered("competitions.publish")(
        instance.translation_key,
        language=instance.locale.language_code,
        page_id=instance.pk,
        facts=facts_of(instance, award),
        words=words_of(instance, award),
        winners=winners_of(instance),
        actor=get_active_log_context().user,
    )


def forget(instance: CallPage, **_kwargs: Any) -> None:
    """Take the words of a page that is gone out of the header."""
    if not instance.alias_of_id:
        offered("competitions.withdraw")(
            instance.translation_key, language=instance.locale.language_code
        )


def follow_below(instance: Page, **_kwargs: Any) -> None:
    """Bring the headers of all live pages at and below a changed one in line."""
    for page in CallPage.objects.descendant_of(instance, inclusive=True).live():
        follow(page)


def facts_of(page: CallPage, award: AwardProgrammePage) -> dict[str, Any]:
    """Return what is the same in every language, as `competitions.publish` takes it."""
    return {
        "cancelled": page.status == Status.CANCELLED,
        "series": award.translation_key,
        "kind": award.kind,
        "year": page.year,
        "opens_at": page.opens_at,
        "closes_at": page.closes_at,
        "results_at": page.results_at,
        "awarded_at": page.awarded_at,
        "sector_id": award.sector_id,
        "organiser_id": award.organiser_id,
        "programmes": [term.pk for term in award.programmes.all()],
        "is_demo": page.is_demo,
    }


def words_of(page: CallPage, award: AwardProgrammePage) -> dict[str, str]:
    """Return what the page says in its language, as `competitions.publish` takes it."""
    organiser = selectors.link_of(award.organiser)
    judges = [part for row in page.agreed_judges() for part in (row.name, row.role)]
    body = [
        page.eligibility,
        plain_text(page.categories),
        plain_text(page.prizes),
        plain_text(page.body),
        *judges,
    ]
    return {
        "url": page.get_url() or "",
        "title": page.title,
        "summary": page.intro,
        "body": " ".join(part for part in body if part),
        "organiser": organiser.name if organiser else award.organiser_name,
        "award": award.title,
        "award_url": award.get_url() or "",
    }


def winners_of(page: CallPage) -> list[dict[str, Any]]:
    """Return the lines of the results, as `competitions.publish` takes them."""
    return [
        {
            "prize": row.prize,
            "category": row.category,
            "name": row.name,
            "work": row.work,
            "note": row.note,
            "entry_id": row.entry_id,
            "offer_id": row.offer_id,
        }
        for row in page.winners.all()
    ]
