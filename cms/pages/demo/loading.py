"""Publishing the invented pages, and taking them away."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import LocaleSynchronization

from cms.news.kinds import Kind
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.demo import texts
from cms.pages.demo.texts import MARK
from cms.pages.models import SectionPage
from cms.pages.people import PeoplePage
from registry.directory import selectors as directory
from registry.taxonomy import selectors as taxonomy


@transaction.atomic
def load() -> int:
    """Publish what is missing of the people's page and the story; return how many pages."""
    made = [page for page in (_people(), _story()) if page is not None]
    # Each Vietnamese page stands in for an English one, as after a page made in the admin.
    for page in made:
        for follow in LocaleSynchronization.objects.filter(sync_from=page.locale):
            follow.sync_trees()
    return len(made)


@transaction.atomic
def clear() -> int:
    """Delete the invented pages; return how many."""
    people = PeoplePage.objects.filter(slug=texts.PEOPLE_SLUG)
    stories = NewsPage.objects.filter(is_demo=True)
    own = [*people, *stories]
    count = sum(page.alias_of_id is None for page in own)
    for page in sorted(own, key=lambda page: page.alias_of_id is None):
        page.delete()
    return count


def _people() -> Page | None:
    section = SectionPage.objects.filter(slug="gioi-thieu", locale__language_code="vi").first()
    if section is None or section.get_children().filter(slug=texts.PEOPLE_SLUG).exists():
        return None
    page = PeoplePage(
        title=f"{texts.PEOPLE_TITLE} {MARK}",
        slug=texts.PEOPLE_SLUG,
        intro=texts.PEOPLE_INTRO,
        plate="giao-duc",
        units=json.dumps([_block("unit", _unit(unit)) for unit in texts.UNITS]),
        locale=section.locale,
        live=False,
    )
    return _published(section, page)


def _unit(unit: texts.Unit) -> dict[str, Any]:
    people = [
        {
            "name": f"{person.name} {MARK}",
            "role": person.role,
            "email": f"{person.mailbox}@trung-tam.example",
        }
        for person in unit.people
    ]
    return {"name": unit.name, "task": unit.task, "people": _items(people)}


def _story() -> Page | None:
    index = NewsIndexPage.objects.filter(locale__language_code="vi").order_by("path").first()
    offer = directory.public_entries(["offer"]).filter(is_demo=True).order_by("pk").first()
    if index is None or offer is None:
        return None
    if index.get_children().filter(slug=texts.STORY_SLUG).exists():
        return None
    evidence = [
        {"value": value, "text": text, "source": f"{source} {MARK}"}
        for value, text, source in texts.STORY_EVIDENCE
    ]
    page = NewsPage(
        kind=Kind.STORY,
        title=f"{texts.STORY_TITLE} {MARK}",
        slug=texts.STORY_SLUG,
        intro=texts.STORY_INTRO,
        date=timezone.localdate() - timedelta(days=texts.STORY_DAYS_AGO),
        sector=taxonomy.terms("sector").filter(code="co-khi").first(),
        entry_id=offer.pk,
        body=json.dumps([_block(kind, _value(value)) for kind, value in texts.STORY_BODY]),
        evidence=json.dumps([_block("evidence", row) for row in evidence]),
        is_demo=True,
        locale=index.locale,
        live=False,
    )
    return _published(index, page)


def _published(parent: Page, page: Any) -> Page:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk)


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _items(part) if isinstance(part, list) else part for key, part in value.items()}


def _items(rows: list[Any]) -> list[dict[str, Any]]:
    return [_block("item", row) for row in rows]


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
