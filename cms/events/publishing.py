"""What happens to the header when a page of an event is published, moved, hidden or taken off."""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from cms.events.models import EventPage
from cms.pages.selectors import plain_text
from registry.common.offers import offered
from registry.events import selectors


def follow(instance: EventPage, **_kwargs: Any) -> None:
    """Bring the header in line with a published page. Stand-ins in another language say nothing."""
    if instance.alias_of_id:
        return
    if instance.get_view_restrictions().exists():
        forget(instance)
        return
    offered("events.publish")(
        instance.translation_key,
        language=instance.locale.language_code,
        page_id=instance.pk,
        facts=facts_of(instance),
        words=words_of(instance),
        actor=get_active_log_context().user,
    )


def forget(instance: EventPage, **_kwargs: Any) -> None:
    """Take the words of a page that is gone out of the header."""
    if not instance.alias_of_id:
        offered("events.withdraw")(instance.translation_key, language=instance.locale.language_code)


def follow_below(instance: Page, **_kwargs: Any) -> None:
    """Bring the headers of all live pages at and below a moved or renamed one in line."""
    for page in EventPage.objects.descendant_of(instance, inclusive=True).live():
        follow(page)


def facts_of(page: EventPage) -> dict[str, Any]:
    """Return what is the same in every language, as `events.publish` takes it."""
    return {
        "state": page.status,
        "starts_at": page.starts_at,
        "ends_at": page.ends_at,
        "mode": page.mode,
        "online_url": page.online_url if page.mode != "tai_cho" else "",
        "capacity": page.capacity,
        "registration_url": page.registration_url,
        "type_id": page.event_type_id,
        "sector_id": page.sector_id,
        "commune_id": page.commune_id if page.mode != "truc_tuyen" else None,
        "organiser_id": page.organiser_id,
        "audiences": [term.pk for term in page.audiences.all()],
        "programmes": [term.pk for term in page.programmes.all()],
        "is_demo": page.is_demo,
    }


def words_of(page: EventPage) -> dict[str, str]:
    """Return what the page says in its language, as `events.publish` takes it."""
    organiser = selectors.link_of(page.organiser)
    speakers = [part for row in page.speakers.all() for part in (row.name, row.role)]
    body = [
        plain_text(page.agenda),
        plain_text(page.body),
        page.audience,
        *speakers,
        page.accessibility,
    ]
    return {
        "url": page.get_url() or "",
        "title": page.title,
        "summary": page.intro,
        "body": " ".join(part for part in body if part),
        "venue": page.venue,
        "organiser": organiser.name if organiser else page.organiser_name,
        "note": page.status_note if page.status != "announced" else "",
    }
