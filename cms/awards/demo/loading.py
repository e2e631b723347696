"""Publishing the invented awards through their pages, and taking them away."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail_localize.models import LocaleSynchronization

from cms.awards.demo.texts import AWARDS, EMAIL, MARK, ORGANISER, PLACE, Round, Told
from cms.awards.models import (
    AwardIndexPage,
    AwardProgrammePage,
    CallJudge,
    CallPage,
    CallWinner,
)
from registry.directory import selectors as directory
from registry.taxonomy import selectors as taxonomy


@transaction.atomic
def load() -> int:
    """Publish the awards that are missing below the Vietnamese list; return how many rounds."""
    index = AwardIndexPage.objects.filter(locale__language_code="vi").order_by("path").first()
    if index is None:
        return 0
    made = 0
    taken: set[int] = set()
    for told in AWARDS:
        if index.get_children().filter(slug=told.slug).exists():
            continue
        award = _award(index, told)
        for held in told.rounds:
            _round(award, told, held, taken)
            made += 1
    # Each Vietnamese page stands in for an English one, as after a page made in the admin.
    for follow in LocaleSynchronization.objects.filter(sync_from=index.locale):
        follow.sync_trees()
    return made


@transaction.atomic
def clear() -> int:
    """Delete the invented awards with their rounds; return how many rounds."""
    count = CallPage.objects.filter(is_demo=True, alias_of__isnull=True).count()
    for model in (CallPage, AwardProgrammePage):
        own = model.objects.filter(is_demo=True)
        for page in [*own.filter(alias_of__isnull=False), *own.filter(alias_of__isnull=True)]:
            page.delete()
    apps.get_model("competitions.Call").objects.filter(is_demo=True).delete()
    return count


def _award(index: AwardIndexPage, told: Told) -> AwardProgrammePage:
    page = AwardProgrammePage(
        title=f"{told.title} {MARK}",
        slug=told.slug,
        intro=told.intro,
        kind=told.kind,
        organiser_name=ORGANISER,
        sector=taxonomy.terms("sector").filter(code=told.sector).first(),
        body=json.dumps([_block("text", told.purpose)]),
        is_demo=True,
        live=False,
        locale=index.locale,
    )
    page.programmes = list(taxonomy.terms("programme").filter(code=told.programme))
    index.add_child(instance=page)
    page.save_revision().publish()
    return page


def _round(award: AwardProgrammePage, told: Told, held: Round, taken: set[int]) -> None:
    year = timezone.localdate().year - held.years_ago
    page = CallPage(
        title=f"{told.call} năm {year} {MARK}",
        slug=f"nam-{year}",
        year=year,
        intro=held.intro,
        opens_at=_moment(held.opens, time(8)),
        closes_at=_moment(held.closes, time(17)),
        results_at=_moment(held.results, time(9)),
        awarded_at=_moment(held.awarded, time(9)),
        awarded_place=PLACE,
        eligibility=told.eligibility,
        categories=json.dumps(
            [_block("category", {"title": title, "text": text}) for title, text in told.categories]
        ),
        prizes=json.dumps(
            [
                _block("prize", {"title": title, "count": count, "value": value})
                for title, count, value in told.prizes
            ]
        ),
        entry_how=told.how,
        entry_url="https://nhan-ho-so.example/",
        entry_email=EMAIL,
        is_demo=True,
        live=False,
        locale=award.locale,
    )
    today = timezone.localdate()
    page.judges = [
        CallJudge(name=f"{name} {MARK}", role=role, agreed_on=today, agreed_how="Biên bản mẫu")
        for name, role in told.judges
    ]
    page.winners = [_winner(*line, taken) for line in held.winners]
    award.add_child(instance=page)
    page.save_revision().publish()


def _winner(prize: str, category: str, sector: str, said: str, taken: set[int]) -> CallWinner:
    if not sector:
        name, _bar, work = said.partition("|")
        return CallWinner(prize=prize, category=category, name=f"{name} {MARK}", work=work)
    offers = directory.public_entries(["offer"]).filter(is_demo=True).exclude(pk__in=taken)
    offer = (
        offers.filter(Q(offer__sectors__code=sector) | Q(offer__sectors__broader__code=sector))
        .order_by("pk")
        .first()
        or offers.order_by("pk").first()
    )
    line = CallWinner(prize=prize, category=category, note=said)
    if offer is None:
        line.name = f"Nhóm tác giả {MARK}"
        return line
    taken.add(offer.pk)
    line.offer, line.entry = offer, offer.owner
    return line


def _moment(days: int, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), at))


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}
