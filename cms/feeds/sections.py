"""The sections of the site that can be followed, and their newest pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.feeds.writing import Item

LIMIT = 30
#: The package of each label.
_APPS = {
    "news": "cms.news",
    "eventpages": "cms.events",
    "awardpages": "cms.awards",
    "legaldocuments": "cms.documents",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of page, followed as a whole."""

    model: str
    title: Any

    def exists(self) -> bool:
        """Whether this site has such pages at all."""
        return apps.is_installed(_APPS[self.model.partition(".")[0]])


SECTIONS: Mapping[str, Section] = {
    "tin-tuc": Section("news.NewsPage", _("Tin tức")),
    "su-kien": Section("eventpages.EventPage", _("Sự kiện")),
    "giai-thuong": Section("awardpages.CallPage", _("Giải thưởng, cuộc thi")),
    "van-ban": Section("legaldocuments.LegalDocumentPage", _("Văn bản")),
}


def newest(section: Section, language: str, base: str) -> list[Item]:
    """Return the pages of a section written in a language, newest first."""
    model = apps.get_model(section.model)
    dated = any(field.name == "date" for field in model._meta.fields)
    pages = (
        model._default_manager.live()
        .public()
        .filter(locale__language_code=language, alias_of__isnull=True)
        .order_by(*(["-date"] if dated else []), "-first_published_at", "-pk")
        .defer_streamfields()
    )
    return [_item(page, base) for page in pages[:LIMIT] if page.get_url()]


def _item(page: Page, base: str) -> Item:
    first = page.first_published_at or page.latest_revision_created_at or timezone.now()
    changed = page.last_published_at or first
    day = getattr(page, "date", None)
    published = timezone.make_aware(datetime.combine(day, time(7))) if day else first
    return Item(
        key=f"urn:uuid:{page.translation_key}",
        title=page.title,
        url=urljoin(base, page.get_url() or "/"),
        summary=strip_tags(getattr(page, "intro", "") or page.search_description or ""),
        published=published,
        # Never before it was published: readers sort by either.
        updated=max(published, changed),
    )


def index_url(section: Section, language: str) -> str:
    """Return the address of the list above the pages of a section; the home page without one."""
    model = apps.get_model(section.model)
    for parent in model.allowed_parent_page_models():
        found = parent.objects.live().public().filter(locale__language_code=language).first()
        if found is not None and (url := found.get_url()):
            return str(url)
    return "/"
