"""The first documents of the library. What exists is never changed: it is the editors'."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page
from wagtail_localize.models import LocaleSynchronization

from cms.documents.models import (
    Issuer,
    LegalDocumentIndexPage,
    LegalDocumentPage,
    LegalRelation,
)
from cms.pages.models import HomePage
from cms.pages.offerings import ServicePage
from registry.taxonomy import selectors as taxonomy

DATA = Path(__file__).resolve().parent / "data"
SLUG = "van-ban"
TITLE = "Văn bản"
INTRO = (
    "Luật, nghị định, kế hoạch và chương trình về khoa học, công nghệ và đổi mới sáng tạo "
    "mà Trung tâm dùng, kèm nguồn."
)
ENGLISH = {
    "title": "Documents",
    "intro": (
        "Laws, decrees, plans and programmes on science, technology and innovation "
        "that the Centre works with, each with its source. The documents are in Vietnamese."
    ),
}


#: What a service names, by the slug of its page, as long as no editor has written there.
NAMED_BY = {
    "mo-ho-so": ("93/2025/QH15", "268/2025/NĐ-CP"),
    "dang-cong-nghe": ("07/2017/QH14", "76/2018/NĐ-CP"),
    "ket-noi": ("07/2017/QH14", "76/2018/NĐ-CP"),
}


@transaction.atomic
def load() -> int:
    """Create the library and its documents where they are missing; return how many were new."""
    home = HomePage.objects.filter(locale__language_code="vi").first()
    if home is None:
        return 0
    issuers = _issuers()
    index = _index(home)
    rows = list(_rows("documents.csv"))
    made = {row["number"]: page for row in rows if (page := _document(index, row, issuers))}
    for row in rows:
        if row["number"] in made:
            _relate(made[row["number"]], row["relations"])
    for page in made.values():
        page.save_revision().publish()
    for follow in LocaleSynchronization.objects.all():
        follow.sync_trees()
    _in_english(index)
    _name_at_services(made)
    return len(made)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _issuers() -> dict[str, Issuer]:
    for row in _rows("issuers.csv"):
        Issuer.objects.get_or_create(code=row.pop("code"), defaults=row)
    return {issuer.code: issuer for issuer in Issuer.objects.all()}


def _index(home: Page) -> LegalDocumentIndexPage:
    found = LegalDocumentIndexPage.objects.child_of(home).first()
    if found is not None:
        return found
    # Before there was a library, a page of text stood here.
    old = home.get_children().filter(slug=SLUG).first()
    before = _make_room(old) if old is not None else None
    index = LegalDocumentIndexPage(
        title=TITLE,
        slug=SLUG,
        intro=INTRO,
        menu="centre",
        locale=home.locale,
        live=False,
        **({"body": before.body} if before is not None else {}),
    )
    home = Page.objects.get(pk=home.pk)
    home.add_child(instance=index)
    index.save_revision().publish()
    return index


def _make_room(old: Page) -> Any:
    """Free the address of the old page; return it when somebody has written in it, else delete it.

    What was written stands on below the list, and the old page is kept, out of sight.
    """
    written = _written(old)
    for page in [*old.get_translations(), old]:
        # A stand-in has no words of its own, and takes no revision.
        if page.alias_of_id is not None or not (written or _written(page)):
            Page.objects.get(pk=page.pk).specific.delete()
            continue
        own = page.specific
        own.unpublish()
        own.refresh_from_db()
        own.slug = f"{SLUG}-cu"
        own.save(clean=False)
        # Its next publication must not bring the old address back.
        own.save_revision(changed=False, clean=False)
    return old.specific_class.objects.get(pk=old.pk) if written else None


def _written(page: Page) -> bool:
    if page.alias_of_id is not None:
        return False
    return page.revisions.filter(user__isnull=False).exists() or page.revisions.count() > 1


def _document(
    index: LegalDocumentIndexPage, row: dict[str, str], issuers: dict[str, Issuer]
) -> LegalDocumentPage | None:
    below = LegalDocumentPage.objects.child_of(index)
    slug = slugify(row["number"].replace("Đ", "D").replace("/", "-"))
    if below.filter(slug=slug).exists() or below.filter(number=row["number"]).exists():
        return None
    page = LegalDocumentPage(
        title=row["title"],
        slug=slug,
        number=row["number"],
        document_type=row["type"],
        issuer=issuers[row["issuer"]],
        signed_on=_day(row["signed_on"]),
        effective_on=_day(row["effective_on"]),
        intro=row["intro"],
        change_note=row["change_note"],
        source=row["source"],
        locale=index.locale,
        live=False,
    )
    Page.objects.get(pk=index.pk).add_child(instance=page)
    page.topics.set(_terms("document_topic", row["topics"]))
    page.programmes.set(_terms("programme", row["programmes"]))
    return page


def _relate(page: LegalDocumentPage, written: str) -> None:
    for part in filter(None, written.split("|")):
        kind, _, other = part.partition(">")
        target = LegalDocumentPage.objects.filter(number=other, locale=page.locale).first()
        page.relations.add(
            LegalRelation(kind=kind, target=target, target_text="" if target else other)
        )


def _name_at_services(made: dict[str, LegalDocumentPage]) -> None:
    """Have the services of a new site name the documents they rest on, each in its language."""
    for service in ServicePage.objects.filter(slug__in=NAMED_BY, alias_of__isnull=True):
        numbers = [number for number in NAMED_BY[service.slug] if number in made]
        if not numbers or service.related or service.revisions.filter(user__isnull=False).exists():
            continue
        service.related = json.dumps([_named(made[number], service.locale) for number in numbers])
        service.save_revision().publish()


def _named(document: LegalDocumentPage, locale: Any) -> dict[str, Any]:
    page = document.get_translation_or_none(locale) or document
    value = {"title": document.title, "page": page.pk, "note": document.number}
    return {"type": "related", "value": value, "id": str(uuid.uuid4())}


def _terms(vocabulary: str, codes: str) -> list[Any]:
    return list(taxonomy.terms(vocabulary).filter(code__in=filter(None, codes.split("|"))))


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _in_english(index: LegalDocumentIndexPage) -> None:
    """Give the English list its own words; its documents stand in until they are translated."""
    for twin in index.get_translations().filter(locale__language_code="en", alias_of__isnull=False):
        own = twin.specific
        own.alias_of = None
        for name, value in ENGLISH.items():
            setattr(own, name, value)
        own.save_revision().publish()
